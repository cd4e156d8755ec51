/**
 * How one server fares, put together from what was asked of it (`srvr`, `mntr`, `hash`) and what lies in its folder. Pure.
 * What nobody told is null, and what is old is not told: a paused server answers nothing.
 */
import type { LiveServerDto } from '../../../shared/api/ensembles.ts';
import { PeerStateName, ZabStateName } from '../../../shared/api/server-events.ts';
import type { TreeDigest } from '../cluster/four-letter-words/hash.ts';
import { type Mntr, metric } from '../cluster/four-letter-words/mntr.ts';
import type { Srvr } from '../cluster/four-letter-words/srvr.ts';
import type { Answer } from '../cluster/answer.ts';

/** `undefined`: not asked. */
export interface ServerAnswers {
  readonly srvr: Answer<Srvr> | undefined;
  readonly mntr: Answer<Mntr> | undefined;
  readonly hash: Answer<TreeDigest> | undefined;
}

export const NO_ANSWERS: ServerAnswers = { srvr: undefined, mntr: undefined, hash: undefined };

export interface OutsideFacts {
  readonly rssBytes: number | undefined;
  readonly acceptedEpoch: number | undefined;
  readonly currentEpoch: number | undefined;
}

export function liveServer(sid: number, answers: ServerAnswers, outside: OutsideFacts): LiveServerDto {
  const srvr = valueOf(answers.srvr);
  const isLooking = answers.srvr?.status === 'notServing';
  // What a server said before it lost its leader does not hold any more.
  const mntr = isLooking ? undefined : valueOf(answers.mntr);
  const states = peerStates(mntr, isLooking);
  return {
    sid,
    rssBytes: outside.rssBytes ?? null,
    isAnswering: srvr !== undefined || isLooking,
    mode: isLooking ? 'looking' : (srvr?.role ?? null),
    peerState: states.peerState ?? null,
    zabState: states.zabState ?? null,
    logicalClock: null,
    vote: null,
    acceptedEpoch: outside.acceptedEpoch ?? null,
    currentEpoch: outside.currentEpoch ?? null,
    lastLogged: null,
    lastCommitted: srvr?.zxid ?? null,
    outstanding: srvr?.outstanding ?? null,
    syncedLearners: null,
    syncedLearnerCount: syncedLearnerCount(mntr),
    sessions: metric(mntr, 'global_sessions') ?? null,
    ephemerals: metric(mntr, 'ephemerals_count') ?? null,
    digest: (isLooking ? undefined : valueOf(answers.hash)) ?? null,
  };
}

/** What is left of a server that stopped or was paused since it was asked: what lies on its disk. */
export function withoutAnswers({ sid, acceptedEpoch, currentEpoch }: LiveServerDto): LiveServerDto {
  const nothing = liveServer(sid, NO_ANSWERS, {
    rssBytes: undefined,
    acceptedEpoch: undefined,
    currentEpoch: undefined,
  });
  return { ...nothing, acceptedEpoch, currentEpoch };
}

function valueOf<T>(answer: Answer<T> | undefined): T | undefined {
  return answer?.status === 'ok' ? answer.value : undefined;
}

/** `leading - broadcast` of mntr; a server that answers and does not serve looks for a leader, or joins one. */
function peerStates(
  mntr: Mntr | undefined,
  isLooking: boolean,
): Partial<Pick<LiveServerDto, 'peerState' | 'zabState'>> {
  if (isLooking) return { peerState: 'LOOKING' };
  const [peer = '', zab = ''] = (mntr?.values['zk_peer_state'] ?? '').toUpperCase().split(' - ');
  const peerState = PeerStateName.safeParse(peer);
  const zabState = ZabStateName.safeParse(zab);
  return {
    ...(peerState.success ? { peerState: peerState.data } : {}),
    ...(zabState.success ? { zabState: zabState.data } : {}),
  };
}

function syncedLearnerCount(mntr: Mntr | undefined): number | null {
  const followers = metric(mntr, 'synced_followers');
  return followers === undefined ? null : followers + (metric(mntr, 'synced_observers') ?? 0);
}

/**
 * What the events of a builtin server say about where it stands now: its state, its vote, how far its log is. Pure. It
 * completes what was asked of the server, and is newer: a server that looks for a leader answers no questions.
 */
import type { LiveServerDto } from '../../../shared/api/ensembles.ts';
import type { ServerEventDto } from '../../../shared/api/server-events.ts';

export interface ServerFacts extends Pick<
  LiveServerDto,
  'peerState' | 'zabState' | 'logicalClock' | 'vote' | 'lastLogged'
> {
  /** Whom it has brought in step since it leads; some may be gone by now. */
  readonly synced: readonly number[];
}

export const NO_FACTS: ServerFacts = {
  peerState: null,
  zabState: null,
  logicalClock: null,
  vote: null,
  lastLogged: null,
  synced: [],
};

export function withEvent(facts: ServerFacts, event: ServerEventDto): ServerFacts {
  switch (event.kind) {
    case 'state':
      return {
        ...facts,
        peerState: event.state,
        zabState: event.phase,
        lastLogged: event.lastZxid ?? facts.lastLogged,
        synced: event.state === 'LEADING' ? facts.synced : [],
      };
    case 'vote-sent':
      return { ...facts, logicalClock: event.round, vote: event.vote?.leader ?? facts.vote };
    case 'sync':
      if (event.learner === event.sid) return facts;
      return { ...facts, synced: [...new Set([...facts.synced, event.learner])].sort((x, y) => x - y) };
    case 'proposal':
    case 'commit':
      return { ...facts, lastLogged: laterOf(facts.lastLogged, event.zxid) };
    default:
      return facts;
  }
}

/** What was asked of a server, with what it has told meanwhile. */
export function withFacts(asked: LiveServerDto, facts: ServerFacts): LiveServerDto {
  if (facts.peerState === null) return asked;
  const { synced, ...told } = facts;
  const isServing = facts.zabState === 'BROADCAST';
  const isLeading = facts.peerState === 'LEADING' && isServing;
  return {
    ...asked,
    ...told,
    mode: isServing ? MODES[facts.peerState] : 'looking',
    lastLogged: laterOf(facts.lastLogged, asked.lastCommitted ?? '0x0'),
    // Who has left is known by the number only.
    syncedLearners: isLeading && synced.length === asked.syncedLearnerCount ? [...synced] : null,
    syncedLearnerCount: isLeading ? asked.syncedLearnerCount : null,
  };
}

const MODES = {
  LOOKING: 'looking',
  FOLLOWING: 'follower',
  LEADING: 'leader',
  OBSERVING: 'observer',
} as const;

function laterOf(zxid: string | null, other: string): string {
  return zxid !== null && BigInt(zxid) > BigInt(other) ? zxid : other;
}

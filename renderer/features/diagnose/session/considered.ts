/**
 * The causes that were considered for the end of a session, and what speaks against each but the one that was found. Where
 * nothing speaks against a cause it stays open: that it was not seen is said, not that it was not so. Pure.
 */
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import type { Autopsy, ServerLane } from './autopsy-model.ts';
import type { SessionFinding } from '../finding-words.ts';

export type ConsideredCause = Exclude<SessionFinding['cause'], 'unknown'> | 'leader-stalled';

export type Reason =
  | { readonly kind: 'notClosed' | 'closed' | 'ownClose' | 'stayedOpen' | 'neverBack' | 'hadNotLost' }
  | { readonly kind: 'endedBefore'; readonly atMs: number }
  | {
      readonly kind: 'serverAnswered';
      readonly server: ServerLane;
      readonly count: number;
      readonly slowestMs: number;
    }
  | { readonly kind: 'leaderAnswered'; readonly count: number; readonly slowestMs: number }
  | { readonly kind: 'onlyDelays'; readonly tookMs: number };

export type Verdict =
  | { readonly kind: 'found'; readonly connectionEndMs: number | null; readonly lateMs: number | null }
  | { readonly kind: 'out'; readonly reason: Reason }
  | { readonly kind: 'open'; readonly reason: 'notSeen' | 'stalled' }
  | { readonly kind: 'open'; readonly reason: 'wasLost'; readonly server: ServerLane };

export interface Considered {
  readonly cause: ConsideredCause;
  readonly verdict: Verdict;
}

const CAUSES: readonly ConsideredCause[] = [
  'client-silent',
  'client-gone',
  'moved-too-late',
  'server-lost',
  'leader-stalled',
  'client-closed',
  'ended-by-admin',
];

/** What was found first, then what was ruled out, and last what stays open. */
export function considerCauses(
  { cause: found }: Pick<SessionFinding, 'cause'>,
  picture: SessionPicture,
  autopsy: Autopsy,
): Considered[] {
  const rank = { found: 0, out: 1, open: 2 } as const;
  return CAUSES.map((cause): Considered => {
    if (cause !== found) return { cause, verdict: verdictOn(cause, picture, autopsy) };
    const { connectionEndMs, backMs, endMs } = autopsy;
    const lateMs = backMs === null ? null : Math.max(0, backMs - endMs);
    return { cause, verdict: { kind: 'found', connectionEndMs, lateMs } };
  }).sort((a, b) => rank[a.verdict.kind] - rank[b.verdict.kind]);
}

const NOT_SEEN: Verdict = { kind: 'open', reason: 'notSeen' };

function verdictOn(cause: ConsideredCause, picture: SessionPicture, autopsy: Autopsy): Verdict {
  const { byClient, connectionEndMs, backMs } = autopsy;
  const out = (reason: Reason): Verdict => ({ kind: 'out', reason });
  const isSeen = picture.connections.length > 0;
  switch (cause) {
    case 'client-closed':
      // Closed in its name, then.
      return byClient ? NOT_SEEN : out({ kind: 'notClosed' });
    case 'ended-by-admin':
      return out({ kind: byClient ? 'ownClose' : 'notClosed' });
    case 'client-gone':
      if (byClient) return out({ kind: 'closed' });
      return isSeen && connectionEndMs === null ? out({ kind: 'stayedOpen' }) : NOT_SEEN;
    case 'client-silent':
      if (byClient) return out({ kind: 'closed' });
      return connectionEndMs === null ? NOT_SEEN : out({ kind: 'endedBefore', atMs: connectionEndMs });
    case 'moved-too-late':
      if (byClient) return out({ kind: 'closed' });
      if (backMs === null) return out({ kind: 'neverBack' });
      return isSeen && connectionEndMs === null ? out({ kind: 'hadNotLost' }) : NOT_SEEN;
    case 'server-lost':
      return byClient ? out({ kind: 'closed' }) : ofServer(autopsy.own, autopsy);
    case 'leader-stalled':
      return byClient ? out({ kind: 'closed' }) : ofLeader(autopsy);
  }
}

/** While the client was not heard of, or, where that is not known, in all the time that is shown. */
function answersIn(lane: ServerLane, { silence, axis }: Autopsy): { count: number; slowestMs: number } {
  const { fromMs, toMs } = silence ?? axis;
  const answers = lane.answers.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return { count: answers.length, slowestMs: Math.max(0, ...answers.map(({ tookMs }) => tookMs)) };
}

function ofServer(own: ServerLane | null, autopsy: Autopsy): Verdict {
  if (own === null) return NOT_SEEN;
  if (own.losses.length > 0) return { kind: 'open', reason: 'wasLost', server: own };
  if (autopsy.ownStalls.length > 0) return { kind: 'open', reason: 'stalled' };
  const { count, slowestMs } = answersIn(own, autopsy);
  return count === 0
    ? NOT_SEEN
    : { kind: 'out', reason: { kind: 'serverAnswered', server: own, count, slowestMs } };
}

/** An expiry is the leader's doing: while it stands still nothing expires. */
function ofLeader(autopsy: Autopsy): Verdict {
  const leader = autopsy.leader ?? (autopsy.ownLeads ? autopsy.own : null);
  if (leader === null) return NOT_SEEN;
  const tookMs = Math.max(0, ...leader.blocks.map(({ fromMs, toMs }) => toMs - fromMs));
  if (tookMs > 0) return { kind: 'out', reason: { kind: 'onlyDelays', tookMs } };
  const { count, slowestMs } = answersIn(leader, autopsy);
  return count === 0 ? NOT_SEEN : { kind: 'out', reason: { kind: 'leaderAnswered', count, slowestMs } };
}

/** The arithmetic of votes (ZooKeeper's Vote and totalOrderPredicate; PROTOCOL.md 4.4, 4.5). */
import type { Sid } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { PeerState } from '../quorum-protocol/notification.ts';

/** Whom somebody wants to lead, and why. */
export interface Candidate {
  readonly leader: Sid;
  /** The last zxid in that server's log. */
  readonly zxid: Zxid;
  /** That server's currentEpoch. */
  readonly peerEpoch: number;
}

/** A candidate as one server backs it, in one round of election. */
export interface Vote extends Candidate {
  readonly logicalClock: number;
  /** Of the server that backs it. */
  readonly peerState: PeerState;
  /** Of the notification that brought it. */
  readonly version: number;
}

/** Negative, 0 or positive, by (peerEpoch, zxid, sid). */
function compareCandidates({ candidate, current }: { candidate: Candidate; current: Candidate }): number {
  if (candidate.peerEpoch !== current.peerEpoch) return candidate.peerEpoch - current.peerEpoch;
  if (candidate.zxid !== current.zxid) return candidate.zxid < current.zxid ? -1 : 1;
  return candidate.leader - current.leader;
}

/** Whether `candidate` is the better leader. Who weighs nothing never is. */
export function beats({
  candidate,
  current,
  weightOf,
}: {
  candidate: Candidate;
  current: Candidate;
  weightOf: (sid: Sid) => number;
}): boolean {
  return weightOf(candidate.leader) !== 0 && compareCandidates({ candidate, current }) > 0;
}

/**
 * Whether two votes count together. Among servers that look, everything must be the same; once they follow somebody, the
 * same leader in the same epoch is enough, as each took up its role at its own zxid and round.
 */
export function isSameVote(a: Vote, b: Vote): boolean {
  if (a.peerState === 'LOOKING' || b.peerState === 'LOOKING') {
    return (
      a.leader === b.leader &&
      a.zxid === b.zxid &&
      a.logicalClock === b.logicalClock &&
      a.peerEpoch === b.peerEpoch
    );
  }
  // Compat: peers from before 3.4.6 tell no epoch that could be compared with the others'.
  if ((a.version === 0) !== (b.version === 0)) return a.leader === b.leader;
  return a.leader === b.leader && a.peerEpoch === b.peerEpoch;
}

/**
 * What a server tells of itself: the events of shared/api/server-events.ts, with bigints in place of hex, and without what
 * whoever keeps them adds (number, server, time). Nothing here decides anything; a server works the same when nobody
 * listens. Busy kinds are asked for first, so that one that is not told costs no more than a counter.
 */
import type { SessionId, Sid } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Notification, PeerState } from '../quorum-protocol/notification.ts';
import { LONG_MIN } from '../quorum-protocol/small-long.ts';
import type { ZabState } from './zab-state.ts';

export interface ToldVote {
  readonly leader: Sid;
  readonly peerEpoch: number;
  readonly zxid: Zxid;
}

/** What became of a notification; the contract says what each means. */
export type VoteVerdict =
  | 'accepted'
  | 'counted'
  | 'worse'
  | 'stale'
  | 'newer-round'
  | 'established'
  | 'no-voter'
  | 'untrusted'
  | 'not-looking';

export type SyncMode = 'DIFF' | 'TRUNC' | 'TRUNC+DIFF' | 'SNAP';

export type ChronicleEvent =
  | {
      readonly kind: 'state';
      readonly state: PeerState;
      readonly phase: ZabState;
      readonly leader: Sid | null;
      readonly epoch: number;
      readonly lastZxid: Zxid;
      readonly reason: string | null;
    }
  | { readonly kind: 'started'; readonly version: string }
  | { readonly kind: 'vote-sent'; readonly to: Sid; readonly vote: ToldVote | null; readonly round: number }
  | {
      readonly kind: 'vote-received';
      readonly from: Sid;
      readonly fromState: PeerState;
      readonly vote: ToldVote | null;
      readonly round: number;
      readonly verdict: VoteVerdict;
    }
  | { readonly kind: 'epoch-proposed'; readonly epoch: number; readonly by: Sid }
  | { readonly kind: 'epoch-accepted'; readonly epoch: number; readonly by: Sid; readonly server: Sid }
  | {
      readonly kind: 'sync';
      readonly learner: Sid;
      readonly mode: SyncMode;
      readonly fromZxid: Zxid;
      readonly toZxid: Zxid;
    }
  | {
      readonly kind: 'proposal';
      readonly zxid: Zxid;
      readonly sessionId: SessionId;
      readonly operation: string;
      readonly count: number;
    }
  | { readonly kind: 'ack'; readonly zxid: Zxid; readonly from: Sid; readonly count: number }
  | { readonly kind: 'commit'; readonly zxid: Zxid; readonly count: number }
  | {
      readonly kind: 'session-created';
      readonly sessionId: SessionId;
      readonly timeoutMs: number;
      readonly address: string | null;
    }
  | { readonly kind: 'session-touched'; readonly count: number }
  | {
      readonly kind: 'session-attached' | 'session-detached';
      readonly sessionId: SessionId;
      readonly address: string;
      readonly reason: string | null;
    }
  | { readonly kind: 'session-refused'; readonly sessionId: SessionId; readonly address: string }
  | {
      readonly kind: 'session-expired';
      readonly sessionId: SessionId;
      readonly timeoutMs: number;
      readonly lastHeardMs: number;
      readonly bucketMs: number;
    }
  | {
      readonly kind: 'session-closed';
      readonly sessionId: SessionId;
      readonly zxid: Zxid;
      readonly ephemerals: readonly string[];
      readonly ephemeralCount: number;
      readonly byClient: boolean;
    }
  | { readonly kind: 'fsync'; readonly durationMs: number; readonly maxMs: number; readonly count: number }
  | { readonly kind: 'snapshot'; readonly zxid: Zxid; readonly durationMs: number; readonly bytes: number }
  | { readonly kind: 'stall'; readonly durationMs: number }
  | { readonly kind: 'clock-jump'; readonly byMs: number }
  | { readonly kind: 'complaint'; readonly about: 'disk-full' | 'disk-error'; readonly text: string }
  | { readonly kind: 'ended'; readonly reason: string };

/** What there may be too much of to tell all. Acks and commits are told as their proposals are (txn-trail.ts). */
export type BusyKind = 'proposal' | 'session-touched' | 'fsync';

export interface Chronicle {
  tell(event: ChronicleEvent): void;
  /**
   * One more of `kind` happened. How many the event stands for that is to be told now, 0 when it is not to be told; with
   * `isNotable` it always is.
   */
  count(kind: BusyKind, isNotable?: boolean): number;
}

/** Nobody listens. */
export const NO_CHRONICLE: Chronicle = { tell: () => undefined, count: () => 0 };

/** Whom a notification backs; null for the nobody of an observer. */
export function toldVote({ leader, peerEpoch, zxid }: Pick<Notification, keyof ToldVote>): ToldVote | null {
  return leader === LONG_MIN ? null : { leader, peerEpoch, zxid };
}

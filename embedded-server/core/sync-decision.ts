/**
 * How a learner catches up with its leader (LearnerHandler.syncFollower; PROTOCOL.md 5.5), as one pure function. P is the
 * learner's last zxid:
 *
 * | first that holds                                | decision                                        |
 * |-------------------------------------------------|-------------------------------------------------|
 * | the leader is at P as well                      | DIFF, nothing to send                           |
 * | P is above all that is committed                | TRUNC to the last committed                     |
 * | P is within the committed transactions at hand  | DIFF behind P; TRUNC + DIFF if P itself is none |
 * | else, or P is of an epoch that is not at hand   | SNAP                                            |
 *
 * Differs: Apache may also read transactions from the leader's log on disk where that is shorter than a snapshot.
 */
import { type Zxid, zxidCounter, zxidEpoch } from '../../shared/zxid.ts';
import type { SyncMode } from './chronicle.ts';

export type SyncDecision<T> =
  /** The learner keeps what it has; `zxid` is informational. */
  | { readonly kind: 'DIFF'; readonly zxid: Zxid; readonly txns: readonly T[] }
  /** The learner forgets what it has behind `zxid`. */
  | { readonly kind: 'TRUNC'; readonly zxid: Zxid; readonly txns: readonly T[] }
  | { readonly kind: 'SNAP' };

/** `committed` are the newest committed transactions in their order, without a gap up to `lastProcessedZxid`. */
export function decideSync<T>({
  learnerZxid,
  lastProcessedZxid,
  committed,
  zxidOf,
}: {
  learnerZxid: Zxid;
  lastProcessedZxid: Zxid;
  committed: readonly T[];
  zxidOf: (txn: T) => Zxid;
}): SyncDecision<T> {
  const first = committed[0];
  const last = committed.at(-1);
  const minZxid = first === undefined ? lastProcessedZxid : zxidOf(first);
  const maxZxid = last === undefined ? lastProcessedZxid : zxidOf(last);
  // The learner was synchronised with a new epoch and has seen no transaction of it: there is nothing to forget.
  const isAtEpochStart = zxidCounter(learnerZxid) === 0;
  if (lastProcessedZxid === learnerZxid) return { kind: 'DIFF', zxid: learnerZxid, txns: [] };
  if (learnerZxid > maxZxid && !isAtEpochStart) return { kind: 'TRUNC', zxid: maxZxid, txns: [] };
  if (learnerZxid < minZxid || learnerZxid > maxZxid) return { kind: 'SNAP' };
  const next = committed.findIndex((txn) => zxidOf(txn) > learnerZxid);
  const txns = next === -1 ? [] : committed.slice(next);
  const before = committed[(next === -1 ? committed.length : next) - 1];
  if (isAtEpochStart || (before !== undefined && zxidOf(before) === learnerZxid)) {
    return { kind: 'DIFF', zxid: maxZxid, txns };
  }
  const nextTxn = txns[0];
  // The learner's last transaction never committed. Where to cut can be told only within one epoch.
  if (
    before === undefined ||
    nextTxn === undefined ||
    zxidEpoch(zxidOf(nextTxn)) !== zxidEpoch(learnerZxid)
  ) {
    return { kind: 'SNAP' };
  }
  return { kind: 'TRUNC', zxid: zxidOf(before), txns };
}

/** What the decision comes to. */
export function syncModeOf<T>(decision: SyncDecision<T>): SyncMode {
  return decision.kind === 'TRUNC' && decision.txns.length > 0 ? 'TRUNC+DIFF' : decision.kind;
}

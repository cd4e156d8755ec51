/**
 * Tells the way of transactions to their commit: of those that the chronicle picks when they are proposed, every ack and the
 * commit. Of all others it only counts, since under load there are thousands a second.
 */
import type { Sid } from '../../shared/ids.ts';
import type { LogEntry } from '../../shared/storage-format/txn.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Chronicle } from './chronicle.ts';

/** Picked while the disk or a quorum is stuck; more than that at a time tell nothing new. */
const PICKED_MAX = 64;

export class TxnTrail {
  readonly #chronicle: Chronicle;
  /** Not committed yet, in their order, each with whose acks were told. */
  readonly #picked = new Map<Zxid, Set<Sid>>();
  /** Since the last one that was told. */
  #ackCount = 0;
  #commitCount = 0;

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle;
  }

  onProposed({ header, txn }: LogEntry): void {
    const count = this.#chronicle.count('proposal');
    if (count === 0) return;
    const { zxid, clientId: sessionId } = header;
    this.#chronicle.tell({ kind: 'proposal', zxid, sessionId, operation: txn.op, count });
    if (this.#picked.size < PICKED_MAX) this.#picked.set(zxid, new Set());
  }

  /** `from` has everything up to `zxid` in its log. */
  onAcked(zxid: Zxid, from: Sid): void {
    this.#ackCount++;
    if (this.#picked.size === 0) return;
    for (const [picked, told] of this.#picked) {
      if (picked > zxid) return;
      if (told.has(from)) continue;
      told.add(from);
      this.#chronicle.tell({ kind: 'ack', zxid: picked, from, count: this.#ackCount });
      this.#ackCount = 0;
    }
  }

  onCommitted(zxid: Zxid): void {
    this.#commitCount++;
    if (this.#picked.size === 0 || !this.#picked.delete(zxid)) return;
    this.#chronicle.tell({ kind: 'commit', zxid, count: this.#commitCount });
    this.#commitCount = 0;
  }
}

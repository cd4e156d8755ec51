/**
 * The newest committed transactions, kept at hand for learners that are a little behind (ZKDatabase's committedLog;
 * PROTOCOL.md 5.5).
 */
import type { LogEntry } from '../../shared/storage-format/txn.ts';

/** A transaction with the bytes that the log and proposals carry. */
export interface LoggedTxn {
  readonly entry: LogEntry;
  readonly bytes: Uint8Array;
}

/** Apache's default and minimum of `zookeeper.commitLogCount`. */
export const COMMITTED_MAX = 500;

export class CommittedLog {
  readonly #countMax: number;
  #txns: LoggedTxn[] = [];

  /** `txns` are the newest of the log, in their order. */
  constructor(txns: readonly LoggedTxn[], countMax: number) {
    this.#countMax = countMax;
    this.#txns = txns.slice(-countMax);
  }

  /** The oldest first, at most `countMax`. */
  get txns(): readonly LoggedTxn[] {
    return this.#txns.length > this.#countMax ? this.#txns.slice(-this.#countMax) : this.#txns;
  }

  /** Demands a zxid above all others. */
  add(txn: LoggedTxn): void {
    this.#txns.push(txn);
    // Cut in bulk: one shift a transaction would move the whole array each time.
    if (this.#txns.length >= this.#countMax * 2) this.#txns = this.#txns.slice(-this.#countMax);
  }
}

/**
 * When a snapshot is due (ZooKeeper's SyncRequestProcessor.shouldSnapshot; PROTOCOL.md 6.4): somewhere between half and all
 * of a number of transactions or bytes, so that the servers of an ensemble do not all write theirs at once.
 */
export interface SnapshotLimits {
  readonly txnsMax: number;
  /** 0 for no limit. */
  readonly bytesMax: number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

export class SnapshotTrigger {
  readonly #limits: SnapshotLimits;
  #txns: number;
  #bytes = 0;
  #txnsDue = 0;
  #bytesDue = 0;

  /** `replayedTxns` are in the log already, behind the newest snapshot. */
  constructor(limits: SnapshotLimits, replayedTxns: number) {
    this.#limits = limits;
    this.#txns = replayedTxns;
    this.#draw();
  }

  /** Counts a transaction that goes into the log; whether a snapshot is due by now. */
  onAppended(bytes: number): boolean {
    this.#txns++;
    this.#bytes += bytes;
    return this.#txns > this.#txnsDue || (this.#limits.bytesMax > 0 && this.#bytes > this.#bytesDue);
  }

  /** A snapshot was begun. */
  reset(): void {
    this.#txns = 0;
    this.#bytes = 0;
    this.#draw();
  }

  #draw(): void {
    const { txnsMax, bytesMax, random } = this.#limits;
    this.#txnsDue = Math.floor(txnsMax / 2 + (random() * txnsMax) / 2);
    this.#bytesDue = bytesMax / 2 + (random() * bytesMax) / 2;
  }
}

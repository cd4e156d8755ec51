/**
 * A snapshot of a database that goes on meanwhile. What it holds behind its zxid is put right by replaying the log
 * (core/snapshot-writer.ts), but only if that is never taken back: a server of an ensemble also applies what no quorum has
 * agreed on yet, when it catches up and when it votes with all that it has, and a leader may make it forget that. A snapshot
 * that this happens to is no good, and is begun anew.
 */
import { SnapshotWriter } from '../core/snapshot-writer.ts';
import type { Database } from '../core/database.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { SnapshotSource } from './snapshot-files.ts';

/** What snapshots are taken of. */
export interface SnapshotSubject {
  readonly database: () => Database;
  /** Grows with everything that is applied without a quorum's word. */
  readonly unsettledCount: () => number;
}

/** Something was applied meanwhile that may be taken back. */
export class SnapshotOvertaken extends Error {}

export class LiveSnapshot implements SnapshotSource {
  readonly #writer: SnapshotWriter;
  readonly #subject: SnapshotSubject;
  readonly #unsettledCount: number;

  constructor(subject: SnapshotSubject, sliceNodesMax?: number) {
    this.#subject = subject;
    this.#unsettledCount = subject.unsettledCount();
    this.#writer = new SnapshotWriter(subject.database(), sliceNodesMax);
  }

  get zxid(): Zxid {
    return this.#writer.zxid;
  }

  /** Throws {@link SnapshotOvertaken}. */
  nextSlice(): Uint8Array | undefined {
    if (this.#subject.unsettledCount() !== this.#unsettledCount) throw new SnapshotOvertaken();
    return this.#writer.nextSlice();
  }
}

/**
 * A server's disk: log, snapshots and epochs. Operations are done in their order, those that wait together with one fsync.
 * A crash keeps any prefix of what was not confirmed yet, as the page cache may, and may tear what comes next. Snapshots
 * are taken now and then, while the server goes on, and old ones removed, as storage/durable-storage.ts does it.
 */
import type { ServerConfig } from '../../embedded-server/core/config.ts';
import { CommittedLog, type LoggedTxn } from '../../embedded-server/core/committed-log.ts';
import { freshDatabase } from '../../embedded-server/core/fresh-database.ts';
import type { RestoredData, StorageOperation } from '../../embedded-server/core/quorum-effects.ts';
import { SnapshotLoader } from '../../embedded-server/core/snapshot-loader.ts';
import { decodeDatabase, encodeDatabase } from '../../embedded-server/core/snapshot-transfer.ts';
import {
  LiveSnapshot,
  SnapshotOvertaken,
  type SnapshotSubject,
} from '../../embedded-server/storage/live-snapshot.ts';
import { isNextInLog } from '../../embedded-server/storage/recovery.ts';
import { assertNever } from '../../shared/assert.ts';
import { SnapshotDecoder } from '../../shared/storage-format/snapshot-file.ts';
import { type Zxid, ZXID_NONE, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import type { Prng } from '../fuzz/prng.ts';
import type { VirtualClock } from './clock.ts';
import type { Coverage } from './coverage.ts';
import { LogImage } from './log-image.ts';
import { demand } from './violation.ts';

interface Stored {
  readonly storageId: number;
  readonly operation: StorageOperation;
}

interface Snapshot {
  readonly zxid: Zxid;
  readonly body: Uint8Array;
}

/** A snapshot under way. */
interface Taking {
  readonly live: LiveSnapshot;
  readonly slices: Uint8Array[];
}

/** Tells what is durable; `reload` reads back what a truncation left. */
type OnStored = (storageId: number, reload: (() => RestoredData) | undefined) => void;

export interface DiskSettings {
  readonly config: ServerConfig;
  /** See QuorumLimits. */
  readonly committedMax: number;
  /** Transactions from one snapshot to the next. */
  readonly snapshotEvery: number;
  readonly snapshotsKept: number;
  /** Of a disk that is not slow. */
  readonly syncMsMax: number;
}

const SLICE_MS_MAX = 60;
const SLICE_NODES_MAX = 4;

export class SimulatedDisk {
  readonly #clock: VirtualClock;
  readonly #prng: Prng;
  readonly #coverage: Coverage;
  readonly #settings: DiskSettings;
  readonly #log = new LogImage();
  /** The oldest first. */
  #snapshots: Snapshot[];
  #acceptedEpoch = 0;
  #currentEpoch = 0;
  #configs: { committed?: string; lastSeen?: string } = {};
  /** Added to every fsync. */
  slowMs = 0;
  #queue: Stored[] = [];
  /** Of the process that uses the disk; operations of a former one are void. */
  #generation = 0;
  #isBusy = false;
  #appendedSinceSnapshot = 0;
  #taking: Taking | undefined;
  /** What snapshots are taken of; undefined while the process is down. */
  subject: SnapshotSubject | undefined;

  constructor(
    { clock, prng, coverage }: { clock: VirtualClock; prng: Prng; coverage: Coverage },
    settings: DiskSettings,
  ) {
    this.#clock = clock;
    this.#prng = prng;
    this.#coverage = coverage;
    this.#settings = settings;
    this.#snapshots = [{ zxid: ZXID_NONE, body: encodeDatabase(freshDatabase(settings.config)) }];
  }

  store(stored: Stored, onStored: OnStored): void {
    this.#queue.push(stored);
    if (stored.operation.op === 'append') this.#onAppended();
    if (!this.#isBusy) this.#sync(onStored);
  }

  #sync(onStored: OnStored): void {
    const generation = this.#generation;
    this.#isBusy = true;
    this.#clock.after(1 + this.#prng.below(this.#settings.syncMsMax) + this.slowMs, () => {
      if (generation !== this.#generation) return;
      const batch = this.#takeBatch();
      const { storageId, operation } = batch.at(-1)!;
      if (batch.some(({ operation: { op } }) => op === 'truncate' || op === 'snapshot'))
        this.#finishSnapshot();
      const isTruncated = operation.op === 'truncate' && this.#leadsUpTo(operation.zxid);
      for (const { operation: next } of batch) this.#apply(next);
      this.#isBusy = this.#queue.length > 0;
      if (this.#isBusy) this.#sync(onStored);
      onStored(storageId, isTruncated ? () => this.#read() : undefined);
    });
  }

  /** Up to the next `truncate`, whose result has to be told by itself. */
  #takeBatch(): Stored[] {
    const truncateAt = this.#queue.findIndex(({ operation }) => operation.op === 'truncate');
    return this.#queue.splice(0, truncateAt === -1 ? this.#queue.length : Math.max(1, truncateAt));
  }

  #apply(operation: StorageOperation): void {
    switch (operation.op) {
      case 'append':
        this.#log.append(operation.entry);
        break;
      case 'truncate':
        if (!this.#leadsUpTo(operation.zxid)) break;
        this.#cutLog(operation.zxid);
        this.#forgetSnapshots(operation.zxid);
        break;
      case 'snapshot':
        this.#addSnapshot({ zxid: operation.zxid, body: operation.body.slice() });
        this.#cutLog(operation.zxid);
        this.#forgetSnapshots(operation.zxid);
        break;
      case 'acceptedEpoch':
        this.#acceptedEpoch = operation.epoch;
        break;
      case 'currentEpoch':
        this.#currentEpoch = operation.epoch;
        break;
      case 'committedConfig':
        this.#configs = { ...this.#configs, committed: operation.text };
        break;
      case 'lastSeenConfig':
        this.#configs = { ...this.#configs, lastSeen: operation.text };
        break;
      default:
        assertNever(operation);
    }
  }

  #cutLog(last: Zxid): void {
    this.#log.keep((zxid) => zxid <= last);
  }

  #addSnapshot(snapshot: Snapshot): void {
    this.#snapshots = [...this.#snapshots.filter(({ zxid }) => zxid !== snapshot.zxid), snapshot];
    this.#snapshots.sort((a, b) => (a.zxid < b.zxid ? -1 : 1));
  }

  #forgetSnapshots(last: Zxid): void {
    this.#snapshots = this.#snapshots.filter(({ zxid }) => zxid <= last);
  }

  // Snapshots of its own.

  #onAppended(): void {
    this.#appendedSinceSnapshot++;
    if (this.#appendedSinceSnapshot < this.#settings.snapshotEvery || this.#taking) return;
    if (!this.subject) return;
    this.#appendedSinceSnapshot = 0;
    this.#takeSlicesSoon(this.#beginSnapshot(this.subject));
  }

  #beginSnapshot(subject: SnapshotSubject): Taking {
    this.#taking = { live: new LiveSnapshot(subject, SLICE_NODES_MAX), slices: [] };
    return this.#taking;
  }

  #takeSlicesSoon(taking: Taking): void {
    this.#clock.after(this.#prng.below(SLICE_MS_MAX), () => {
      if (this.#taking !== taking) return;
      const next = this.#takeSlice(taking);
      if (next) this.#takeSlicesSoon(next);
    });
  }

  /** Returns what to go on with, undefined when the snapshot is done. */
  #takeSlice(taking: Taking): Taking | undefined {
    try {
      const slice = taking.live.nextSlice();
      if (slice) {
        taking.slices.push(slice);
        return taking;
      }
    } catch (error) {
      if (!(error instanceof SnapshotOvertaken)) throw error;
      this.#coverage.count('snapshot begun anew');
      return this.subject && this.#beginSnapshot(this.subject);
    }
    this.#taking = undefined;
    this.#coverage.count('snapshot taken');
    this.#addSnapshot({ zxid: taking.live.zxid, body: this.#bodyOf(taking) });
    this.#purge();
    return undefined;
  }

  #bodyOf({ live, slices }: Taking): Uint8Array {
    const database = freshDatabase(this.#settings.config);
    const loader = new SnapshotLoader(database);
    const decoder = new SnapshotDecoder(loader);
    for (const slice of slices) decoder.push(slice);
    decoder.end();
    loader.finish(live.zxid);
    return encodeDatabase(database);
  }

  /** Whoever takes away what is on disk waits for a snapshot under way. */
  #finishSnapshot(): void {
    for (let taking = this.#taking; taking; taking = this.#takeSlice(taking));
  }

  #purge(): void {
    this.#snapshots = this.#snapshots.slice(-this.#settings.snapshotsKept);
    const oldest = this.#snapshots[0]!.zxid;
    this.#log.keep((zxid) => zxid > oldest);
  }

  // The end of a process, and the beginning of the next.

  /** The process is gone. */
  crash(): void {
    this.#generation++;
    const kept = this.#prng.chance(0.5) ? 0 : this.#prng.below(this.#queue.length + 1);
    for (const { operation } of this.#queue.slice(0, kept)) this.#apply(operation);
    const torn = this.#queue[kept];
    if (torn) {
      this.#coverage.count('unsynced writes lost');
      this.#tear(torn.operation);
    }
    this.#queue = [];
    this.#isBusy = false;
    this.#taking = undefined;
    this.subject = undefined;
  }

  /** Does a part of `operation`, in the order in which the real disk does its parts. */
  #tear(operation: StorageOperation): void {
    switch (operation.op) {
      case 'append':
        if (this.#prng.chance(0.3)) return;
        this.#coverage.count('torn tail');
        this.#log.appendTorn(operation.entry, this.#prng.below(1000) / 1000);
        break;
      case 'truncate':
        if (!this.#leadsUpTo(operation.zxid)) return;
        this.#coverage.count('truncation interrupted');
        this.#cutLog(operation.zxid);
        break;
      case 'snapshot':
        this.#coverage.count('installation of a snapshot interrupted');
        this.#addSnapshot({ zxid: operation.zxid, body: operation.body.slice() });
        if (this.#prng.chance(0.5)) this.#cutLog(operation.zxid);
        break;
      case 'acceptedEpoch':
      case 'currentEpoch':
      case 'committedConfig':
      case 'lastSeenConfig':
        break;
      default:
        assertNever(operation);
    }
  }

  /** The configurations that the server has stored, as text. */
  get configs(): { readonly committed?: string; readonly lastSeen?: string } {
    return this.#configs;
  }

  /** As storage/quorum-storage.ts: a crash between the history and the epoch that it belongs to leaves the epoch behind. */
  restore(): { readonly data: RestoredData; readonly acceptedEpoch: number; readonly currentEpoch: number } {
    const data = this.#read();
    const lastEpoch = zxidEpoch(data.database.lastProcessedZxid);
    return {
      data,
      acceptedEpoch: Math.max(this.#acceptedEpoch, this.#currentEpoch, lastEpoch),
      currentEpoch: Math.max(this.#currentEpoch, lastEpoch),
    };
  }

  #read(): RestoredData {
    const { config, committedMax } = this.#settings;
    const database = freshDatabase(config);
    const { zxid, body } = this.#snapshots.at(-1)!;
    decodeDatabase(body, zxid, database);
    const txns = this.#behind(database.lastProcessedZxid, this.#log.recover());
    for (const { entry } of txns) database.apply(entry);
    return { database, history: new CommittedLog(txns, committedMax) };
  }

  #behind(from: Zxid, all: readonly LoggedTxn[]): LoggedTxn[] {
    let last = from;
    return all.filter(({ entry: { header } }) => {
      if (header.zxid <= from) return false;
      demand(
        isNextInLog(header.zxid, last),
        'Durability',
        () => `${zxidToHex(last)} is followed by ${zxidToHex(header.zxid)} in a log`,
      );
      last = header.zxid;
      return true;
    });
  }

  /** As storage/truncate-log.ts. */
  #leadsUpTo(zxid: Zxid): boolean {
    const base = this.#snapshots.findLast((snapshot) => snapshot.zxid <= zxid);
    if (!base) return false;
    let last = base.zxid;
    for (const { entry } of this.#log.recover()) {
      const next = entry.header.zxid;
      if (next <= last) continue;
      if (next > zxid || !isNextInLog(next, last)) {
        return last === zxid || (zxidCounter(zxid) === 0 && next === zxid + 1n);
      }
      last = next;
    }
    return last === zxid;
  }
}

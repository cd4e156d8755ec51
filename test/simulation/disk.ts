/**
 * A server's disk: log, snapshots and epochs. Operations are done in their order, those that wait together with one fsync.
 * A crash keeps any prefix of what was not confirmed yet, as the page cache may.
 */
import type { ServerConfig } from '../../embedded-server/core/config.ts';
import { CommittedLog, type LoggedTxn } from '../../embedded-server/core/committed-log.ts';
import { freshDatabase } from '../../embedded-server/core/fresh-database.ts';
import type { RestoredData, StorageOperation } from '../../embedded-server/core/quorum-effects.ts';
import { decodeDatabase } from '../../embedded-server/core/snapshot-transfer.ts';
import { assertNever } from '../../shared/assert.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { decodeLogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE } from '../../shared/zxid.ts';
import type { Prng } from '../fuzz/prng.ts';
import type { VirtualClock } from './clock.ts';

interface Stored {
  readonly storageId: number;
  readonly operation: StorageOperation;
}

interface StoredEntry {
  readonly zxid: Zxid;
  readonly bytes: Uint8Array;
}

const SYNC_MS_MAX = 6;

export class SimulatedDisk {
  readonly #clock: VirtualClock;
  readonly #prng: Prng;
  readonly #config: ServerConfig;
  readonly #committedMax: number;
  log: StoredEntry[] = [];
  #snapshots: { readonly zxid: Zxid; readonly body: Uint8Array }[] = [];
  acceptedEpoch = 0;
  currentEpoch = 0;
  committedConfig: string | undefined;
  lastSeenConfig: string | undefined;
  /** Added to every fsync. */
  slowMs = 0;
  #queue: Stored[] = [];
  /** Of the process that uses the disk; operations of a former one are void. */
  #generation = 0;
  #isBusy = false;

  constructor(
    { clock, prng }: { clock: VirtualClock; prng: Prng },
    { config, committedMax }: { config: ServerConfig; committedMax: number },
  ) {
    this.#clock = clock;
    this.#prng = prng;
    this.#config = config;
    this.#committedMax = committedMax;
  }

  store(
    stored: Stored,
    onStored: (storageId: number, reload: (() => RestoredData) | undefined) => void,
  ): void {
    this.#queue.push(stored);
    if (!this.#isBusy) this.#sync(onStored);
  }

  #sync(onStored: (storageId: number, reload: (() => RestoredData) | undefined) => void): void {
    const generation = this.#generation;
    this.#isBusy = true;
    this.#clock.after(1 + this.#prng.below(SYNC_MS_MAX) + this.slowMs, () => {
      if (generation !== this.#generation) return;
      const batch = this.#takeBatch();
      for (const { operation } of batch) this.#apply(operation);
      this.#isBusy = this.#queue.length > 0;
      if (this.#isBusy) this.#sync(onStored);
      const last = batch.at(-1)!;
      onStored(last.storageId, last.operation.op === 'truncate' ? () => this.restore() : undefined);
    });
  }

  /** Up to the next `truncate`, whose result has to be told by itself. */
  #takeBatch(): Stored[] {
    const truncateAt = this.#queue.findIndex(({ operation }) => operation.op === 'truncate');
    return this.#queue.splice(0, truncateAt === -1 ? this.#queue.length : truncateAt + 1);
  }

  #apply(operation: StorageOperation): void {
    switch (operation.op) {
      case 'append':
        this.log.push({ zxid: operation.zxid, bytes: operation.entry.slice() });
        break;
      case 'truncate':
        this.log = this.log.filter(({ zxid }) => zxid <= operation.zxid);
        this.#snapshots = this.#snapshots.filter(({ zxid }) => zxid <= operation.zxid);
        break;
      case 'snapshot':
        this.#snapshots.push({ zxid: operation.zxid, body: operation.body.slice() });
        this.log = [];
        break;
      case 'acceptedEpoch':
        this.acceptedEpoch = operation.epoch;
        break;
      case 'currentEpoch':
        this.currentEpoch = operation.epoch;
        break;
      case 'committedConfig':
        this.committedConfig = operation.text;
        break;
      case 'lastSeenConfig':
        this.lastSeenConfig = operation.text;
        break;
      default:
        assertNever(operation);
    }
  }

  /** The process is gone. */
  crash(): void {
    this.#generation++;
    const kept = this.#prng.chance(0.5) ? 0 : this.#prng.below(this.#queue.length + 1);
    for (const { operation } of this.#queue.slice(0, kept)) this.#apply(operation);
    this.#queue = [];
    this.#isBusy = false;
  }

  /** What a server finds when it starts. */
  restore(): RestoredData {
    const database = freshDatabase(this.#config);
    const snapshot = this.#snapshots.at(-1);
    if (snapshot) decodeDatabase(snapshot.body, snapshot.zxid, database);
    const from = snapshot?.zxid ?? ZXID_NONE;
    const txns: LoggedTxn[] = [];
    for (const { zxid, bytes } of this.log) {
      if (zxid <= from) continue;
      const entry = decodeLogEntry(new JuteReader(bytes));
      database.apply(entry);
      txns.push({ entry, bytes });
    }
    return { database, history: new CommittedLog(txns, this.#committedMax) };
  }
}

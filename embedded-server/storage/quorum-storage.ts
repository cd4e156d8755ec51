/**
 * The disk of a server of an ensemble: carries out the core's storage operations one after the other and reports what is
 * durable. Appends that follow each other share an fsync; everything else waits until they are there, and they for it.
 */
import { JuteWriter } from '../../shared/jute/writer.ts';
import type { StorageError } from '../../shared/errors.ts';
import { type LogEntry, encodeLogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, zxidEpoch } from '../../shared/zxid.ts';
import { COMMITTED_MAX, CommittedLog, type LoggedTxn } from '../core/committed-log.ts';
import { Fifo } from '../core/fifo.ts';
import type { RestoredData, StorageOperation } from '../core/quorum-effects.ts';
import { decodeDatabase } from '../core/snapshot-transfer.ts';
import {
  type StoredConfigs,
  readConfigs,
  writeCommittedConfig,
  writeLastSeenConfig,
} from './config-files.ts';
import { DurableStorage, type StorageOptions } from './durable-storage.ts';
import { readEpoch, writeEpoch } from './epoch-files.ts';
import { type FileSystem, nodeFileSystem, toStorageError } from './file-system.ts';
import type { SnapshotSubject } from './live-snapshot.ts';
import type { Recovered } from './recovery.ts';

export interface QuorumStorageEvents {
  /** Everything up to and including this operation is durable; `reloaded` is what a truncation left. */
  readonly onStored: (storageId: number, reloaded?: RestoredData) => void;
  /** Nothing will be durable any more: the server must end. Called once. */
  readonly onFailed: (error: StorageError) => void;
  readonly snapshots: SnapshotSubject;
}

interface Queued {
  readonly storageId: number;
  readonly operation: StorageOperation;
}

export interface Restored {
  readonly data: RestoredData;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly configs: StoredConfigs;
}

export class QuorumStorage {
  readonly disk: DurableStorage;
  readonly restored: Restored;
  readonly #options: StorageOptions;
  readonly #fileSystem: FileSystem;
  #events: QuorumStorageEvents | undefined;
  /** Not begun yet. */
  readonly #queue = new Fifo<Queued>();
  /** On their way through the log. */
  readonly #appending = new Fifo<{ readonly storageId: number; readonly zxid: Zxid }>();
  #isBusy = false;
  #isClosed = false;

  private constructor(options: StorageOptions, disk: DurableStorage, restored: Restored) {
    this.#options = options;
    this.#fileSystem = options.fileSystem ?? nodeFileSystem;
    this.disk = disk;
    this.restored = restored;
  }

  /** Throws StorageError: LOCKED, CORRUPT, DISK_FULL or IO. */
  static async open(options: StorageOptions): Promise<QuorumStorage> {
    const disk = await DurableStorage.open(options);
    try {
      const { fileSystem = nodeFileSystem } = options;
      const folder = disk.folders.snapshots;
      // A crash between the history and the epoch that it belongs to leaves the epoch behind.
      const lastEpoch = zxidEpoch(disk.database.lastProcessedZxid);
      const currentEpoch = (await readEpoch(fileSystem, folder, 'currentEpoch')) ?? 0;
      const acceptedEpoch = (await readEpoch(fileSystem, folder, 'acceptedEpoch')) ?? 0;
      return new QuorumStorage(options, disk, {
        data: restoredData(disk.recovered),
        currentEpoch: Math.max(currentEpoch, lastEpoch),
        acceptedEpoch: Math.max(acceptedEpoch, currentEpoch, lastEpoch),
        configs: await readConfigs(fileSystem, options.config.dataDir),
      });
    } catch (error) {
      await disk.close();
      throw toStorageError(error, `reading ${options.config.dataDir}`);
    }
  }

  start(events: QuorumStorageEvents): void {
    this.#events = events;
    this.disk.start(
      {
        onPersisted: (zxid) => {
          this.#onPersisted(zxid);
        },
        onFailed: events.onFailed,
      },
      events.snapshots,
    );
  }

  run(storageId: number, operation: StorageOperation): void {
    this.#queue.push({ storageId, operation });
    this.#goOn();
  }

  /** Resolves when everything that was handed in is on disk, or nothing more will be. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.disk.close();
  }

  #onPersisted(zxid: Zxid): void {
    let storageId: number | undefined;
    for (let next = this.#appending.peek(); next && next.zxid <= zxid; next = this.#appending.peek()) {
      this.#appending.shift();
      storageId = next.storageId;
    }
    if (storageId !== undefined) this.#events?.onStored(storageId);
    this.#goOn();
  }

  #goOn(): void {
    while (!this.#isBusy && !this.#isClosed) {
      const next = this.#queue.peek();
      if (!next) return;
      const { storageId, operation } = next;
      if (operation.op === 'append') {
        this.#queue.shift();
        this.#appending.push({ storageId, zxid: operation.zxid });
        this.disk.append(operation.zxid, operation.entry);
      } else {
        if (this.#appending.length > 0) return;
        this.#queue.shift();
        void this.#runAlone(storageId, operation);
      }
    }
  }

  async #runAlone(
    storageId: number,
    operation: Exclude<StorageOperation, { readonly op: 'append' }>,
  ): Promise<void> {
    this.#isBusy = true;
    try {
      const reloaded = await this.#carryOut(operation);
      if (this.#isClosed) return;
      this.#isBusy = false;
      this.#events?.onStored(storageId, reloaded);
      this.#goOn();
    } catch (error) {
      this.#isClosed = true;
      this.#events?.onFailed(toStorageError(error, `storing ${operation.op}`));
    }
  }

  async #carryOut(
    operation: Exclude<StorageOperation, { readonly op: 'append' }>,
  ): Promise<RestoredData | undefined> {
    switch (operation.op) {
      case 'truncate':
        return this.#truncate(operation.zxid);
      case 'snapshot': {
        const database = this.#options.freshDatabase();
        decodeDatabase(operation.body, operation.zxid, database);
        await this.disk.replace(database);
        return undefined;
      }
      case 'acceptedEpoch':
      case 'currentEpoch':
        await writeEpoch(this.#fileSystem, this.disk.folders.snapshots, {
          name: operation.op,
          epoch: operation.epoch,
        });
        return undefined;
      case 'committedConfig':
        await writeCommittedConfig(this.#fileSystem, this.#options.config.dataDir, operation.text);
        return undefined;
      case 'lastSeenConfig':
        await writeLastSeenConfig(this.#fileSystem, this.#options.config.dataDir, operation.text);
        return undefined;
    }
  }

  async #truncate(zxid: Zxid): Promise<RestoredData | undefined> {
    const recovered = await this.disk.truncate(zxid);
    return recovered && restoredData(recovered);
  }
}

function restoredData({ database, newest }: Recovered): RestoredData {
  return { database, history: new CommittedLog(newest.map(withBytes), COMMITTED_MAX) };
}

function withBytes(entry: LogEntry): LoggedTxn {
  const writer = new JuteWriter();
  encodeLogEntry(writer, entry);
  return { entry, bytes: writer.finish() };
}

/**
 * The disk of one server: its data folder locked, its database read back, its log, its snapshots in time and old files
 * removed (ZooKeeper's FileTxnSnapLog with what surrounds it).
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { assert } from '../../shared/assert.ts';
import type { StorageError } from '../../shared/errors.ts';
import { VERSION_FOLDER } from '../../shared/storage-format/file-names.ts';
import type { Zxid } from '../../shared/zxid.ts';
import { zxidToHex } from '../../shared/zxid.ts';
import type { Database } from '../core/database.ts';
import { Summary } from '../core/server-stats.ts';
import { SnapshotWriter } from '../core/snapshot-writer.ts';
import { FileLog } from './file-log.ts';
import { type FileSystem, nodeFileSystem, toStorageError } from './file-system.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type DataFolders, type Recovered, recover } from './recovery.ts';
import { purge } from './retention.ts';
import { writeSnapshot } from './snapshot-files.ts';
import { SnapshotTrigger } from './snapshot-trigger.ts';

const KIB = 1024;
const HOUR_MS = 3_600_000;
/** Node takes no longer timer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The keys of a server's configuration that are about its disk. */
export interface StorageConfig {
  readonly dataDir: string;
  readonly dataLogDir: string | undefined;
  readonly preAllocKib: number;
  readonly snapCount: number;
  readonly snapSizeLimitKib: number;
  readonly txnLogSizeLimitKib: number;
  readonly snapRetainCount: number;
  readonly purgeIntervalHours: number;
  readonly trustEmptySnapshot: boolean;
  readonly fsyncWarningMs: number;
}

export interface StorageOptions {
  readonly config: StorageConfig;
  readonly freshDatabase: () => Database;
  readonly elapsedMs: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly onLog: (level: 'info' | 'warn', message: string) => void;
  readonly fileSystem?: FileSystem;
}

export interface LogEvents {
  /** Everything handed in up to and including `zxid` is durable. */
  readonly onPersisted: (zxid: Zxid) => void;
  /** Nothing will be durable any more: the server must end. Called once. */
  readonly onFailed: (error: StorageError) => void;
}

export class DurableStorage {
  readonly folders: DataFolders;
  readonly fsyncMs = new Summary();
  readonly snapshotMs = new Summary();
  readonly recovered: Recovered;
  readonly #options: StorageOptions;
  readonly #fileSystem: FileSystem;
  readonly #locks: readonly FolderLock[];
  readonly #trigger: SnapshotTrigger;
  readonly #log: FileLog;
  #events: LogEvents | undefined;
  #snapshot: Promise<void> | undefined;
  #purgeTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor(
    options: StorageOptions,
    {
      folders,
      locks,
      recovered,
    }: { folders: DataFolders; locks: readonly FolderLock[]; recovered: Recovered },
  ) {
    const { config, elapsedMs, random, fileSystem = nodeFileSystem } = options;
    this.#options = options;
    this.#fileSystem = fileSystem;
    this.folders = folders;
    this.#locks = locks;
    this.recovered = recovered;
    this.#trigger = new SnapshotTrigger(
      { txnsMax: config.snapCount, bytesMax: config.snapSizeLimitKib * KIB, random },
      recovered.replayedCount,
    );
    this.#log = new FileLog({
      fileSystem,
      folder: folders.logs,
      reserveBytes: config.preAllocKib * KIB,
      fileBytesMax: config.txnLogSizeLimitKib * KIB,
      elapsedMs,
      onPersisted: (zxid) => this.#events?.onPersisted(zxid),
      onFailed: (error) => this.#events?.onFailed(error),
      onSynced: (durationMs) => {
        this.#onSynced(durationMs);
      },
    });
  }

  /** Throws StorageError: LOCKED, CORRUPT, DISK_FULL or IO. */
  static async open(options: StorageOptions): Promise<DurableStorage> {
    const { config, fileSystem = nodeFileSystem, onLog } = options;
    const { dataDir, dataLogDir = dataDir } = config;
    const folders = {
      snapshots: path.join(dataDir, VERSION_FOLDER),
      logs: path.join(dataLogDir, VERSION_FOLDER),
    };
    const locks = [...new Set([dataDir, dataLogDir])].map(lockFolder);
    try {
      for (const folder of [folders.snapshots, folders.logs]) await fileSystem.makeFolder(folder);
      const recovered = await recover({
        fileSystem,
        folders,
        freshDatabase: options.freshDatabase,
        trustEmptySnapshot: config.trustEmptySnapshot,
        elapsedMs: options.elapsedMs,
        onWarning: (message) => {
          onLog('warn', message);
        },
      });
      // Without it the logs to come would have nothing to follow.
      if (recovered.snapshotZxid === undefined) {
        await writeSnapshot(fileSystem, folders.snapshots, new SnapshotWriter(recovered.database));
      }
      return new DurableStorage(options, { folders, locks, recovered });
    } catch (error) {
      for (const lock of locks) lock.release();
      throw toStorageError(error, `reading ${dataDir}`);
    }
  }

  get database(): Database {
    return this.recovered.database;
  }

  /** From now on there may be entries. */
  start(events: LogEvents): void {
    assert(this.#events === undefined, 'storage is started already');
    this.#events = events;
    if (this.#options.config.purgeIntervalHours > 0) void this.#purgeAndRepeat();
  }

  append(zxid: Zxid, entry: Uint8Array): void {
    this.#log.append(zxid, entry);
    if (this.#trigger.onAppended(entry.length) && this.#snapshot === undefined) this.#takeSnapshot();
  }

  /** Resolves when everything that was handed in is on disk, and the folder is free for another server. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#purgeTimer);
    await this.#log.close();
    await this.#snapshot;
    for (const lock of this.#locks) lock.release();
  }

  #onSynced(durationMs: number): void {
    this.fsyncMs.add(durationMs);
    const { config, onLog } = this.#options;
    if (durationMs <= config.fsyncWarningMs) return;
    onLog('warn', `the disk of ${this.folders.logs} took ${durationMs} ms for an fsync: writes wait as long`);
  }

  #takeSnapshot(): void {
    this.#trigger.reset();
    this.#log.roll();
    this.#snapshot = this.#writeSnapshot().finally(() => {
      this.#snapshot = undefined;
    });
  }

  /** A snapshot that fails does no harm: the log has everything, and the next one is due in time. */
  async #writeSnapshot(): Promise<void> {
    const { elapsedMs, onLog } = this.#options;
    const startMs = elapsedMs();
    const writer = new SnapshotWriter(this.database);
    try {
      await writeSnapshot(this.#fileSystem, this.folders.snapshots, writer);
      const durationMs = elapsedMs() - startMs;
      this.snapshotMs.add(durationMs);
      onLog('info', `snapshot of ${zxidToHex(writer.zxid)} written in ${durationMs} ms`);
    } catch (error) {
      onLog('warn', toStorageError(error, `writing snapshot ${zxidToHex(writer.zxid)}`).message);
    }
  }

  async #purgeAndRepeat(): Promise<void> {
    const { config, onLog } = this.#options;
    try {
      const count = await purge(this.#fileSystem, this.folders, config.snapRetainCount);
      if (count > 0) onLog('info', `${count} old data files removed`);
    } catch (error) {
      onLog('warn', toStorageError(error, 'removing old data files').message);
    }
    if (this.#isClosed) return;
    const delayMs = Math.min(config.purgeIntervalHours * HOUR_MS, TIMER_MS_MAX);
    this.#purgeTimer = setTimeout(() => void this.#purgeAndRepeat(), delayMs);
    this.#purgeTimer.unref();
  }
}

/** Bytes of the files in a folder, as `conf` and `dirs` tell them: reserved space counts. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    bytes += statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

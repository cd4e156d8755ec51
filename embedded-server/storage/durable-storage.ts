/**
 * The disk of one server: its data folder locked, its database read back, its log, its snapshots in time and old files
 * removed (ZooKeeper's FileTxnSnapLog with what surrounds it).
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { assert } from '../../shared/assert.ts';
import type { StorageError } from '../../shared/errors.ts';
import { VERSION_FOLDER, dataFiles } from '../../shared/storage-format/file-names.ts';
import type { Zxid } from '../../shared/zxid.ts';
import { zxidToHex } from '../../shared/zxid.ts';
import { type Chronicle, NO_CHRONICLE } from '../core/chronicle.ts';
import type { Database } from '../core/database.ts';
import { Summary } from '../core/summary.ts';
import { SnapshotWriter } from '../core/snapshot-writer.ts';
import { FileLog } from './file-log.ts';
import { type FileSystem, nodeFileSystem, toStorageError } from './file-system.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type DataFolders, type Recovered, type RecoveryOptions, recover } from './recovery.ts';
import { purge } from './retention.ts';
import { LiveSnapshot, SnapshotOvertaken, type SnapshotSubject } from './live-snapshot.ts';
import { type SnapshotSource, writeSnapshot } from './snapshot-files.ts';
import { SnapshotTrigger } from './snapshot-trigger.ts';
import { leadsUpTo, truncateLog } from './truncate-log.ts';

const KIB = 1024;
/** An fsync that takes longer is told, however many there are. */
const FSYNC_NOTABLE_MS = 100;
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
  /** With fractions, where the clock has them. */
  readonly elapsedMs: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly onLog: (level: 'info' | 'warn', message: string) => void;
  readonly fileSystem?: FileSystem;
  readonly chronicle?: Chronicle;
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
  readonly batchSizes = new Summary();
  readonly snapshotMs = new Summary();
  /** Fsyncs that took so long that it is worth a warning. */
  slowFsyncs = 0;
  readonly recovered: Recovered;
  readonly #options: StorageOptions;
  readonly #fileSystem: FileSystem;
  readonly #locks: readonly FolderLock[];
  readonly #trigger: SnapshotTrigger;
  readonly #chronicle: Chronicle;
  #log: FileLog;
  #events: LogEvents | undefined;
  /** A server without an ensemble takes nothing back. */
  #subject: SnapshotSubject = { database: () => this.database, unsettledCount: () => 0 };
  #snapshot: Promise<void> | undefined;
  /** The last work that removes files. */
  #removal: Promise<void> = Promise.resolve();
  #purgeTimer: NodeJS.Timeout | undefined;
  /** Since the last one that was told. */
  #fsyncMsMax = 0;
  #isClosed = false;

  private constructor(
    options: StorageOptions,
    {
      folders,
      locks,
      recovered,
    }: { folders: DataFolders; locks: readonly FolderLock[]; recovered: Recovered },
  ) {
    const { config, random, fileSystem = nodeFileSystem, chronicle = NO_CHRONICLE } = options;
    this.#options = options;
    this.#fileSystem = fileSystem;
    this.#chronicle = chronicle;
    this.folders = folders;
    this.#locks = locks;
    this.recovered = recovered;
    this.#trigger = new SnapshotTrigger(
      { txnsMax: config.snapCount, bytesMax: config.snapSizeLimitKib * KIB, random },
      recovered.replayedCount,
    );
    this.#log = this.#openLog();
  }

  #openLog(): FileLog {
    const { config, elapsedMs } = this.#options;
    return new FileLog({
      fileSystem: this.#fileSystem,
      folder: this.folders.logs,
      reserveBytes: config.preAllocKib * KIB,
      fileBytesMax: config.txnLogSizeLimitKib * KIB,
      elapsedMs,
      onPersisted: (zxid) => this.#events?.onPersisted(zxid),
      onFailed: (error) => this.#events?.onFailed(error),
      onSynced: (durationMs, entries) => {
        this.batchSizes.add(entries);
        this.#onSynced(durationMs);
      },
    });
  }

  /** Throws StorageError: LOCKED, CORRUPT, DISK_FULL or IO. */
  static async open(options: StorageOptions): Promise<DurableStorage> {
    const { config, fileSystem = nodeFileSystem } = options;
    const { dataDir, dataLogDir = dataDir } = config;
    const folders = {
      snapshots: path.join(dataDir, VERSION_FOLDER),
      logs: path.join(dataLogDir, VERSION_FOLDER),
    };
    const locks = [...new Set([dataDir, dataLogDir])].map(lockFolder);
    try {
      for (const folder of [folders.snapshots, folders.logs]) await fileSystem.makeFolder(folder);
      const recovered = await recover(recoveryOptions(options, folders));
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

  /** From now on there may be entries; `subject` when what was read back may be replaced. */
  start(events: LogEvents, subject?: SnapshotSubject): void {
    assert(this.#events === undefined, 'storage is started already');
    this.#events = events;
    if (subject) this.#subject = subject;
    if (this.#options.config.purgeIntervalHours > 0) void this.#purgeAndRepeat();
  }

  append(zxid: Zxid, entry: Uint8Array): void {
    this.#log.append(zxid, entry);
    if (this.#trigger.onAppended(entry.length) && this.#snapshot === undefined) this.#takeSnapshot();
  }

  /**
   * Forgets everything behind `zxid` and reads back what is left; where nothing leads up to `zxid`, leaves everything as it
   * is and resolves to undefined. Demands that nothing is on its way to the log, and that
   * nothing is handed in meanwhile. Throws StorageError.
   */
  async truncate(zxid: Zxid): Promise<Recovered | undefined> {
    try {
      return await this.#runAlone(async () => {
        if (!(await leadsUpTo(this.#fileSystem, this.folders, zxid))) return undefined;
        await this.#forget(zxid);
        return recover(recoveryOptions(this.#options, this.folders));
      });
    } catch (error) {
      throw toStorageError(error, `taking back what follows ${zxidToHex(zxid)}`);
    }
  }

  /**
   * What is on disk is `database` from now on; what is kept of the log counts only up to it. Demands the same as
   * {@link truncate}. Throws StorageError.
   */
  async replace(database: Database): Promise<void> {
    const source = new SnapshotWriter(database);
    try {
      await this.#runAlone(async () => {
        // First: whatever interrupts this, there is always something that stands for all that was acknowledged.
        await this.#write(source);
        await this.#forget(source.zxid);
      });
    } catch (error) {
      throw toStorageError(error, `writing snapshot ${zxidToHex(source.zxid)}`);
    }
  }

  /** Whoever removes files must know that nobody else does, nor counts on them meanwhile. */
  async #runAlone<T>(work: () => Promise<T>): Promise<T> {
    await this.#snapshot;
    const former = this.#removal;
    const done = former.then(work);
    this.#removal = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #forget(zxid: Zxid): Promise<void> {
    await this.#log.close();
    await truncateLog(this.#fileSystem, this.folders, zxid);
    this.#trigger.reset();
    this.#log = this.#openLog();
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
    this.fsyncMs.add(Math.floor(durationMs));
    this.#tellSynced(durationMs);
    const { config, onLog } = this.#options;
    if (durationMs <= config.fsyncWarningMs) return;
    this.slowFsyncs++;
    onLog(
      'warn',
      `the disk of ${this.folders.logs} took ${Math.floor(durationMs)} ms for an fsync: writes wait as long`,
    );
  }

  #tellSynced(durationMs: number): void {
    this.#fsyncMsMax = Math.max(this.#fsyncMsMax, durationMs);
    const count = this.#chronicle.count('fsync', durationMs >= FSYNC_NOTABLE_MS);
    if (count === 0) return;
    const maxMs = roundMs(this.#fsyncMsMax);
    this.#fsyncMsMax = 0;
    this.#chronicle.tell({ kind: 'fsync', durationMs: roundMs(durationMs), maxMs, count });
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
    const { onLog } = this.#options;
    const source = new LiveSnapshot(this.#subject);
    try {
      const durationMs = await this.#write(source);
      onLog('info', `snapshot of ${zxidToHex(source.zxid)} written in ${durationMs} ms`);
    } catch (error) {
      if (error instanceof SnapshotOvertaken) return this.#writeSnapshot();
      onLog('warn', toStorageError(error, `writing snapshot ${zxidToHex(source.zxid)}`).message);
    }
  }

  /** Resolves to the milliseconds that it took. */
  async #write(source: SnapshotSource): Promise<number> {
    const { elapsedMs } = this.#options;
    const startMs = elapsedMs();
    const bytes = await writeSnapshot(this.#fileSystem, this.folders.snapshots, source);
    const durationMs = Math.floor(elapsedMs() - startMs);
    this.snapshotMs.add(durationMs);
    this.#chronicle.tell({ kind: 'snapshot', zxid: source.zxid, durationMs, bytes });
    return durationMs;
  }

  async #purgeAndRepeat(): Promise<void> {
    const { config, onLog } = this.#options;
    try {
      const count = await this.#runAlone(() => purge(this.#fileSystem, this.folders, config.snapRetainCount));
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

function recoveryOptions(
  { config, freshDatabase, elapsedMs, onLog, fileSystem = nodeFileSystem }: StorageOptions,
  folders: DataFolders,
): RecoveryOptions {
  return {
    fileSystem,
    folders,
    freshDatabase,
    trustEmptySnapshot: config.trustEmptySnapshot,
    elapsedMs,
    onWarning: (message) => {
      onLog('warn', message);
    },
  };
}

/** To hundredths. */
function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Bytes of the files in a folder, as `conf` and `dirs` tell them: reserved space counts. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    bytes += statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** Of the snapshots in a folder the one with the greatest zxid, and when it was written. */
export function newestSnapshot(folder: string): { readonly zxid: Zxid; readonly wallMs: number } | undefined {
  const newest = dataFiles('snapshot', readdirSync(folder)).at(-1);
  const stat = newest && statSync(path.join(folder, newest.name), { throwIfNoEntry: false });
  return stat && { zxid: newest.zxid, wallMs: stat.mtimeMs };
}

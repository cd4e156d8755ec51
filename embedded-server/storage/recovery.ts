/**
 * Brings a database back from its data folder (ZooKeeper's FileTxnSnapLog.restore; PROTOCOL.md 6.4, 6.5): the newest
 * snapshot that is whole, then every record of the log behind it. A torn tail is cut off, since nobody was told that those
 * writes are done; anything else that does not add up is refused rather than guessed.
 */
import path from 'node:path';

import { AppError, StorageError } from '../../shared/errors.ts';
import { type DataFile, dataFiles } from '../../shared/storage-format/file-names.ts';
import type { SnapshotDigest } from '../../shared/storage-format/snapshot-file.ts';
import type { LogEntry, TxnDigest } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import { COMMITTED_MAX } from '../core/committed-log.ts';
import type { Database } from '../core/database.ts';
import { SnapshotLoader } from '../core/snapshot-loader.ts';
import { DIGEST_VERSION } from '../core/znode.ts';
import type { FileSystem } from './file-system.ts';
import { isPartialSnapshot, isWholeSnapshot, readSnapshot } from './snapshot-files.ts';
import { readTxnLog } from './txn-log-reader.ts';

/** As many as Apache tries. */
const SNAPSHOTS_TRIED_MAX = 100;

/** Both are folders `version-2`, and may be the same. */
export interface DataFolders {
  readonly snapshots: string;
  readonly logs: string;
}

export interface RecoveryOptions {
  readonly fileSystem: FileSystem;
  readonly folders: DataFolders;
  readonly freshDatabase: () => Database;
  /** Take a log without a snapshot for the whole history. */
  readonly trustEmptySnapshot: boolean;
  readonly elapsedMs: () => number;
  readonly onWarning: (message: string) => void;
}

export interface Recovered {
  readonly database: Database;
  /** Undefined when the folder held no snapshot. */
  readonly snapshotZxid: Zxid | undefined;
  readonly snapshotLoadMs: number;
  readonly replayMs: number;
  /** Transactions applied from the log. */
  readonly replayedCount: number;
  /** The newest of them, without a gap. */
  readonly newest: readonly LogEntry[];
  readonly digestMismatches: number;
}

interface LoadedSnapshot {
  readonly database: Database;
  readonly zxid: Zxid;
  readonly digest: SnapshotDigest | undefined;
}

/** Throws StorageError when the folder's content is not to be trusted; the message says what to do. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { fileSystem, folders, elapsedMs } = options;
  await removePartialSnapshots(options);
  const startMs = elapsedMs();
  const snapshot = await loadNewestSnapshot(options);
  const logs = dataFiles('log', await fileSystem.list(folders.logs));
  if (!snapshot && logs.length > 0 && !options.trustEmptySnapshot) {
    throw new StorageError(
      'CORRUPT',
      `${folders.logs} holds transaction logs, but ${folders.snapshots} no snapshot that they follow: restore it; ` +
        'only when there never was one, start with snapshot.trust.empty=true',
    );
  }
  const database = snapshot?.database ?? options.freshDatabase();
  const loadedMs = elapsedMs();
  const replay = new Replay(database, snapshot, options.onWarning);
  await replayLogs(logs, replay, options);
  replay.finish();
  return {
    database,
    snapshotZxid: snapshot?.zxid,
    snapshotLoadMs: Math.floor(loadedMs - startMs),
    replayMs: Math.floor(elapsedMs() - loadedMs),
    replayedCount: replay.count,
    newest: replay.newest,
    digestMismatches: replay.digestMismatches,
  };
}

async function removePartialSnapshots({ fileSystem, folders }: RecoveryOptions): Promise<void> {
  for (const name of await fileSystem.list(folders.snapshots)) {
    if (isPartialSnapshot(name)) await fileSystem.remove(path.join(folders.snapshots, name));
  }
}

/** Undefined when there is none. Throws StorageError CORRUPT when none of those that are there can be read. */
async function loadNewestSnapshot(options: RecoveryOptions): Promise<LoadedSnapshot | undefined> {
  const { fileSystem, folders, onWarning } = options;
  const all = dataFiles('snapshot', await fileSystem.list(folders.snapshots));
  for (const { name, zxid } of all.reverse().slice(0, SNAPSHOTS_TRIED_MAX)) {
    const file = path.join(folders.snapshots, name);
    if (!(await isWholeSnapshot(fileSystem, file))) {
      onWarning(`${file} was not written to its end: trying the one before`);
      continue;
    }
    const database = options.freshDatabase();
    const loader = new SnapshotLoader(database);
    try {
      const digest = await readSnapshot(fileSystem, file, loader);
      loader.finish(zxid);
      return { database, zxid, digest };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      onWarning(`${file} is damaged (${error.message}): trying the one before`);
    }
  }
  if (all.length === 0) return undefined;
  throw new StorageError('CORRUPT', `none of the snapshots in ${folders.snapshots} can be read: restore one`);
}

async function replayLogs(
  logs: readonly DataFile[],
  replay: Replay,
  { fileSystem, folders, onWarning }: RecoveryOptions,
): Promise<void> {
  const needed = logsFrom(logs, replay.lastZxid);
  for (const { name } of needed) {
    const file = path.join(folders.logs, name);
    const end = await readTxnLog(fileSystem, file, (entry) => {
      replay.apply(entry);
      return true;
    });
    const isNewest = name === needed.at(-1)?.name;
    if (end.tornBy !== undefined) onWarning(`${file} ends at byte ${end.position}, with ${end.tornBy}`);
    if (!isNewest) continue;
    if (end.count === 0) await fileSystem.remove(file);
    else if (end.tornBy !== undefined) await cutLog(fileSystem, file, end.position);
  }
}

/** The files that may hold anything behind `zxid`: the last that begins at or before it, and all later ones. */
export function logsFrom(logs: readonly DataFile[], zxid: Zxid): readonly DataFile[] {
  const first = logs.findLastIndex((log) => log.zxid <= zxid);
  return logs.slice(Math.max(first, 0));
}

export async function cutLog(fileSystem: FileSystem, file: string, bytes: number): Promise<void> {
  const open = await fileSystem.open(file, 'change');
  try {
    await open.resize(bytes);
    await open.sync();
  } finally {
    await open.close();
  }
}

/** Zxids of one epoch have no gaps, and a new epoch begins at 1. Differs: Apache goes on without what is missing. */
export function isNextInLog(zxid: Zxid, last: Zxid): boolean {
  return zxidEpoch(zxid) === zxidEpoch(last) ? zxid === last + 1n : zxidCounter(zxid) === 1;
}

/**
 * Applies what a log holds to a database, and compares digests where there are any.
 *
 * Differs: Apache counts a mismatch of its own making, of a tree that is right. Its DataTree.processTxn changes nodes first and
 * notes zxid and digest last (logZxidDigest); a snapshot that another thread ends in between (SerializeUtils.serializeSnapshot,
 * then DataTree.serializeZxidDigest) holds some of a transaction, and the digest of the one before. Replaying that transaction
 * completes it, so its digest has the last word.
 */
class Replay {
  count = 0;
  newest: LogEntry[] = [];
  digestMismatches = 0;
  readonly #database: Database;
  readonly #onWarning: (message: string) => void;
  /** Until this one is applied the tree is partly ahead of the log, and no digest can match. */
  #digestFrom: SnapshotDigest | undefined;
  /** The snapshot's digest did not match, and no transaction has come since that says whether the tree is right. */
  #doubtedZxid: Zxid | undefined;

  constructor(
    database: Database,
    snapshot: LoadedSnapshot | undefined,
    onWarning: (message: string) => void,
  ) {
    this.#database = database;
    this.#onWarning = onWarning;
    // Compat: before its first transaction Apache writes a digest of 0.
    if (snapshot?.digest && snapshot.digest.zxid > ZXID_NONE) this.#digestFrom = snapshot.digest;
    this.#compareSnapshotDigest();
  }

  get lastZxid(): Zxid {
    return this.#database.lastProcessedZxid;
  }

  apply(entry: LogEntry): void {
    const { zxid } = entry.header;
    if (zxid <= this.lastZxid) return;
    this.#checkOrder(zxid);
    this.#database.apply(entry);
    this.count++;
    this.newest.push(entry);
    // Cut in bulk: one shift a transaction would move the whole array each time.
    if (this.newest.length >= COMMITTED_MAX * 2) this.newest = this.newest.slice(-COMMITTED_MAX);
    if (this.#digestFrom) this.#compareSnapshotDigest();
    else this.#compareTxnDigest(zxid, entry.digest);
  }

  /** Nothing follows. */
  finish(): void {
    this.#settleDoubt(false);
  }

  #checkOrder(zxid: Zxid): void {
    const last = this.lastZxid;
    if (isNextInLog(zxid, last)) return;
    throw new StorageError(
      'CORRUPT',
      `transactions are missing: ${zxidToHex(last)} is followed by ${zxidToHex(zxid)}; ` +
        'restore the log that holds them, or a newer snapshot',
      { zxid: zxidToHex(last) },
    );
  }

  #compareSnapshotDigest(): void {
    const digest = this.#digestFrom;
    if (!digest || this.lastZxid < digest.zxid) return;
    this.#digestFrom = undefined;
    const isComparable = this.lastZxid === digest.zxid && digest.version === DIGEST_VERSION;
    if (isComparable && this.#differsFrom(digest)) this.#doubtedZxid = digest.zxid;
  }

  #compareTxnDigest(zxid: Zxid, digest: TxnDigest | undefined): void {
    const isComparable = digest?.version === DIGEST_VERSION;
    const differs = isComparable && this.#differsFrom(digest);
    this.#settleDoubt(isComparable && !differs);
    if (differs) this.#onMismatch(zxid);
  }

  #settleDoubt(isTreeRight: boolean): void {
    if (this.#doubtedZxid !== undefined && !isTreeRight) this.#onMismatch(this.#doubtedZxid);
    this.#doubtedZxid = undefined;
  }

  #differsFrom({ treeDigest }: TxnDigest): boolean {
    const { tree } = this.#database;
    return tree.isDigestEnabled && tree.digest !== treeDigest;
  }

  #onMismatch(zxid: Zxid): void {
    this.digestMismatches++;
    if (this.digestMismatches > 1) return;
    this.#onWarning(
      `the tree's digest is not that of transaction ${zxidToHex(zxid)}: it may differ from what was`,
    );
  }
}

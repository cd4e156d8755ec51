/**
 * The transaction log on disk (ZooKeeper's FileTxnLog and SyncRequestProcessor; PROTOCOL.md 6.3). Group commit: what is
 * handed in while one fsync is under way goes to disk together, with the next one fsync.
 *
 * ```
 *   append ─► batch ─► [new file, reserve] ─► write ─► fsync ─► onPersisted(last zxid of the batch)
 *               ▲                                                   │
 *               └──────────────── the next batch ◄──────────────────┘
 * ```
 *
 * A write or fsync that fails is the end: what of a batch reached the disk is unknown then, so nothing of it, or of what
 * follows, is ever reported as persisted.
 */
import path from 'node:path';

import { assert } from '../../shared/assert.ts';
import type { StorageError } from '../../shared/errors.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { dataFileName } from '../../shared/storage-format/file-names.ts';
import {
  TXN_LOG_HEADER_BYTES,
  encodeTxnLogHeader,
  encodeTxnLogRecord,
} from '../../shared/storage-format/txn-log-file.ts';
import type { Zxid } from '../../shared/zxid.ts';
import { type FileSystem, type OpenFile, toStorageError } from './file-system.ts';

/** Space is reserved when less than this would be left. */
const RESERVE_BYTES_MIN = 4096;

export interface FileLogOptions {
  readonly fileSystem: FileSystem;
  /** Where the log files are; it exists. */
  readonly folder: string;
  /** By how much a file grows at a time. */
  readonly reserveBytes: number;
  /** A file that is larger is continued in a new one; 0 for no limit. */
  readonly fileBytesMax: number;
  readonly elapsedMs: () => number;
  /** Everything up to and including `zxid` is durable. */
  readonly onPersisted: (zxid: Zxid) => void;
  /** The log is of no use any more. Called once. */
  readonly onFailed: (error: StorageError) => void;
  /** An fsync made so many entries durable. */
  readonly onSynced: (durationMs: number, entries: number) => void;
}

export class FileLog {
  readonly #options: FileLogOptions;
  readonly #batch = new JuteWriter(64 * 1024);
  #batchFirst: Zxid | undefined;
  #batchLast: Zxid | undefined;
  #batchEntries = 0;
  #file: OpenFile | undefined;
  #fileName = '';
  #position = 0;
  #reservedBytes = 0;
  #isRollDue = false;
  #hasFailed = false;
  #isClosed = false;
  /** Settles when nothing is being written; never rejects. */
  #flushing: Promise<void> | undefined;

  constructor(options: FileLogOptions) {
    this.#options = options;
  }

  /** Demands zxids in ascending order. Nothing is taken after a failure or {@link close}. */
  append(zxid: Zxid, entry: Uint8Array): void {
    if (this.#hasFailed || this.#isClosed) return;
    assert(this.#batchLast === undefined || zxid > this.#batchLast, 'log entries come out of order');
    encodeTxnLogRecord(this.#batch, entry);
    this.#batchFirst ??= zxid;
    this.#batchLast = zxid;
    this.#batchEntries++;
    this.#flushing ??= this.#flushAll();
  }

  /** The next batch begins a new file. */
  roll(): void {
    this.#isRollDue = true;
  }

  /** Resolves when everything that was handed in is durable, or has failed. Nothing is reported any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flushing;
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }

  async #flushAll(): Promise<void> {
    // Everything that is handed in in one go is written in one go.
    await Promise.resolve();
    try {
      while (this.#batchLast !== undefined) await this.#flush();
    } catch (error) {
      this.#fail(error);
    }
    this.#flushing = undefined;
  }

  async #flush(): Promise<void> {
    const first = this.#batchFirst;
    const last = this.#batchLast;
    assert(first !== undefined && last !== undefined, 'a batch without entries');
    const bytes = this.#batch.finish();
    this.#batch.reset();
    this.#batchFirst = undefined;
    this.#batchLast = undefined;
    const entries = this.#batchEntries;
    this.#batchEntries = 0;
    const file = await this.#fileFor(first);
    await this.#reserve(file, bytes.length);
    await file.write(bytes, this.#position);
    this.#position += bytes.length;
    const startMs = this.#options.elapsedMs();
    await file.sync();
    this.#options.onSynced(this.#options.elapsedMs() - startMs, entries);
    if (!this.#isClosed) this.#options.onPersisted(last);
  }

  async #fileFor(first: Zxid): Promise<OpenFile> {
    const { fileBytesMax } = this.#options;
    const isFull = fileBytesMax > 0 && this.#position >= fileBytesMax;
    if (this.#file && !this.#isRollDue && !isFull) return this.#file;
    await this.#file?.close();
    this.#isRollDue = false;
    this.#file = await this.#create(first);
    return this.#file;
  }

  async #create(first: Zxid): Promise<OpenFile> {
    const { fileSystem, folder } = this.#options;
    this.#fileName = dataFileName('log', first);
    const file = await fileSystem.open(path.join(folder, this.#fileName), 'create');
    const header = new JuteWriter(TXN_LOG_HEADER_BYTES);
    encodeTxnLogHeader(header);
    await file.write(header.finish(), 0);
    this.#position = header.length;
    this.#reservedBytes = header.length;
    // The batch's own fsync covers the content; that there is such a file is the folder's.
    await fileSystem.syncFolder(folder);
    return file;
  }

  async #reserve(file: OpenFile, bytes: number): Promise<void> {
    const needed = this.#position + bytes + RESERVE_BYTES_MIN;
    if (needed <= this.#reservedBytes) return;
    const { reserveBytes } = this.#options;
    const missing = needed - this.#reservedBytes;
    this.#reservedBytes += Math.ceil(missing / reserveBytes) * reserveBytes;
    await file.resize(this.#reservedBytes);
  }

  #fail(error: unknown): void {
    this.#hasFailed = true;
    this.#batchLast = undefined;
    const file = path.join(this.#options.folder, this.#fileName);
    this.#options.onFailed(toStorageError(error, `writing ${file}`));
  }
}

/**
 * Reads a log file from its beginning, a window at a time, up to the last record that is whole (PROTOCOL.md 6.3). A torn
 * tail is where a process or a machine died while writing: nobody was told that those writes are done. Damage in front of
 * records that are whole is something else, and is refused.
 */
import { ProtocolError, StorageError } from '../../shared/errors.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { type LogEntry, decodeLogEntry } from '../../shared/storage-format/txn.ts';
import {
  TXN_LOG_HEADER_BYTES,
  checkTxnLogHeader,
  findTxnLogRecord,
  readTxnLogPlace,
} from '../../shared/storage-format/txn-log-file.ts';
import type { FileSystem, OpenFile } from './file-system.ts';

const WINDOW_BYTES = 1024 * 1024;

/** How a log file ends. */
export interface TxnLogEnd {
  /** Records that are whole. */
  readonly count: number;
  /** Behind the last of them. */
  readonly position: number;
  /** What is wrong with what follows; undefined when nothing follows. */
  readonly tornBy: string | undefined;
}

/** Sees an entry and where the record behind it begins; false ends the reading. Entries own their bytes. */
export type EntryVisitor = (entry: LogEntry, end: number) => boolean;

/** Throws StorageError CORRUPT when the file is no log, or is damaged elsewhere than at its tail. */
export async function readTxnLog(
  fileSystem: FileSystem,
  file: string,
  visit: EntryVisitor,
): Promise<TxnLogEnd> {
  const open = await fileSystem.open(file, 'read');
  try {
    return await readOpenLog(open, file, visit);
  } finally {
    await open.close();
  }
}

async function readOpenLog(open: OpenFile, file: string, visit: EntryVisitor): Promise<TxnLogEnd> {
  const fileBytes = await open.size();
  const buffer = new WindowBuffer(open, fileBytes);
  await buffer.moveTo(0, WINDOW_BYTES);
  const header = buffer.window.subarray(0, TXN_LOG_HEADER_BYTES);
  // The first fsync of a file makes its header durable too: without one there never was a record that counts.
  if (fileBytes < TXN_LOG_HEADER_BYTES || header.every((byte) => byte === 0)) {
    return { count: 0, position: 0, tornBy: undefined };
  }
  checkHeader(header, file);
  let at = TXN_LOG_HEADER_BYTES;
  for (let count = 0; ; count++) {
    let place = readTxnLogPlace(buffer.window, at - buffer.start, buffer.isLast);
    if (place.kind === 'more') {
      await buffer.moveTo(at, Math.max(WINDOW_BYTES, place.bytesNeeded));
      place = readTxnLogPlace(buffer.window, 0, buffer.isLast);
    }
    if (place.kind !== 'record') {
      const tornBy = place.kind === 'broken' ? place.problem : undefined;
      if (tornBy !== undefined) await requireTornTail({ buffer, at, file, problem: tornBy });
      return { count, position: at, tornBy };
    }
    at = buffer.start + place.end;
    if (!visit(decodeEntry(place.entry, file), at))
      return { count: count + 1, position: at, tornBy: undefined };
  }
}

/** A part of a file in memory. */
class WindowBuffer {
  readonly #open: OpenFile;
  readonly #fileBytes: number;
  #bytes = new Uint8Array(0);
  start = 0;
  window = this.#bytes;

  constructor(open: OpenFile, fileBytes: number) {
    this.#open = open;
    this.#fileBytes = fileBytes;
  }

  /** Whether the file ends where the window does. */
  get isLast(): boolean {
    return this.start + this.window.length >= this.#fileBytes;
  }

  async moveTo(start: number, bytes: number): Promise<void> {
    const length = Math.min(bytes, this.#fileBytes - start);
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    const count = await this.#open.read(this.#bytes.subarray(0, length), start);
    this.start = start;
    this.window = this.#bytes.subarray(0, count);
  }

  async moveToRest(start: number): Promise<void> {
    await this.moveTo(start, this.#fileBytes - start);
  }
}

function checkHeader(bytes: Uint8Array, file: string): void {
  try {
    checkTxnLogHeader(bytes);
  } catch (error) {
    throw corrupt(file, error);
  }
}

function decodeEntry(bytes: Uint8Array, file: string): LogEntry {
  try {
    // A copy of its own: whoever keeps the entry keeps views into it.
    return decodeLogEntry(new JuteReader(bytes.slice()));
  } catch (error) {
    if (error instanceof ProtocolError) throw corrupt(file, error);
    throw error;
  }
}

function corrupt(file: string, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError('CORRUPT', `${file} is damaged: ${reason}`, { cause });
}

async function requireTornTail({
  buffer,
  at,
  file,
  problem,
}: {
  buffer: WindowBuffer;
  at: number;
  file: string;
  problem: string;
}): Promise<void> {
  await buffer.moveToRest(at);
  const next = findTxnLogRecord(buffer.window, 1);
  if (next === undefined) return;
  throw new StorageError(
    'CORRUPT',
    `${file} is damaged at byte ${at}: ${problem}, but whole transactions follow at byte ${at + next}; ` +
      'restore the file from a copy, or remove it together with all later ones and accept the loss',
  );
}

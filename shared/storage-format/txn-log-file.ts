/**
 * The file of a transaction log (ZooKeeper's FileTxnLog; PROTOCOL.md 6.3): a header, then one record a log entry, then
 * zeros, since space is reserved before it is written to. What an entry is, txn.ts knows. Reading works on a window of the
 * file, so that whoever does the I/O never has to hold a whole log in memory.
 */
import { StorageError } from '../errors.ts';
import { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { ADLER32_START, updateAdler32 } from './adler32.ts';

export const TXN_LOG_HEADER_BYTES = 16;
/** `ZKLG` */
const MAGIC = 0x5a4b_4c47;
const VERSION = 2;
const DATABASE_ID = 0n;

/** Checksum and length in front of an entry. */
const RECORD_HEAD_BYTES = 12;
/** `B`, behind an entry: proof that it was written to its end. */
const RECORD_END = 0x42;
/** Greater than any frame that a server accepts; a length above it is no length. */
const ENTRY_BYTES_MAX = 1 << 30;

/** `FileHeader => magic(int) version(int) dbid(long)` */
export function encodeTxnLogHeader(writer: JuteWriter): void {
  writer.writeInt(MAGIC);
  writer.writeInt(VERSION);
  writer.writeLong(DATABASE_ID);
}

/** Throws StorageError CORRUPT unless `bytes` begin as a transaction log of a known version does. */
export function checkTxnLogHeader(bytes: Uint8Array): void {
  if (bytes.length < TXN_LOG_HEADER_BYTES) {
    throw new StorageError('CORRUPT', `a header of ${bytes.length} bytes`);
  }
  const reader = new JuteReader(bytes);
  const magic = reader.readInt();
  if (magic !== MAGIC) throw new StorageError('CORRUPT', 'it does not begin as a transaction log does');
  const version = reader.readInt();
  if (version !== VERSION) throw new StorageError('CORRUPT', `version ${version} of transaction logs`);
}

/** `Record => adler32(long) entry(buffer) 0x42(byte)` */
export function encodeTxnLogRecord(writer: JuteWriter, entry: Uint8Array): void {
  writer.writeLong(BigInt(updateAdler32(ADLER32_START, entry)));
  writer.writeBuffer(entry);
  writer.writeByte(RECORD_END);
}

/** What a window of a log holds at some place. */
export type TxnLogPlace =
  /** `entry` is a view; the next record begins at `end`. */
  | { readonly kind: 'record'; readonly entry: Uint8Array; readonly end: number }
  /** The record goes on behind the window: look again with this many bytes. */
  | { readonly kind: 'more'; readonly bytesNeeded: number }
  /** Reserved space, or the end of the file. */
  | { readonly kind: 'end' }
  /** Something that is not, or not to its end, a record. */
  | { readonly kind: 'broken'; readonly problem: string };

/** Looks at `window` from `at` on. `isLast` tells that the file ends where the window does. */
export function readTxnLogPlace(window: Uint8Array, at: number, isLast: boolean): TxnLogPlace {
  const available = window.length - at;
  if (available < RECORD_HEAD_BYTES) return isLast ? endOrBroken(window, at) : more(RECORD_HEAD_BYTES);
  const head = new JuteReader(window, at);
  const checksum = head.readLong();
  const length = head.readInt();
  if (length === 0 && checksum === 0n) return { kind: 'end' };
  if (length <= 0 || length > ENTRY_BYTES_MAX) return broken(`an entry of ${length} bytes`);
  const recordBytes = RECORD_HEAD_BYTES + length + 1;
  if (available < recordBytes) return isLast ? broken('an entry that is cut off') : more(recordBytes);
  const start = at + RECORD_HEAD_BYTES;
  const end = start + length;
  if (window[end] !== RECORD_END) return broken('an entry without its end mark');
  if (checksum !== BigInt(updateAdler32(ADLER32_START, window, start, end))) {
    return broken('an entry with a wrong checksum');
  }
  return { kind: 'record', entry: window.subarray(start, end), end: end + 1 };
}

function more(bytesNeeded: number): TxnLogPlace {
  return { kind: 'more', bytesNeeded };
}

function broken(problem: string): TxnLogPlace {
  return { kind: 'broken', problem };
}

function endOrBroken(window: Uint8Array, at: number): TxnLogPlace {
  for (let index = at; index < window.length; index++) {
    if (window[index] !== 0) return broken('an entry that is cut off');
  }
  return { kind: 'end' };
}

/**
 * Where the first whole record behind `from` begins, undefined when there is none. Tells a torn tail, behind which nothing
 * was ever written, from damage to what was durable once. Demands the rest of the file.
 */
export function findTxnLogRecord(bytes: Uint8Array, from: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + RECORD_HEAD_BYTES < bytes.length; at++) {
    // The upper half of the checksum is 0, its lower half hardly ever, and no entry is empty.
    if (view.getUint32(at) !== 0 || view.getUint32(at + 4) === 0 || view.getInt32(at + 8) <= 0) continue;
    if (readTxnLogPlace(bytes, at, true).kind === 'record') return at;
  }
  return undefined;
}

/**
 * The file of a snapshot (ZooKeeper's FileSnap and SnapStream; PROTOCOL.md 6.4): a header, the body of snapshot-body.ts,
 * and behind it up to two trailers. Body and trailers are each sealed by the Adler-32 of every byte of the file so far.
 *
 * ```
 * Snapshot => FileHeader Body Seal [Digest Seal] [lastProcessedZxid(long) Seal]
 * FileHeader => magic(int) version(int) dbid(long)
 * Seal     => adler32(long) "/"(ustring)
 * Digest   => zxid(long) version(int) treeDigest(long; a ustring below version 2)
 * ```
 */
import { StorageError } from '../errors.ts';
import type { JuteReader } from '../jute/reader.ts';
import { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';
import { ADLER32_START, updateAdler32 } from './adler32.ts';
import { ItemStream } from './item-stream.ts';
import {
  SNAPSHOT_END,
  SnapshotBodyDecoder,
  type SnapshotAcl,
  type SnapshotNode,
  type SnapshotSession,
  type SnapshotSink,
  encodeSnapshotNode,
  encodeSnapshotTables,
} from './snapshot-body.ts';
import type { TxnDigest } from './txn.ts';

/** `ZKSN` */
const MAGIC = 0x5a4b_534e;
const VERSION = 2;
const DATABASE_ID = -1n;
/** Below it a digest is text. */
const DIGEST_VERSION_BINARY = 2;
/** Far more than a znode may hold. */
const ITEM_BYTES_MAX = 256 * 1024 * 1024;
/** A whole snapshot ends with the ustring "/". */
export const SNAPSHOT_END_BYTES: readonly number[] = [0, 0, 0, 1, 0x2f];

/** The digest of the tree as of a transaction: once that one is replayed, the tree must have it. */
export interface SnapshotDigest extends TxnDigest {
  readonly zxid: Zxid;
}

/** Writes a snapshot in slices: whoever does the I/O takes the bytes whenever it likes. */
export class SnapshotEncoder {
  readonly #writer = new JuteWriter(64 * 1024);
  #checksum = ADLER32_START;

  begin(tables: { sessions: readonly SnapshotSession[]; acls: readonly SnapshotAcl[] }): void {
    this.#writer.writeInt(MAGIC);
    this.#writer.writeInt(VERSION);
    this.#writer.writeLong(DATABASE_ID);
    encodeSnapshotTables(this.#writer, tables);
  }

  /** Demands that the parent came before. */
  node(node: SnapshotNode): void {
    encodeSnapshotNode(this.#writer, node);
  }

  /** Returns the last bytes; `digest` is left out when digests are off. */
  end(digest: SnapshotDigest | undefined): Uint8Array {
    this.#writer.writeString(SNAPSHOT_END);
    const body = this.#seal();
    if (digest === undefined) return body;
    this.#writer.writeLong(digest.zxid);
    this.#writer.writeInt(digest.version);
    this.#writer.writeLong(digest.treeDigest);
    const trailer = this.#seal();
    const both = new Uint8Array(body.length + trailer.length);
    both.set(body);
    both.set(trailer, body.length);
    return both;
  }

  get pendingBytes(): number {
    return this.#writer.length;
  }

  /** The bytes since the last call. */
  take(): Uint8Array {
    const bytes = this.#writer.finish();
    this.#writer.reset();
    this.#checksum = updateAdler32(this.#checksum, bytes);
    return bytes;
  }

  #seal(): Uint8Array {
    const content = this.take();
    this.#writer.writeLong(BigInt(this.#checksum));
    this.#writer.writeString(SNAPSHOT_END);
    const seal = this.take();
    const sealed = new Uint8Array(content.length + seal.length);
    sealed.set(content);
    sealed.set(seal, content.length);
    return sealed;
  }
}

type Part = 'header' | 'body' | 'bodySeal' | 'digest' | 'digestSeal' | 'zxid' | 'zxidSeal' | 'done';

/**
 * Reads a snapshot that comes in pieces: header → body → bodySeal [→ digest → digestSeal [→ zxid → zxidSeal]] → done.
 * It is complete behind each seal; only the end of the file tells whether another trailer follows.
 */
export class SnapshotDecoder {
  readonly #stream: ItemStream;
  readonly #body: SnapshotBodyDecoder;
  #part: Part = 'header';
  #checksum = ADLER32_START;
  /** The checksum in front of the record that was read last: a seal does not cover itself. */
  #checksumBefore = ADLER32_START;
  #digest: SnapshotDigest | undefined;

  constructor(sink: SnapshotSink, itemBytesMax = ITEM_BYTES_MAX) {
    this.#stream = new ItemStream({
      itemBytesMax,
      onTaken: (bytes) => {
        this.#checksumBefore = this.#checksum;
        this.#checksum = updateAdler32(this.#checksum, bytes);
      },
    });
    this.#body = new SnapshotBodyDecoder(this.#stream, sink);
  }

  /** Throws StorageError CORRUPT, or ProtocolError, on bytes that are no snapshot. */
  push(bytes: Uint8Array): void {
    this.#stream.push(bytes);
    while (this.#part !== 'done') if (!this.#step()) return;
  }

  /** The file has ended. Returns its digest, if it has one. Throws StorageError CORRUPT when something is missing. */
  end(): SnapshotDigest | undefined {
    const isAtSeal = this.#part === 'digest' || this.#part === 'zxid' || this.#part === 'done';
    // Compat: what stands behind the trailers that are known belongs to versions to come.
    if (!isAtSeal || (this.#part !== 'done' && this.#stream.rest.length > 0)) {
      throw new StorageError('CORRUPT', 'it ends too early');
    }
    return this.#digest;
  }

  /** One record; false when it is not there yet. */
  #step(): boolean {
    switch (this.#part) {
      case 'header':
        return this.#take(checkHeader, 'body');
      case 'body':
        if (!this.#body.advance()) return false;
        this.#part = 'bodySeal';
        return true;
      case 'bodySeal':
        return this.#takeSeal('digest');
      case 'digest':
        return this.#take((reader) => {
          this.#digest = decodeDigest(reader);
        }, 'digestSeal');
      case 'digestSeal':
        return this.#takeSeal('zxid');
      case 'zxid':
        // Differs: 3.9's own word for the zxid is not used, since 3.8 goes by the name of the file.
        return this.#take((reader) => {
          reader.readLong();
        }, 'zxidSeal');
      case 'zxidSeal':
        return this.#takeSeal('done');
      case 'done':
        return true;
    }
  }

  #take(read: (reader: JuteReader) => void, next: Part): boolean {
    const isThere = this.#stream.take((reader) => {
      read(reader);
      return true;
    });
    if (isThere !== true) return false;
    this.#part = next;
    return true;
  }

  #takeSeal(next: Part): boolean {
    const seal = this.#stream.take(decodeSeal);
    if (seal === undefined) return false;
    if (seal.checksum !== BigInt(this.#checksumBefore)) throw new StorageError('CORRUPT', 'a wrong checksum');
    if (seal.marker !== SNAPSHOT_END) throw new StorageError('CORRUPT', 'a seal without its end mark');
    this.#part = next;
    return true;
  }
}

function checkHeader(reader: JuteReader): void {
  const magic = reader.readInt();
  if (magic !== MAGIC) throw new StorageError('CORRUPT', 'it does not begin as a snapshot does');
  const version = reader.readInt();
  if (version !== VERSION) throw new StorageError('CORRUPT', `version ${version} of snapshots`);
  reader.readLong();
}

function decodeDigest(reader: JuteReader): SnapshotDigest | undefined {
  const zxid = toZxid(reader.readLong());
  const version = reader.readInt();
  if (version >= DIGEST_VERSION_BINARY) return { zxid, version, treeDigest: reader.readLong() };
  reader.readString();
  return undefined;
}

function decodeSeal(reader: JuteReader): { checksum: bigint; marker: string } {
  return { checksum: reader.readLong(), marker: reader.readString() };
}

/**
 * Cuts the stream of a quorum connection into packets, and the snapshot that follows a SNAP packet into one piece
 * (PROTOCOL.md 5.1, 5.6). Neither has a length in front, so the end of each is found by hopping over its fields; every
 * length is checked before anything is kept for it, and nothing is read twice.
 */
import { ProtocolError } from '../../shared/errors.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { type QuorumPacket, decodeQuorumPacket } from './quorum-packet.ts';
import { SnapshotScanner } from './snapshot-scanner.ts';

export type QuorumMessage =
  | { readonly kind: 'packet'; readonly packet: QuorumPacket }
  /** Behind a SNAP packet: the body of a snapshot, without the signature that ends it. */
  | { readonly kind: 'snapshot'; readonly bytes: Uint8Array };

/** Room for any transaction that a client with the default `jute.maxbuffer` can cause, a large closeSession included. */
const DATA_BYTES_MAX = 64 * 1024 * 1024;
const IDS_MAX = 1024;
const ID_BYTES_MAX = 64 * 1024;
/** Type, zxid and the length of the data. */
const FIXED_BYTES = 16;

export class QuorumStreamDecoder {
  readonly #onMessage: (message: QuorumMessage) => void;
  #bytes: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  #snapshot: SnapshotScanner | undefined;

  /** Messages are views into chunks, which must stay as they are: nothing here writes over them. */
  constructor(onMessage: (message: QuorumMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** Throws ProtocolError; the stream cannot be read on after that. */
  push(chunk: Uint8Array): void {
    this.#append(chunk);
    let at = 0;
    for (;;) {
      const next = this.#snapshot ? this.#takeSnapshot(this.#snapshot, at) : this.#takePacket(at);
      if (next === undefined) break;
      at = next;
    }
    if (at > 0) this.#keepFrom(at);
  }

  #append(chunk: Uint8Array): void {
    if (this.#end === 0) {
      this.#replace(chunk);
      this.#end = chunk.length;
      return;
    }
    const needed = this.#end + chunk.length;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#end * 2));
      grown.set(this.#bytes.subarray(0, this.#end));
      this.#replace(grown);
    }
    this.#bytes.set(chunk, this.#end);
    this.#end = needed;
  }

  /** What was handed out stays in the old buffer. */
  #keepFrom(at: number): void {
    this.#replace(this.#bytes.slice(at, this.#end));
    this.#end -= at;
  }

  #replace(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  #takePacket(start: number): number | undefined {
    const length = packetLength(this.#view, start, this.#end);
    if (length === undefined) return undefined;
    const packet = decodeQuorumPacket(new JuteReader(this.#bytes, start, start + length));
    if (packet.type === 'SNAP') this.#snapshot = new SnapshotScanner();
    this.#onMessage({ kind: 'packet', packet });
    return start + length;
  }

  #takeSnapshot(scanner: SnapshotScanner, start: number): number | undefined {
    const found = scanner.scan(this.#view, start, this.#end);
    if (found === undefined) return undefined;
    this.#snapshot = undefined;
    this.#onMessage({ kind: 'snapshot', bytes: this.#bytes.subarray(start, start + found.bodyBytes) });
    return start + found.bodyBytes + found.signatureBytes;
  }
}

/** Undefined when the packet at `start` is not complete. */
function packetLength(view: DataView, start: number, end: number): number | undefined {
  if (start + FIXED_BYTES > end) return undefined;
  const dataBytes = boundedLength(view.getInt32(start + 12), DATA_BYTES_MAX);
  let at = start + FIXED_BYTES + dataBytes;
  if (at + 4 > end) return undefined;
  const ids = boundedLength(view.getInt32(at), IDS_MAX);
  at += 4;
  // Two strings an id.
  for (let strings = ids * 2; strings > 0; strings--) {
    if (at + 4 > end) return undefined;
    at += 4 + boundedLength(view.getInt32(at), ID_BYTES_MAX);
  }
  return at > end ? undefined : at - start;
}

function boundedLength(length: number, max: number): number {
  if (length < -1 || length > max) throw new ProtocolError('BAD_LENGTH', `a length of ${length} in a packet`);
  return Math.max(length, 0);
}

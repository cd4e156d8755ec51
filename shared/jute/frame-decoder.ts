/**
 * Cuts a byte stream into the length-prefixed frames of ZooKeeper's client protocol (PROTOCOL.md 2.1). A frame's
 * length is checked before anything is allocated for it. Chunks that hold whole frames are handed on without a copy.
 */
import { ProtocolError } from '../errors.ts';

/** Java's default of `jute.maxbuffer`, 0xfffff bytes: the largest frame that a server takes. */
export const JUTE_MAXBUFFER_DEFAULT = 0xfffff;

export class FrameDecoder {
  readonly #frameBytesMax: number;
  readonly #onFrame: (frame: Uint8Array) => void;
  #header = new Uint8Array(4);
  #headerLength = 0;
  /** The frame under way, or undefined between frames. */
  #frame: Uint8Array | undefined;
  #filled = 0;
  #isStopped = false;

  /** `onFrame` gets a frame's payload; it is valid during the call only, unless the receiver copies it. */
  constructor({ frameBytesMax, onFrame }: { frameBytesMax: number; onFrame: (frame: Uint8Array) => void }) {
    this.#frameBytesMax = frameBytesMax;
    this.#onFrame = onFrame;
  }

  /** Bytes held back because their frame is not complete. */
  get pendingBytes(): number {
    return this.#headerLength + this.#filled;
  }

  /** Ignores whatever follows in this and later chunks; callable from within `onFrame`. */
  stop(): void {
    this.#isStopped = true;
    this.#frame = undefined;
    this.#filled = 0;
  }

  /** Throws ProtocolError FRAME_TOO_LARGE or BAD_LENGTH; the stream cannot be read on after that. */
  push(chunk: Uint8Array): void {
    // A plain view: what a Buffer's `slice` returns is no copy, and receivers copy what they keep by `slice`.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    while (at < bytes.length && !this.#isStopped) {
      if (this.#frame !== undefined) {
        at = this.#fill(this.#frame, bytes, at);
      } else {
        at = this.#readHeader(bytes, at);
      }
    }
  }

  #fill(frame: Uint8Array, chunk: Uint8Array, at: number): number {
    const count = Math.min(frame.length - this.#filled, chunk.length - at);
    frame.set(chunk.subarray(at, at + count), this.#filled);
    this.#filled += count;
    if (this.#filled === frame.length) {
      this.#frame = undefined;
      this.#filled = 0;
      this.#onFrame(frame);
    }
    return at + count;
  }

  #readHeader(chunk: Uint8Array, start: number): number {
    let at = start;
    while (this.#headerLength < 4 && at < chunk.length) this.#header[this.#headerLength++] = chunk[at++] ?? 0;
    if (this.#headerLength < 4) return at;
    this.#headerLength = 0;
    const length = new DataView(this.#header.buffer).getInt32(0);
    if (length < 0) throw new ProtocolError('BAD_LENGTH', `frame of ${length} bytes`);
    if (length > this.#frameBytesMax) {
      throw new ProtocolError(
        'FRAME_TOO_LARGE',
        `frame of ${length} bytes, the limit is ${this.#frameBytesMax}`,
      );
    }
    if (at + length <= chunk.length) {
      this.#onFrame(chunk.subarray(at, at + length));
      return at + length;
    }
    this.#frame = new Uint8Array(length);
    return at;
  }
}

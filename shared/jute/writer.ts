/**
 * Writer of Jute (PROTOCOL.md 1) into one buffer that grows by doubling. A writer may be used again after `reset`;
 * what `finish` returned stays valid, since it is a copy of exactly the bytes written.
 */
import { BugError } from '../assert.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';

const INITIAL_BYTES = 256;
/** A writer that has grown beyond this gives its buffer back when it is emptied. */
const KEPT_BYTES = 64 * 1024;

export class JuteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(initialBytes = INITIAL_BYTES) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Reserves `count` bytes and returns where they start. It may replace the view: call it in a statement of its own,
   * since in `this.#view.setInt32(this.#reserve(4), …)` the old view would have been taken already.
   */
  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = needed;
    return at;
  }

  writeByte(value: number): void {
    const at = this.#reserve(1);
    this.#view.setInt8(at, value);
  }

  writeBool(value: boolean): void {
    const at = this.#reserve(1);
    this.#view.setUint8(at, value ? 1 : 0);
  }

  writeInt(value: number): void {
    // Not `assert`: its message would be put together on every call, and this is the hottest one of a server.
    if ((value | 0) !== value) throw new BugError(`not a 32-bit integer: ${value}`);
    const at = this.#reserve(4);
    this.#view.setInt32(at, value);
  }

  writeLong(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value);
  }

  writeString(text: string | null): void {
    if (text === null) {
      this.writeInt(-1);
      return;
    }
    const length = utf8Length(text);
    const at = this.#reserve(4 + length);
    this.#view.setInt32(at, length);
    writeUtf8(text, this.#bytes, at + 4);
  }

  writeBuffer(bytes: Uint8Array | null): void {
    if (bytes === null) {
      this.writeInt(-1);
      return;
    }
    const at = this.#reserve(4 + bytes.length);
    this.#view.setInt32(at, bytes.length);
    this.#bytes.set(bytes, at + 4);
  }

  /** Bytes without a length in front. */
  writeRaw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  writeVector<T>(elements: readonly T[], writeElement: (writer: JuteWriter, element: T) => void): void {
    this.writeInt(elements.length);
    for (const element of elements) writeElement(this, element);
  }

  /** Leaves room for a frame's length and returns where; {@link endFrame} fills it in. */
  beginFrame(): number {
    return this.#reserve(4);
  }

  endFrame(at: number): void {
    this.#view.setInt32(at, this.#length - at - 4);
  }

  /** A view of what was written, good until more is. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** As {@link finish}; the writer is empty then. */
  take(): Uint8Array {
    const bytes = this.finish();
    this.#length = 0;
    if (this.#bytes.length > KEPT_BYTES) {
      this.#bytes = new Uint8Array(INITIAL_BYTES);
      this.#view = new DataView(this.#bytes.buffer);
    }
    return bytes;
  }

  reset(): void {
    this.#length = 0;
  }
}

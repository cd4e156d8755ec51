/**
 * Writer of Jute (PROTOCOL.md 1) into one buffer that grows by doubling. A writer may be used again after `reset`;
 * what `finish` returned stays valid, since it is a copy of exactly the bytes written.
 */
import { assert } from '../assert.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';

const INITIAL_BYTES = 256;
const INT_MIN = -0x8000_0000;
const INT_MAX = 0x7fff_ffff;

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

  /** Reserves `count` bytes and returns where they start. */
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
    this.#view.setInt8(this.#reserve(1), value);
  }

  writeBool(value: boolean): void {
    this.#view.setUint8(this.#reserve(1), value ? 1 : 0);
  }

  writeInt(value: number): void {
    assert(Number.isInteger(value) && value >= INT_MIN && value <= INT_MAX, `not a 32-bit integer: ${value}`);
    this.#view.setInt32(this.#reserve(4), value);
  }

  writeLong(value: bigint): void {
    this.#view.setBigInt64(this.#reserve(8), value);
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

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }
}

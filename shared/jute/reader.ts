/**
 * Reader of Jute, ZooKeeper's record encoding (PROTOCOL.md 1): big endian, no tags, lengths in front of strings,
 * buffers and vectors, -1 for null. Bounded: a length is checked against the bytes that are left before anything is
 * allocated, so a hostile frame costs no more memory than the frame itself.
 */
import { ProtocolError } from '../errors.ts';
import { decodeUtf8 } from './utf8.ts';

/** What came in one chunk is read by many readers, one a record: making a view for each costs more than reading most records. */
let lastView: DataView = new DataView(new ArrayBuffer(0));

function viewOf({ buffer }: Uint8Array): DataView {
  if (lastView.buffer !== buffer) lastView = new DataView(buffer);
  return lastView;
}

export class JuteReader {
  readonly #bytes: Uint8Array;
  /** Of the whole buffer that the bytes are in; they begin at `#start`. */
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  #offset: number;

  /** Reads `bytes` from `start` up to `end`, without a copy. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#start = bytes.byteOffset;
    this.#offset = start;
    this.#end = end;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  #take(count: number): number {
    const at = this.#offset;
    if (count > this.#end - at) {
      throw new ProtocolError(
        'TRUNCATED',
        `needs ${count} bytes at offset ${at}, ${this.#end - at} are left`,
      );
    }
    this.#offset = at + count;
    return at;
  }

  readByte(): number {
    return this.#view.getInt8(this.#start + this.#take(1));
  }

  /** Any byte but 0 is true, as in Java's reader. */
  readBool(): boolean {
    return this.#view.getUint8(this.#start + this.#take(1)) !== 0;
  }

  readInt(): number {
    return this.#view.getInt32(this.#start + this.#take(4));
  }

  readLong(): bigint {
    return this.#view.getBigInt64(this.#start + this.#take(8));
  }

  /** The length of a string or buffer, or -1 for null. */
  #readLength(): number {
    const length = this.readInt();
    if (length < -1 || length > this.remaining) {
      throw new ProtocolError('BAD_LENGTH', `length ${length}, but ${this.remaining} bytes are left`);
    }
    return length;
  }

  readNullableString(): string | null {
    const length = this.#readLength();
    if (length === -1) return null;
    const at = this.#take(length);
    return decodeUtf8(this.#bytes, at, at + length);
  }

  /** A string whose null means the same as its being empty. */
  readString(): string {
    return this.readNullableString() ?? '';
  }

  /** A string that must not be null, as paths must not. Throws BAD_VALUE. */
  readRequiredString(): string {
    const text = this.readNullableString();
    if (text === null) throw new ProtocolError('BAD_VALUE', 'null in place of a string');
    return text;
  }

  /** A view into the frame, not a copy: whoever keeps it longer than the frame must copy it. */
  readBuffer(): Uint8Array | null {
    const length = this.#readLength();
    if (length === -1) return null;
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /**
   * A vector, null as an empty one. `elementBytesMin` is the least that one element takes: a count that cannot fit
   * into what is left is refused before the first element is read.
   */
  readVector<T>(readElement: (reader: JuteReader) => T, elementBytesMin = 4): T[] {
    const count = this.readInt();
    // Compat: Java takes any count below -1 for an empty vector too.
    if (count <= 0) return [];
    if (count * elementBytesMin > this.remaining) {
      throw new ProtocolError('BAD_LENGTH', `${count} elements cannot fit into ${this.remaining} bytes`);
    }
    const elements: T[] = [];
    for (let at = 0; at < count; at++) elements.push(readElement(this));
    return elements;
  }

  /** The bytes that are left, as a view. */
  readRest(): Uint8Array {
    const at = this.#take(this.remaining);
    return this.#bytes.subarray(at, this.#end);
  }

  /** Throws TRAILING_BYTES unless everything was read. */
  expectEnd(): void {
    if (this.remaining !== 0) {
      throw new ProtocolError('TRAILING_BYTES', `${this.remaining} bytes behind the record`);
    }
  }
}

/**
 * Jute records out of bytes that come in pieces: gives one record at a time as soon as all of it is there. The records say
 * nowhere how long they are, so one that does not end yet looks like one that never will; a bound on what is kept tells
 * them apart.
 */
import { ProtocolError, StorageError } from '../errors.ts';
import { JuteReader } from '../jute/reader.ts';

/** The least size of the buffer. */
const BUFFER_BYTES_MIN = 64 * 1024;

export class ItemStream {
  readonly #itemBytesMax: number;
  readonly #onTaken: (bytes: Uint8Array) => void;
  #buffer = new Uint8Array(BUFFER_BYTES_MIN);
  #start = 0;
  #end = 0;

  /** `onTaken` sees the bytes of every record that was read, in their order. */
  constructor({
    itemBytesMax,
    onTaken = () => undefined,
  }: {
    itemBytesMax: number;
    onTaken?: (bytes: Uint8Array) => void;
  }) {
    this.#itemBytesMax = itemBytesMax;
    this.#onTaken = onTaken;
  }

  /** What was not read yet, as a view. */
  get rest(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  push(bytes: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (this.#end + bytes.length > this.#buffer.length) {
      const needed = kept + bytes.length;
      const target = needed > this.#buffer.length ? new Uint8Array(needed * 2) : this.#buffer;
      target.set(this.rest);
      this.#buffer = target;
      this.#start = 0;
      this.#end = kept;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /**
   * The next record, undefined as long as it is not complete. Buffers in it are views that the next `push` overwrites.
   * Throws StorageError CORRUPT when it is longer than any record may be, and ProtocolError when it is none.
   */
  take<T>(read: (reader: JuteReader) => T): T | undefined {
    const reader = new JuteReader(this.#buffer, this.#start, this.#end);
    let item: T;
    try {
      item = read(reader);
    } catch (error) {
      if (!(error instanceof ProtocolError && (error.code === 'TRUNCATED' || error.code === 'BAD_LENGTH'))) {
        throw error;
      }
      if (this.#end - this.#start > this.#itemBytesMax) {
        throw new StorageError('CORRUPT', `a record of more than ${this.#itemBytesMax} bytes`, {
          cause: error,
        });
      }
      return undefined;
    }
    this.#onTaken(this.#buffer.subarray(this.#start, reader.offset));
    this.#start = reader.offset;
    return item;
  }
}

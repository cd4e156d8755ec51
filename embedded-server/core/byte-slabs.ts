/**
 * Copies of short byte strings, many of them in one buffer. A buffer of its own costs each about 250 bytes more, a call of
 * malloc, and the garbage collector's care, several times what most values of znodes are long.
 */

/** V8 keeps so many bytes within the object itself (V8: JSTypedArray::kMaxSizeInHeap). */
const IN_HEAP_BYTES_MAX = 64;

export class ByteSlabs {
  readonly #slabBytes: number;
  readonly #sharedBytesMax: number;
  #slab = new ArrayBuffer(0);
  #used = 0;

  /**
   * A slab of `slabBytes` lives as long as any copy in it, which is therefore the most that one copy can hold on to; what is
   * longer than `sharedBytesMax` gets a buffer of its own.
   */
  constructor(slabBytes: number, sharedBytesMax: number) {
    this.#slabBytes = slabBytes;
    this.#sharedBytesMax = sharedBytesMax;
  }

  copy(bytes: Uint8Array): Uint8Array {
    const copy = this.#allocate(bytes.length);
    copy.set(bytes);
    return copy;
  }

  #allocate(length: number): Uint8Array {
    if (length <= IN_HEAP_BYTES_MAX || length > this.#sharedBytesMax) return new Uint8Array(length);
    if (this.#used + length > this.#slab.byteLength) {
      this.#slab = new ArrayBuffer(this.#slabBytes);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    return new Uint8Array(this.#slab, at, length);
  }
}

/** Reads what is appended to a file, in pieces of bounded size; a file that became shorter is read from its start. */
import { open } from 'node:fs/promises';

const PIECE_BYTES_MAX = 1024 * 1024;

export class FileTail {
  readonly path: string;
  #position: number;

  constructor(path: string, position = 0) {
    this.path = path;
    this.#position = position;
  }

  /** What is new, behind what was taken; the caller says by {@link take} how much of it is done with. Rejects when there is no such file. */
  async peek(bytesMax = PIECE_BYTES_MAX): Promise<Buffer> {
    const file = await open(this.path);
    try {
      const { size } = await file.stat();
      if (size < this.#position) this.#position = 0;
      const length = Math.min(size - this.#position, bytesMax);
      if (length === 0) return Buffer.alloc(0);
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(length),
        position: this.#position,
      });
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  take(bytes: number): void {
    this.#position += bytes;
  }
}

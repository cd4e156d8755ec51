/** Counts the replies in a stream of bytes, however it is cut, and those that tell of an error. Looks at nothing else. */

/** A frame's length and the reply header behind it, of which the error is the last field. */
const HEADER_BYTES = 20;
const ERROR_AT = 16;

export class ReplyCounter {
  count = 0;
  errors = 0;
  /** The start of a frame whose header is not all there. */
  #rest: Buffer | undefined;
  /** Bytes of a frame whose header was read already. */
  #missing = 0;

  push(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (this.#missing > bytes.length) {
      this.#missing -= bytes.length;
      return;
    }
    let at = this.#missing;
    if (at > 0) this.count++;
    this.#missing = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      if (bytes.readInt32BE(at + ERROR_AT) !== 0) this.errors++;
      const end = at + 4 + bytes.readInt32BE(at);
      if (end > bytes.length) {
        this.#missing = end - bytes.length;
        return;
      }
      this.count++;
      at = end;
    }
    if (at < bytes.length) this.#rest = bytes.subarray(at);
  }
}

/**
 * A log that keeps nothing: it only reports, one turn of the event loop later, that everything handed in since is
 * "durable". All writes that arrive in one turn are confirmed together, as a log on disk does with one fsync.
 */
import type { Zxid } from '../../shared/zxid.ts';

export class MemoryLog {
  readonly #onPersisted: (zxid: Zxid) => void;
  #last: Zxid | undefined;
  #isClosed = false;

  constructor(onPersisted: (zxid: Zxid) => void) {
    this.#onPersisted = onPersisted;
  }

  append(zxid: Zxid): void {
    if (this.#last === undefined) setImmediate(this.#flush);
    this.#last = zxid;
  }

  readonly #flush = (): void => {
    const last = this.#last;
    this.#last = undefined;
    if (last !== undefined && !this.#isClosed) this.#onPersisted(last);
  };

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }
}

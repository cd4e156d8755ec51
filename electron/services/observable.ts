/** A value that others follow: the newest state goes out at once and then, coalesced, at every change. */
import { PacedStream } from './paced-stream.ts';

export class Observable<T> {
  readonly #read: () => T;
  readonly #listeners = new Set<() => void>();

  /** `read` gives the newest value whenever somebody is to hear it. */
  constructor(read: () => T) {
    this.#read = read;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A stream of values, at most one in `intervalMs`. It ends itself after a value for which `isLast` holds. */
  stream(options: {
    readonly intervalMs: number;
    readonly isLast?: (value: T) => boolean;
    readonly onEnd?: () => void;
  }): PacedStream<T> {
    let isPending = true;
    const stream = new PacedStream<T>({
      intervalMs: options.intervalMs,
      take: () => {
        if (!isPending) return undefined;
        isPending = false;
        const value = this.#read();
        if (options.isLast?.(value) === true) stream.finish();
        return value;
      },
      onEnd: () => {
        stop();
        options.onEnd?.();
      },
    });
    const stop = this.onChange(() => {
      isPending = true;
      stream.wake();
    });
    return stream;
  }
}

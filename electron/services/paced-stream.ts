/**
 * A stream to the renderer whose pace the shell sets. oRPC has no back-pressure, so nothing may be pushed as it comes:
 * a producer calls `wake`, and at most once in `intervalMs` the stream asks `take` for what there is to say by then (a
 * newest state, or a bounded batch). An iterator of its own rather than a generator, because a generator that waits
 * cannot be ended from outside: its `return` queues behind the pending `next`.
 */
export interface PacedStreamOptions<T> {
  /** What to send now; undefined when there is nothing. */
  readonly take: () => T | undefined;
  readonly intervalMs: number;
  /** Called once when the stream ends, for whichever reason. */
  readonly onEnd?: () => void;
}

interface Waiting<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

export class PacedStream<T> implements AsyncIterableIterator<T, undefined> {
  readonly #options: PacedStreamOptions<T>;
  #waiting: Waiting<T> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sentAtMs = -Infinity;
  #state: 'open' | 'finishing' | 'ended' = 'open';
  #failure: { readonly error: unknown } | undefined;

  constructor(options: PacedStreamOptions<T>) {
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Says that `take` may have something. */
  wake(): void {
    if (this.#waiting === undefined || this.#timer !== undefined) return;
    const waitMs = this.#sentAtMs + this.#options.intervalMs - performance.now();
    if (waitMs <= 0) this.#deliver();
    else this.#timer = setTimeout(() => this.#onTimer(), waitMs);
  }

  /** Ends the stream after what `take` still has. */
  finish(): void {
    if (this.#state !== 'open') return;
    this.#state = 'finishing';
    this.#deliver();
  }

  /** Ends the stream with an error, after what `take` still has. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.finish();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#state === 'open') this.wake();
      else this.#deliver();
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#deliver();
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    // Out of the way first: `take` may call `finish`.
    this.#waiting = undefined;
    const value = this.#state === 'ended' ? undefined : this.#options.take();
    if (value !== undefined) {
      this.#sentAtMs = performance.now();
      waiting.resolve({ done: false, value });
      return;
    }
    this.#waiting = waiting;
    if (this.#state !== 'open') this.#end();
  }

  #end(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const isFirst = this.#state !== 'ended';
    this.#state = 'ended';
    if (this.#failure === undefined) waiting?.resolve({ done: true, value: undefined });
    else waiting?.reject(this.#failure.error);
    this.#failure = undefined;
    if (isFirst) this.#options.onEnd?.();
  }
}

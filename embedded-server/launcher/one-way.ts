/**
 * Carries bytes one way between two sockets, in order, as late and as slowly as the line's quality says at the time they
 * arrive. What waits is bounded: a sender that is faster than the line is held back, as a real line would.
 */
import type { Socket } from 'node:net';

export interface LineQuality {
  /** Nothing arrives; what was sent waits, as TCP would send it again. */
  readonly isCut: boolean;
  /** How long a byte is under way. */
  readonly delayMs: number;
  /** Undefined: as fast as it goes. */
  readonly bytesPerSecond: number | undefined;
}

interface Waiting {
  /** Undefined: the sender has ended its side. */
  readonly bytes: Buffer | undefined;
  readonly dueMs: number;
}

const WAITING_BYTES_MAX = 4 * 1024 * 1024;

export interface OneWayOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly quality: LineQuality;
  /** Sees everything first; what it returns is carried, undefined for nothing yet. */
  readonly rewrite?: (bytes: Buffer) => Buffer | undefined;
}

/** Both sockets must have been made with `allowHalfOpen`. Call {@link OneWay.stop} when either is closed. */
export class OneWay {
  readonly #options: OneWayOptions;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isSinkFull = false;
  /** When the line has sent the last byte it was given; then when that one arrives. */
  #lineFreeMs = 0;
  #lastDueMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OneWayOptions) {
    this.#options = options;
    const { from, to, rewrite } = options;
    from.on('data', (chunk: Buffer) => {
      const bytes = rewrite === undefined ? chunk : rewrite(chunk);
      if (bytes !== undefined) this.#accept(bytes);
    });
    from.on('end', () => {
      this.#accept(undefined);
    });
    to.on('drain', () => {
      this.#isSinkFull = false;
      this.#regulate();
    });
  }

  /** The line may be whole again. */
  wake(): void {
    this.#deliver();
    this.#regulate();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #accept(bytes: Buffer | undefined): void {
    const { delayMs, bytesPerSecond } = this.#options.quality;
    const length = bytes?.length ?? 0;
    const sendingMs = bytesPerSecond === undefined ? 0 : (length * 1000) / bytesPerSecond;
    this.#lineFreeMs = Math.max(performance.now(), this.#lineFreeMs) + sendingMs;
    this.#lastDueMs = Math.max(this.#lineFreeMs + delayMs, this.#lastDueMs);
    this.#waiting.push({ bytes, dueMs: this.#lastDueMs });
    this.#waitingBytes += length;
    this.#deliver();
    this.#regulate();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    if (this.#options.quality.isCut) return;
    const nowMs = performance.now();
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined) return;
      if (next.dueMs > nowMs) {
        this.#timer = setTimeout(() => {
          this.#deliver();
          this.#regulate();
        }, next.dueMs - nowMs);
        return;
      }
      this.#waiting.shift();
      this.#write(next.bytes);
    }
  }

  #write(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      this.#options.to.end();
      return;
    }
    this.#waitingBytes -= bytes.length;
    if (!this.#options.to.write(bytes)) this.#isSinkFull = true;
  }

  #regulate(): void {
    const { from } = this.#options;
    if (this.#isSinkFull || this.#waitingBytes > WAITING_BYTES_MAX) from.pause();
    else if (from.isPaused()) from.resume();
  }
}

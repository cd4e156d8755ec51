/** A network and a clock in the hands of a test: bytes arrive and time passes only when it says so. */
import type { HostPort } from '../../electron/client/connect-string.ts';
import type { Clock } from '../../electron/client/session-driver.ts';
import type { Connection, ConnectionListener, Transport } from '../../electron/client/transport.ts';
import type { Prng } from './prng.ts';

export class FakeConnection implements Connection {
  readonly listener: ConnectionListener;
  isOpen = false;
  isClosed = false;
  /** What the client has sent and nobody has taken yet. */
  sent: Uint8Array[] = [];

  constructor(listener: ConnectionListener) {
    this.listener = listener;
  }

  send(bytes: Uint8Array): void {
    if (this.isClosed || !this.isOpen) throw new Error('the client sent on a connection that is not open');
    this.sent.push(bytes);
  }

  close(): void {
    this.isClosed = true;
  }
}

export class FakeNetwork implements Transport {
  /** The newest connection that was asked for. */
  current: FakeConnection | undefined;

  open(_host: HostPort, listener: ConnectionListener): Connection {
    this.current = new FakeConnection(listener);
    return this.current;
  }
}

export class FakeClock implements Clock {
  readonly #prng: Prng;
  #nowMs = 1000;
  #timers: { atMs: number; callback: () => void }[] = [];
  #deferred: (() => void)[] = [];

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return this.#prng.uint32() / 0x1_0000_0000;
  }

  startTimer(callback: () => void, delayMs: number): () => void {
    const timer = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /** Runs what was put off to the end of the turn. */
  endTurn(): void {
    for (let next = this.#deferred.shift(); next !== undefined; next = this.#deferred.shift()) next();
  }

  /** Lets time pass; timers fire in their order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.callback();
      this.endTurn();
    }
    this.#nowMs = untilMs;
  }
}

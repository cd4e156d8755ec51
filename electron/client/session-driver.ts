/**
 * Runs a session core: keeps its timer, carries its bytes over a transport and hands its news on. Effects are executed in
 * order, and an event that a listener causes meanwhile waits until they are. What is sent within one turn of the event loop
 * leaves in one write.
 */
import type { AppError, ConnectionError } from '../../shared/errors.ts';
import type { HostPort } from './connect-string.ts';
import { SessionCore } from './session-core.ts';
import {
  type SessionEffect,
  type SessionEvent,
  type SessionOptions,
  type SessionState,
  isTerminal,
} from './session-types.ts';
import type { Connection, Transport } from './transport.ts';
import type { WatchDelivery } from './watch-registry.ts';

/** Time and chance, replaceable in tests. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  nowMs(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Calls `callback` once after `delayMs`; the result cancels it. */
  startTimer(callback: () => void, delayMs: number): () => void;
  /** Calls `callback` once this turn's work is done. */
  defer(callback: () => void): void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  random: () => Math.random(),
  startTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
  defer(callback) {
    setImmediate(callback);
  },
};

/** Whoever owns a session hears of its course here. */
export interface SessionObserver {
  onState(state: SessionState, error: AppError | undefined): void;
  onWatch(delivery: WatchDelivery): void;
  onAttemptFailed(error: ConnectionError): void;
}

/** Resolves to whether `host` serves reads and writes; never rejects. */
export type ReadWriteProbe = (host: HostPort) => Promise<boolean>;

export class SessionDriver {
  readonly core: SessionCore;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #observer: SessionObserver;
  readonly #probe: ReadWriteProbe;
  readonly #events: SessionEvent[] = [];
  #isRunning = false;
  #connection: Connection | undefined;
  #outbox: Uint8Array[] = [];
  #isFlushScheduled = false;
  #cancelTimer: (() => void) | undefined;

  constructor(
    options: SessionOptions,
    dependencies: { transport: Transport; clock: Clock; observer: SessionObserver; probe: ReadWriteProbe },
  ) {
    this.core = new SessionCore(options);
    this.#transport = dependencies.transport;
    this.#clock = dependencies.clock;
    this.#observer = dependencies.observer;
    this.#probe = dependencies.probe;
  }

  /** Steps the core, now or, from within an effect, once the effects at hand are executed. */
  post(event: SessionEvent): void {
    this.#events.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#run(next);
    } finally {
      this.#isRunning = false;
    }
    this.#armTimer();
  }

  #run(event: SessionEvent): void {
    const moment = { nowMs: this.#clock.nowMs(), random: this.#clock.random() };
    for (const effect of this.core.step(event, moment)) this.#execute(effect);
  }

  #execute(effect: SessionEffect): void {
    switch (effect.type) {
      case 'open':
        this.#open(effect.connection, effect.host);
        break;
      case 'send':
        this.#outbox.push(effect.bytes);
        this.#scheduleFlush();
        break;
      case 'disconnect':
        this.#connection?.close();
        this.#connection = undefined;
        this.#outbox = [];
        break;
      case 'settle':
        effect.settle(effect.outcome);
        break;
      case 'watch':
        this.#observer.onWatch(effect.delivery);
        break;
      case 'attemptFailed':
        this.#observer.onAttemptFailed(effect.error);
        break;
      case 'probe':
        void this.#probe(effect.host).then((isReadWrite) => {
          if (isReadWrite) this.post({ type: 'readWriteFound', host: effect.host });
        });
        break;
      case 'state':
        this.#observer.onState(effect.state, effect.error);
        break;
    }
  }

  #open(connection: number, host: HostPort): void {
    this.#connection = this.#transport.open(host, {
      onOpen: () => {
        this.post({ type: 'opened', connection });
      },
      onChunk: (chunk) => {
        this.post({ type: 'received', connection, chunk });
      },
      onClose: (error) => {
        this.post({ type: 'lost', connection, error });
      },
    });
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#clock.defer(() => {
      this.#isFlushScheduled = false;
      const chunks = this.#outbox;
      this.#outbox = [];
      if (chunks.length > 0) this.#connection?.send(joinChunks(chunks));
    });
  }

  #armTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const deadlineMs = this.core.deadlineMs;
    if (deadlineMs === undefined || isTerminal(this.core.state)) return;
    // Rounded up, since a timer that fires early would spin until the time has come.
    const delayMs = Math.max(0, Math.ceil(deadlineMs - this.#clock.nowMs()));
    this.#cancelTimer = this.#clock.startTimer(() => {
      this.#cancelTimer = undefined;
      this.post({ type: 'tick' });
    }, delayMs);
  }
}

function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

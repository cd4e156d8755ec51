/**
 * Gives a core its events one at a time, and carries out the effects of all that came in one turn of Node's event loop
 * together, in their order: one write a socket, one batch for the log. Keeps one timer, always set for when the core next
 * has something to do by itself.
 */
import { createHash } from 'node:crypto';

import { assert } from '../shared/assert.ts';
import type { Now } from './core/effects.ts';

interface Core<Event, Effect> {
  /** On the elapsed clock; may be infinite. */
  readonly nextTickMs: number;
  /** Some of its effects should not wait for the end of the turn: {@link takeUrgentEffects}. */
  readonly isUrgent: boolean;
  handle(event: Event, now: Now): void;
  /** Of all events since the last call. */
  takeEffects(): Effect[];
  /** Those that need not wait for the others. */
  takeUrgentEffects(): Effect[];
}

export interface EventLoopOptions<Event, Effect> {
  readonly core: Core<Event, Effect>;
  readonly now: () => Now;
  readonly tick: Event;
  readonly run: (effect: Effect) => void;
  /** An event is handled; its effects may be yet to come. */
  readonly onHandled?: () => void;
  /** The core has a bug. Nothing is handled any more. */
  readonly onBug: (error: unknown) => void;
}

/** Node takes no longer timer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest();
}

export class EventLoop<Event, Effect> {
  readonly #options: EventLoopOptions<Event, Effect>;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = Infinity;
  #isTicking = false;
  #isBusy = false;
  /** Effects will be carried out at the end of this turn. */
  #isDue = false;
  #isStopped = false;

  constructor(options: EventLoopOptions<Event, Effect>) {
    this.#options = options;
  }

  /** From now on time passes. */
  startTicking(): void {
    this.#isTicking = true;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  handle(event: Event): void {
    const { core, now, onHandled } = this.#options;
    this.#guarded(() => {
      core.handle(event, now());
    });
    if (this.#isStopped) return;
    onHandled?.();
    if (core.isUrgent) this.#carryOut(() => core.takeUrgentEffects());
    this.#carryOutSoon();
    this.#schedule();
  }

  #carryOutSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const { core } = this.#options;
    setImmediate(() => {
      this.#isDue = false;
      this.#carryOut(() => core.takeEffects());
    });
  }

  #carryOut(take: () => Effect[]): void {
    this.#guarded(() => {
      for (const effect of take()) this.#options.run(effect);
    });
  }

  #guarded(work: () => void): void {
    if (this.#isStopped) return;
    assert(!this.#isBusy, 'an event came while another was being handled');
    this.#isBusy = true;
    try {
      work();
    } catch (error) {
      this.stop();
      this.#options.onBug(error);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Setting a timer for each event would cost more than most events do: one that is early enough stays. */
  #schedule(): void {
    if (!this.#isTicking || this.#isStopped) return;
    const { core, now, tick } = this.#options;
    const dueMs = Math.max(core.nextTickMs, 0);
    if (dueMs >= this.#timerMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = dueMs;
    const delayMs = Math.min(Math.max(1, dueMs - now().elapsedMs), TIMER_MS_MAX);
    this.#timer = setTimeout(() => {
      this.#timerMs = Infinity;
      if (core.nextTickMs <= now().elapsedMs) this.handle(tick);
      else this.#schedule();
    }, delayMs);
  }
}

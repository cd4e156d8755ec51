/**
 * Gives a core its events one at a time, carries out the effects of each in their order, and keeps one timer, always set for
 * when the core next has something to do by itself.
 */
import { createHash } from 'node:crypto';

import { assert } from '../shared/assert.ts';
import type { Now } from './core/effects.ts';

interface Core<Event, Effect> {
  /** On the elapsed clock; may be infinite. */
  readonly nextTickMs: number;
  step(event: Event, now: Now): Effect[];
}

export interface EventLoopOptions<Event, Effect> {
  readonly core: Core<Event, Effect>;
  readonly now: () => Now;
  readonly tick: Event;
  readonly run: (effect: Effect) => void;
  /** Everything of a step is carried out; another event may be given. */
  readonly onStepped?: () => void;
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
  #isStepping = false;
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

  step(event: Event): void {
    if (this.#isStopped) return;
    assert(!this.#isStepping, 'an event came while another was being handled');
    const { core, now, run, onStepped, onBug } = this.#options;
    this.#isStepping = true;
    try {
      for (const effect of core.step(event, now())) run(effect);
    } catch (error) {
      this.stop();
      onBug(error);
    } finally {
      this.#isStepping = false;
    }
    onStepped?.();
    this.#schedule();
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
      if (core.nextTickMs <= now().elapsedMs) this.step(tick);
      else this.#schedule();
    }, delayMs);
  }
}

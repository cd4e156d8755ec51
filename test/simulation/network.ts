/**
 * Connections between hosts. One connection is first in, first out in each direction, as TCP is; different ones overtake
 * each other. A cut direction delivers nothing until it heals, when everything held back arrives; a broken connection
 * loses what was on its way, and both ends hear of it in their own time.
 */
import type { Prng } from '../fuzz/prng.ts';
import type { VirtualClock } from './clock.ts';
import type { Coverage } from './coverage.ts';

/** Hosts of servers are their sids; clients share one host that is never cut off. */
export type Host = number;
export const CLIENT_HOST: Host = 0;

const DELAY_MS_MAX = 12;
/** Once in a while a packet takes much longer. */
const SLOW_CHANCE = 0.02;
const SLOW_MS_MAX = 250;

/** One direction of a connection. */
export class Wire {
  readonly from: Host;
  readonly to: Host;
  isBroken = false;
  lastArrivalMs = 0;
  readonly queue: (() => void)[] = [];
  /** How many of the queue have come to the other end, or would have, were the way not cut. */
  arrived = 0;

  constructor(from: Host, to: Host) {
    this.from = from;
    this.to = to;
  }
}

export class Network {
  readonly #clock: VirtualClock;
  readonly #prng: Prng;
  readonly #coverage: Coverage;
  readonly #cuts = new Set<string>();
  readonly #waiting = new Set<Wire>();

  constructor({ clock, prng, coverage }: { clock: VirtualClock; prng: Prng; coverage: Coverage }) {
    this.#clock = clock;
    this.#prng = prng;
    this.#coverage = coverage;
  }

  /** `deliver` runs at the other end, behind everything sent on this wire before. */
  send(wire: Wire, deliver: () => void): void {
    wire.queue.push(deliver);
    const arrivalMs = Math.max(wire.lastArrivalMs, this.#clock.nowMs + this.#delayMs());
    wire.lastArrivalMs = arrivalMs;
    this.#clock.after(arrivalMs - this.#clock.nowMs, () => {
      wire.arrived++;
      this.#deliver(wire);
    });
  }

  /** Hands over what has arrived, unless the way is cut just now. */
  #deliver(wire: Wire): void {
    while (wire.arrived > 0 && !wire.isBroken) {
      if (this.isCut(wire)) {
        this.#waiting.add(wire);
        return;
      }
      wire.arrived--;
      wire.queue.shift()?.();
    }
  }

  #delayMs(): number {
    if (!this.#prng.chance(SLOW_CHANCE)) return 1 + this.#prng.below(DELAY_MS_MAX);
    this.#coverage.count('late packet');
    return this.#prng.below(SLOW_MS_MAX);
  }

  isCut({ from, to }: { from: Host; to: Host }): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  cut(from: Host, to: Host): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** One direction works again; what was held back arrives. */
  mend(from: Host, to: Host): void {
    this.#cuts.delete(`${from}>${to}`);
    this.#deliverWaiting();
  }

  /** All directions work again. */
  heal(): void {
    this.#cuts.clear();
    this.#deliverWaiting();
  }

  #deliverWaiting(): void {
    for (const wire of this.#waiting) {
      if (this.isCut(wire)) continue;
      this.#waiting.delete(wire);
      this.#clock.after(this.#delayMs(), () => {
        this.#deliver(wire);
      });
    }
  }
}

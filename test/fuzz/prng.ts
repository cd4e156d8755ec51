/**
 * A small seeded generator (mulberry32) for fuzzing: the same seed gives the same frames. The seed is drawn anew for
 * every run, unless ZABRA_FUZZ_SEED names one; each suite prints the one that it uses.
 */

export class Prng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to 2^32-1. */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 up to, not including, `bound`. Demands a bound of at least 1. */
  below(bound: number): number {
    return this.uint32() % bound;
  }

  chance(probability: number): boolean {
    return this.uint32() < probability * 0x1_0000_0000;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  /** A generator of its own for a part of the work, so that parts that run side by side stay repeatable. */
  fork(part: number): Prng {
    return new Prng(Math.imul(this.#state ^ part, 0x9e37_79b1));
  }
}

/** The seed of this run. */
export function fuzzSeed(): number {
  const given = process.env['ZABRA_FUZZ_SEED'];
  return given === undefined ? Math.floor(Math.random() * 0x1_0000_0000) : Number(given) >>> 0;
}

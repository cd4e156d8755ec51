/** Things by key and time, to be asked for a span of time in a few steps. Pure. */

interface Timed<T> {
  readonly atMs: number;
  readonly member: T;
}

export class SpanIndex<Key, T> {
  readonly #byKey = new Map<Key, Timed<T>[]>();

  constructor(members: readonly T[], keyOf: (member: T) => Key, timeOf: (member: T) => number) {
    for (const member of members) {
      const key = keyOf(member);
      const timed = this.#byKey.get(key) ?? [];
      if (timed.length === 0) this.#byKey.set(key, timed);
      timed.push({ atMs: timeOf(member), member });
    }
    for (const timed of this.#byKey.values()) timed.sort((x, y) => x.atMs - y.atMs);
  }

  /** Both ends belong to it; in the order of time, at one time in the order in which they were given. */
  between(key: Key, fromMs: number, toMs: number): T[] {
    const timed = this.#byKey.get(key) ?? [];
    const found: T[] = [];
    for (let index = firstFrom(timed, fromMs); index < timed.length; index++) {
      const next = timed[index];
      if (next === undefined || next.atMs > toMs) break;
      found.push(next.member);
    }
    return found;
  }

  /** The first that is later. */
  firstAfter(key: Key, atMs: number): T | undefined {
    const timed = this.#byKey.get(key) ?? [];
    let index = firstFrom(timed, atMs);
    while (timed[index]?.atMs === atMs) index++;
    return timed[index]?.member;
  }

  last(key: Key): T | undefined {
    return this.#byKey.get(key)?.at(-1)?.member;
  }
}

function firstFrom<T>(timed: readonly Timed<T>[], fromMs: number): number {
  let [low, high] = [0, timed.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timed[middle]?.atMs ?? Infinity) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

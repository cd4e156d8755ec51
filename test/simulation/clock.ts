/** Virtual time: what is due at a moment happens in the order in which it was asked for, and nothing else moves. */

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

export class VirtualClock {
  /** A binary heap, the earliest at the top. */
  readonly #heap: Due[] = [];
  #nowMs = 0;
  #order = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): void {
    this.#push({ atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run });
  }

  /** Runs everything due up to `untilMs`, or until `isDone` says so. */
  runUntil(untilMs: number, isDone: () => boolean = () => false): void {
    for (let top = this.#heap[0]; top && top.atMs <= untilMs && !isDone(); top = this.#heap[0]) {
      this.#pop();
      this.#nowMs = top.atMs;
      top.run();
    }
    if (!isDone()) this.#nowMs = untilMs;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs !== b.atMs ? a.atMs < b.atMs : a.order < b.order;
}

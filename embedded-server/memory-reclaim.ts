/**
 * Gives memory back to the system when a server has become small again. V8 pools the pages that a collection emptied, for
 * the heap to grow into once more, and lets go of them only in a collection of its "last resort" (V8: PagePool,
 * Heap::CollectAllAvailableGarbage): without one a server stays as big as it ever was.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const CHECK_EVERY_MS = 5000;
/** For so many looks in a row: a heap that breathes takes its pages back by itself, and pays for each that it gave away. */
const LOOKS = 12;
/** Less than that is not worth a pause. */
const WORTHWHILE_BYTES = 64e6;
/** The pause grows with what is alive, by about 2 ms a megabyte. */
const LIVE_BYTES_MAX = 128e6;

interface MemoryUsage {
  readonly rss: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  readonly external: number;
}

type CollectGarbage = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/** What the system counts beyond what V8 says that it uses: the program, its stacks, and pooled pages. */
function beyondHeap({ rss, heapTotal, external }: MemoryUsage): number {
  return rss - heapTotal - external;
}

/** When to give back, from one look at the memory after another. */
export class ReclaimRule {
  /** What collecting cannot give back. */
  #baseBytes: number;
  #worthwhileLooks = 0;

  constructor(usage: MemoryUsage) {
    this.#baseBytes = beyondHeap(usage);
  }

  isDue(usage: MemoryUsage): boolean {
    const isWorthwhile =
      beyondHeap(usage) - this.#baseBytes >= WORTHWHILE_BYTES && usage.heapUsed <= LIVE_BYTES_MAX;
    this.#worthwhileLooks = isWorthwhile ? this.#worthwhileLooks + 1 : 0;
    return this.#worthwhileLooks >= LOOKS;
  }

  collected(usage: MemoryUsage): void {
    this.#baseBytes = beyondHeap(usage);
    this.#worthwhileLooks = 0;
  }
}

/** Checks every `everyMs`, and does not keep the process alive. */
export function reclaimMemory(everyMs = CHECK_EVERY_MS): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as CollectGarbage;
  const rule = new ReclaimRule(process.memoryUsage());
  setInterval(() => {
    if (!rule.isDue(process.memoryUsage())) return;
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    rule.collected(process.memoryUsage());
  }, everyMs).unref();
}

/**
 * What is known of the rows: children counts and what the badges say. Read only for rows on screen, in batches, one
 * batch at a time; changes mark entries stale, and a stale entry is shown until its successor arrives.
 */
import { isWithin } from '../../../../shared/path.ts';
import type { ZnodeSummary } from '../../../../shared/api/znodes.ts';

/** The contract's limit of one call. */
const BATCH_MAX = 500;
/** Entries kept, on screen or not; the oldest go first. */
const ENTRIES_MAX = 50_000;

export interface SummaryCacheOptions {
  readonly read: (paths: string[]) => Promise<readonly ZnodeSummary[]>;
  readonly onArrive: (summaries: readonly ZnodeSummary[]) => void;
  /** Runs a callback soon: the next frame. */
  readonly soon: (run: () => void) => void;
}

export class SummaryCache {
  readonly #options: SummaryCacheOptions;
  readonly #entries = new Map<string, ZnodeSummary>();
  readonly #stale = new Set<string>();
  #visible: readonly string[] = [];
  #isReading = false;
  #isScheduled = false;

  constructor(options: SummaryCacheOptions) {
    this.#options = options;
  }

  get(path: string): ZnodeSummary | undefined {
    return this.#entries.get(path);
  }

  /** Tells which rows are on screen; what is missing or stale among them is read. */
  show(paths: readonly string[]): void {
    this.#visible = paths;
    this.#schedule();
  }

  markStale(path: string): void {
    if (!this.#entries.has(path)) return;
    this.#stale.add(path);
    this.#schedule();
  }

  markAllStale(): void {
    for (const path of this.#entries.keys()) this.#stale.add(path);
    this.#schedule();
  }

  forget(path: string): void {
    this.#entries.delete(path);
    this.#stale.delete(path);
  }

  /** Ephemeral nodes at and below a path, among those whose summary is known. */
  countEphemerals(ancestor: string): number {
    let count = 0;
    for (const [path, summary] of this.#entries) {
      if (summary.kind === 'node' && summary.ephemeralOwner !== '0x0' && isWithin({ path, ancestor }))
        count++;
    }
    return count;
  }

  /** The summary of one node, read at once when it is not there. Rejects as the read does. */
  async require(path: string): Promise<ZnodeSummary | undefined> {
    const known = this.#entries.get(path);
    if (known !== undefined && !this.#stale.has(path)) return known;
    this.#take(await this.#options.read([path]));
    return this.#entries.get(path);
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isReading) return;
    this.#isScheduled = true;
    this.#options.soon(() => {
      this.#isScheduled = false;
      void this.#readVisible();
    });
  }

  async #readVisible(): Promise<void> {
    const wanted = this.#visible.filter((path) => !this.#entries.has(path) || this.#stale.has(path));
    if (wanted.length === 0 || this.#isReading) return;
    this.#isReading = true;
    // A change that arrives while the batch is under way marks its entry stale again.
    const batch = wanted.slice(0, BATCH_MAX);
    for (const path of batch) this.#stale.delete(path);
    let hasArrived = false;
    try {
      this.#take(await this.#options.read(batch));
      hasArrived = true;
    } catch {
      // The connection says why; rows keep what they showed, and the next change or scroll asks again.
      for (const path of batch) if (this.#entries.has(path)) this.#stale.add(path);
    } finally {
      this.#isReading = false;
    }
    if (hasArrived) this.#schedule();
  }

  #take(summaries: readonly ZnodeSummary[]): void {
    for (const summary of summaries) {
      this.#entries.delete(summary.path);
      this.#entries.set(summary.path, summary);
    }
    for (const path of this.#entries.keys()) {
      if (this.#entries.size <= ENTRIES_MAX) break;
      this.forget(path);
    }
    this.#options.onArrive(summaries);
  }
}

/**
 * Reads children of expanded nodes and keeps the listings fresh: a bounded number of streams at a time, the question
 * before a large one, its progress, cancelling, and reading again after a change, the more patiently the larger it is.
 *
 *   stale ──refresh──► (asks, when large) ──load──► loading ──end──► fresh ──change──► stale
 */
import type { ChildrenPiece } from '../../../../shared/api/znodes.ts';
import type { Failure } from '../../../../shared/api/failure.ts';
import type { SummaryCache } from './summary-cache.ts';
import type { TreeModel } from './tree-model.ts';

/** Time, injected so that tests need not wait. */
export interface Timers {
  /** Runs `run` after so long; the result calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

export interface ListingsOptions {
  readonly model: TreeModel;
  readonly summaries: SummaryCache;
  readonly open: (path: string, signal: AbortSignal) => Promise<AsyncIterable<ChildrenPiece>>;
  readonly failureOf: (error: unknown) => Failure;
  readonly timers: Timers;
  readonly onChange: () => void;
  /** Names that a repeated listing brought; their rows flash. */
  readonly onAdded: (parent: string, names: readonly string[]) => void;
  readonly onDenied: (path: string) => void;
  /** The node itself turned out to be gone. */
  readonly onGone: (path: string) => void;
}

const STREAMS_MAX = 6;
/** Nothing is shown of a load that takes no longer. */
const SHOW_AFTER_MS = 150;
/** A listing of n children is read again at most every n × this, so that a busy parent does not flood the wire. */
const REPEAT_MS_PER_CHILD = 0.05;
const REPEAT_MS_MAX = 5_000;
/** Why a load is broken off that nobody has cancelled. */
const STOPPED = new DOMException('the tree has left the screen', 'AbortError');

interface Load {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** A change arrived meanwhile: what is being read may be older than it. */
  isOutdated: boolean;
}

export class Listings {
  readonly #options: ListingsOptions;
  readonly #fresh = new Set<string>();
  readonly #loads = new Map<string, Load>();
  /** Reads that are put off after a change. */
  readonly #delayed = new Map<string, () => void>();
  /** Large nodes that the person agreed to load. */
  readonly #agreed = new Set<string>();
  #isStopped = false;
  /** Above so many children the person is asked. */
  askAbove = Infinity;

  constructor(options: ListingsOptions) {
    this.#options = options;
  }

  isLoading(path: string): boolean {
    return this.#loads.has(path);
  }

  /** Whether what is known of a node's children is watched and up to date. */
  isFresh(path: string): boolean {
    return this.#fresh.has(path) && this.#options.model.isExpanded(path);
  }

  /** Reads every listing on screen that is not fresh, as many at a time as is polite. */
  refresh(): void {
    if (this.#isStopped) return;
    for (const path of this.#options.model.expandedPaths()) {
      if (this.#loads.size >= STREAMS_MAX) return;
      if (this.#fresh.has(path) || this.#loads.has(path) || this.#delayed.has(path)) continue;
      const notice = this.#options.model.noticeOf(path)?.kind;
      if (notice === 'ask' || notice === 'failed' || notice === 'cancelled') continue;
      void this.load(path);
    }
  }

  /** Reads one listing, now; the same one if it is being read. Never rejects: a failure becomes a notice. */
  async load(path: string, { isAgreed = false } = {}): Promise<void> {
    if (isAgreed) this.#agreed.add(path);
    const running = this.#loads.get(path);
    if (running !== undefined) return running.done;
    this.#cancelDelay(path);
    const abort = new AbortController();
    const done = this.#run(path, abort.signal).finally(() => {
      const isOutdated = this.#loads.get(path)?.isOutdated ?? false;
      this.#loads.delete(path);
      if (isOutdated) this.markStale(path);
      this.refresh();
    });
    this.#loads.set(path, { abort, done, isOutdated: false });
    return done;
  }

  cancel(path: string): void {
    this.#loads.get(path)?.abort.abort();
  }

  /** Everything on screen must be read again. */
  markAllStale(): void {
    this.#fresh.clear();
    for (const load of this.#loads.values()) load.isOutdated = true;
    this.refresh();
  }

  /** A change was reported: the listing is read again, a large one after a while. */
  markStale(path: string): void {
    const load = this.#loads.get(path);
    if (load !== undefined) {
      load.isOutdated = true;
      return;
    }
    if (!this.#fresh.delete(path) || this.#delayed.has(path)) return;
    const size = this.#options.model.childrenOf(path).length;
    const delayMs = Math.min(REPEAT_MS_MAX, size * REPEAT_MS_PER_CHILD);
    const cancel = this.#options.timers.after(delayMs, () => {
      this.#delayed.delete(path);
      this.refresh();
    });
    this.#delayed.set(path, cancel);
  }

  /** Nobody watches these any more, so their listings age without notice. */
  forgetBelow(path: string): void {
    const prefix = path === '/' ? '/' : `${path}/`;
    for (const fresh of [...this.#fresh]) {
      if (fresh === path || fresh.startsWith(prefix)) this.#fresh.delete(fresh);
    }
  }

  /** The tree is on screen again: what it was told to read before it was stopped is read now. */
  start(): void {
    this.#isStopped = false;
    this.markAllStale();
  }

  /** The tree leaves the screen. Nobody has cancelled anything, so nothing says so. */
  stop(): void {
    this.#isStopped = true;
    for (const load of this.#loads.values()) load.abort.abort(STOPPED);
    for (const cancel of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#fresh.clear();
  }

  #cancelDelay(path: string): void {
    this.#delayed.get(path)?.();
    this.#delayed.delete(path);
  }

  async #run(path: string, signal: AbortSignal): Promise<void> {
    const { model, onChange } = this.#options;
    const progress = { loaded: 0, total: undefined as number | undefined, isShown: false };
    try {
      if (await this.#mustAsk(path)) return;
      const hideTimer = this.#options.timers.after(SHOW_AFTER_MS, () => {
        progress.isShown = true;
        model.setNotice(path, { kind: 'loading', loaded: progress.loaded, total: progress.total });
        onChange();
      });
      try {
        await this.#read(path, signal, progress);
      } finally {
        hideTimer();
      }
      model.setNotice(path, undefined);
      this.#fresh.add(path);
    } catch (error) {
      if (signal.reason === STOPPED) model.setNotice(path, undefined);
      else this.#fail(path, { error, isCancelled: signal.aborted, ...progress });
    }
    onChange();
  }

  async #mustAsk(path: string): Promise<boolean> {
    const { model, summaries, onChange } = this.#options;
    if (this.askAbove === Infinity || this.#agreed.has(path)) return false;
    const summary = await summaries.require(path);
    if (summary?.kind !== 'node' || summary.numChildren <= this.askAbove) return false;
    model.setNotice(path, { kind: 'ask', total: summary.numChildren });
    onChange();
    return true;
  }

  async #read(
    path: string,
    signal: AbortSignal,
    progress: { loaded: number; total: number | undefined; isShown: boolean },
  ): Promise<void> {
    const { model, onChange, onAdded } = this.#options;
    const isFirst = model.childrenOf(path).length === 0;
    const names: string[] = [];
    for await (const piece of await this.#options.open(path, signal)) {
      for (const name of piece.names) names.push(name);
      progress.loaded = names.length;
      progress.total = piece.total;
      if (isFirst) model.addChildren(path, piece.names);
      if (progress.isShown)
        model.setNotice(path, { kind: 'loading', loaded: names.length, total: piece.total });
      if (isFirst || progress.isShown) onChange();
    }
    // A stream that was broken off may end as if it were complete.
    if (signal.aborted) throw new DOMException('cancelled', 'AbortError');
    const { added } = model.replaceChildren(path, names);
    if (!isFirst) onAdded(path, added);
  }

  #fail(
    path: string,
    {
      error,
      isCancelled,
      loaded,
      total,
    }: { error: unknown; isCancelled: boolean; loaded: number; total: number | undefined },
  ): void {
    const { model, failureOf, onGone, onDenied } = this.#options;
    if (isCancelled) {
      this.#agreed.delete(path);
      model.setNotice(path, { kind: 'cancelled', loaded, total: total ?? loaded });
      return;
    }
    const failure = failureOf(error);
    // A root that is not there is a chroot that is not there: its row stays, and says so.
    if (failure.code === 'NONODE' && path !== '/') onGone(path);
    else model.setNotice(path, { kind: 'failed', code: failure.code });
    if (failure.code === 'NOAUTH') onDenied(path);
  }
}

/**
 * One connection's tree while Zabra runs: the model, what feeds it (listings, summaries, changes), and where the
 * person is in it (cursor and marked rows). React only subscribes (use-tree.ts); the shell is behind `TreeSource`, so
 * that tests run the whole of it without one. It outlives the view, so that what was expanded stays expanded.
 */
import type { Failure } from '../../../../shared/api/failure.ts';
import type { ChangeBatch } from '../../../../shared/api/watches.ts';
import type { ChildrenPiece, ZnodeSummary } from '../../../../shared/api/znodes.ts';
import { ancestorsOf, isWithin, joinPath, parentPath } from '../../../../shared/path.ts';
import { Listings, type Timers } from './listings.ts';
import { Observing } from './observing.ts';
import { SummaryCache } from './summary-cache.ts';
import { TreeModel } from './tree-model.ts';

export interface TreeSource {
  children(path: string, signal: AbortSignal): Promise<AsyncIterable<ChildrenPiece>>;
  summaries(paths: string[]): Promise<readonly ZnodeSummary[]>;
  /** Replaces the set of nodes whose changes are wanted. */
  observe(paths: string[]): Promise<void>;
  failureOf(error: unknown): Failure;
}

const FLASH_MS = 900;
/** "Expand all below" stops here and says so. */
export const EXPAND_ALL_MAX = 500;
/** `*` opens so many siblings. */
const SIBLINGS_MAX = 50;
/** A range of marked rows is cut here: nobody reviews more before deleting. */
const MARKED_MAX = 2_000;

export class TreeStore {
  readonly model = new TreeModel();
  readonly #source: TreeSource;
  readonly #timers: Timers;
  readonly #summaries: SummaryCache;
  readonly #listings: Listings;
  readonly #observing: Observing;
  readonly #listeners = new Set<() => void>();
  readonly #denied = new Set<string>();
  readonly #flashes = new Map<string, number>();
  #version = 0;
  #flashCount = 0;
  #isNotifying = false;
  #isRunning = false;

  /** The row that the keyboard acts on. */
  cursor = '/';
  /** Rows marked besides the cursor, for deleting several. */
  marked: ReadonlySet<string> = new Set();
  /** Where a Shift range begins. */
  #anchor = '/';

  constructor({ source, timers }: { source: TreeSource; timers: Timers }) {
    this.#source = source;
    this.#timers = timers;
    this.#summaries = new SummaryCache({
      read: (paths) => source.summaries(paths),
      onArrive: (summaries) => {
        this.#takeSummaries(summaries);
      },
      soon: (run) => void timers.after(0, run),
    });
    this.#listings = new Listings({
      model: this.model,
      summaries: this.#summaries,
      open: (path, signal) => source.children(path, signal),
      failureOf: (error) => source.failureOf(error),
      timers,
      onChange: () => {
        this.#changed();
      },
      onAdded: (parent, names) => {
        for (const name of names.slice(0, 100)) this.#flash(joinPath(parent, name));
      },
      onDenied: (path) => {
        this.setDenied(path, true);
      },
      onGone: (path) => {
        this.#drop(path);
      },
    });
    this.#observing = new Observing({
      observe: (paths) => source.observe(paths),
      cursor: () => this.cursor,
      expanded: () => this.model.expandedPaths(),
      timers,
    });
    this.model.expand('/');
  }

  // ── for React: a store that changes at most once a frame ─────────────────────────────────────────────────────

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  #changed(): void {
    this.#observing.soon();
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    this.#timers.after(0, () => {
      this.#isNotifying = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }

  // ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The view is on screen: everything that is expanded is read, and watched. */
  start(askAbove: number): void {
    this.#listings.askAbove = askAbove;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#observing.start();
    this.#listings.start();
    this.#summaries.markAllStale();
    this.#changed();
  }

  stop(): void {
    this.#isRunning = false;
    this.#observing.stop();
    this.#listings.stop();
  }

  // ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

  summaryOf(path: string): ZnodeSummary | undefined {
    return this.#summaries.get(path);
  }

  /** A read of the node was refused, or succeeded again: a Stat alone does not tell. */
  setDenied(path: string, isDenied: boolean): void {
    if (this.#denied.has(path) === isDenied) return;
    if (isDenied) this.#denied.add(path);
    else this.#denied.delete(path);
    this.#changed();
  }

  isDenied(path: string): boolean {
    return this.#denied.has(path) || this.#summaries.get(path)?.kind === 'denied';
  }

  /** Tells which nodes are on screen: their summaries are read, and their changes wanted. */
  showRows(paths: readonly string[]): void {
    this.#summaries.show(paths);
    this.#observing.showRows(paths);
  }

  /** Ephemeral nodes at and below a path, among the rows that were on screen. */
  countEphemerals(path: string): number {
    return this.#summaries.countEphemerals(path);
  }

  /** A number that is new with each flash of the row, or undefined while it does not flash. */
  flashOf(path: string): number | undefined {
    return this.#flashes.get(path);
  }

  #flash(path: string): void {
    const stamp = ++this.#flashCount;
    this.#flashes.set(path, stamp);
    this.#timers.after(FLASH_MS, () => {
      if (this.#flashes.get(path) !== stamp) return;
      this.#flashes.delete(path);
      this.#changed();
    });
  }

  #takeSummaries(summaries: readonly ZnodeSummary[]): void {
    for (const summary of summaries) {
      if (summary.kind === 'gone' && summary.path !== '/') this.#drop(summary.path);
    }
    this.#changed();
  }

  // ── expanding ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a node and reads its children unless they are fresh. */
  expand(path: string): void {
    this.model.expand(path);
    const notice = this.model.noticeOf(path)?.kind;
    // Opening it again is the natural way to try again.
    if (notice === 'failed' || notice === 'cancelled') this.model.setNotice(path, undefined);
    this.#listings.refresh();
    this.#changed();
  }

  collapse(path: string): void {
    this.model.collapse(path);
    this.#listings.forgetBelow(path);
    if (this.cursor !== path && isWithin({ path: this.cursor, ancestor: path })) this.cursor = path;
    this.#changed();
  }

  toggle(path: string): void {
    if (this.model.isOpen(path)) this.collapse(path);
    else this.expand(path);
  }

  /** The person agreed to load many children, or wants another try. */
  loadAnyway(path: string): void {
    this.model.setNotice(path, undefined);
    void this.#listings.load(path, { isAgreed: true });
    this.#changed();
  }

  /** Lists a node's children although its row may be closed: for a table of them. */
  async ensureChildren(path: string): Promise<void> {
    if (!this.#listings.isFresh(path)) await this.#listings.load(path);
  }

  /** Whether its children are being read at the moment. */
  isReading(path: string): boolean {
    return this.#listings.isLoading(path);
  }

  /** Opens the loaded siblings of a node that are known to have children, a bounded number. */
  expandSiblings(path: string): void {
    const parent = parentPath(path);
    const siblings = this.model.childrenOf(parent).map((name) => joinPath(parent, name));
    const openable = siblings.filter((sibling) => {
      const summary = this.#summaries.get(sibling);
      return summary?.kind === 'node' && summary.numChildren > 0;
    });
    for (const sibling of openable.slice(0, SIBLINGS_MAX)) this.model.expand(sibling);
    this.#listings.refresh();
    this.#changed();
  }

  cancelLoad(path: string): void {
    this.#listings.cancel(path);
  }

  /** Opens everything below a node, level by level, until {@link EXPAND_ALL_MAX} nodes are open. False if it stopped there. */
  async expandAll(path: string): Promise<boolean> {
    const waiting = [path];
    let opened = 0;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (++opened > EXPAND_ALL_MAX) return false;
      this.model.expand(next);
      await this.#listings.load(next);
      if (this.model.noticeOf(next)?.kind === 'ask') continue;
      const children = this.model.childrenOf(next).slice(0, EXPAND_ALL_MAX);
      const summaries = await this.#source
        .summaries(children.map((name) => joinPath(next, name)))
        .catch(() => []);
      for (const summary of summaries) {
        if (summary.kind === 'node' && summary.numChildren > 0) waiting.push(summary.path);
      }
    }
    return true;
  }

  /** Reads a node's listing and everything that is open below it again; the whole tree for '/'. */
  refresh(path: string): void {
    this.#listings.forgetBelow(path);
    if (path === '/') this.#summaries.markAllStale();
    else this.#summaries.markStale(path);
    this.#clearFailures(path);
    this.#listings.refresh();
    this.#changed();
  }

  #clearFailures(path: string): void {
    for (const open of [...this.model.expandedPaths()]) {
      if (this.model.noticeOf(open)?.kind === 'failed' && isWithin({ path: open, ancestor: path })) {
        this.model.setNotice(open, undefined);
      }
    }
  }

  /** Opens the ancestors of a node one after the other, so that its row exists. */
  async reveal(path: string): Promise<void> {
    for (const step of [...ancestorsOf(path).slice(1), path]) {
      const parent = parentPath(step);
      this.model.expand(parent);
      if (this.model.has(step)) continue;
      await this.#listings.load(parent);
      // Too many siblings to load unasked: the one that is wanted is shown alone, below the question.
      const isAsked = this.model.noticeOf(parent)?.kind === 'ask';
      if (isAsked && (await this.#exists(step))) this.model.insert(step);
      if (!this.model.has(step)) break;
    }
    this.#listings.refresh();
    this.#changed();
  }

  async #exists(path: string): Promise<boolean> {
    const [summary] = await this.#source.summaries([path]).catch(() => []);
    return summary !== undefined && summary.kind !== 'gone';
  }

  // ── changes ──────────────────────────────────────────────────────────────────────────────────────────────────

  applyChanges({ changes, isIncomplete }: ChangeBatch): void {
    for (const { kind, path } of changes) {
      switch (kind) {
        case 'created':
          // The root itself: a chroot that was missing is there now.
          if (path === '/') this.refresh(path);
          if (this.model.insert(path)) this.#flash(path);
          this.#summaries.markStale(parentPath(path));
          break;
        case 'deleted':
          this.#drop(path);
          this.#summaries.markStale(parentPath(path));
          break;
        case 'data':
          this.#summaries.markStale(path);
          this.#flash(path);
          break;
        case 'children':
          this.#summaries.markStale(path);
          this.#listings.markStale(path);
          break;
      }
    }
    if (isIncomplete) {
      this.#listings.markAllStale();
      this.#summaries.markAllStale();
    }
    this.#changed();
  }

  #drop(path: string): void {
    this.#summaries.forget(path);
    this.model.remove(path);
    if (this.marked.has(path)) this.marked = new Set([...this.marked].filter((marked) => marked !== path));
    this.#changed();
  }

  // ── filter, cursor, marks ────────────────────────────────────────────────────────────────────────────────────

  setFilter(text: string): void {
    this.model.setFilter(text);
    this.#changed();
  }

  /**
   * Moves the cursor from a node whose children are still being read to the first of them, as soon as they are there, unless
   * it has gone elsewhere by then. Resolves to where it went.
   */
  async enter(path: string): Promise<string | undefined> {
    await this.ensureChildren(path);
    const first = this.model.firstChildOf(path);
    if (first === undefined || this.cursor !== path) return undefined;
    this.moveCursor(first);
    return first;
  }

  moveCursor(path: string): void {
    this.cursor = path;
    this.#anchor = path;
    this.marked = new Set();
    this.#changed();
  }

  /** Ctrl and click: adds a row to those marked, or takes it away. */
  toggleMark(path: string): void {
    const marked = new Set(this.marked.size === 0 ? [this.cursor] : this.marked);
    if (!marked.delete(path)) marked.add(path);
    this.marked = marked;
    this.cursor = path;
    this.#anchor = path;
    this.#changed();
  }

  /** Shift: marks everything between where the range began and `path`. */
  markRange(path: string): void {
    const from = this.model.indexOf(this.#anchor);
    const to = this.model.indexOf(path);
    if (from === -1 || to === -1) return;
    const marked = new Set<string>();
    for (let index = Math.min(from, to); index <= Math.max(from, to) && marked.size < MARKED_MAX; index++) {
      const row = this.model.rowAt(index);
      if (row?.kind === 'node') marked.add(row.path);
    }
    this.marked = marked;
    this.cursor = path;
    this.#changed();
  }

  /** The next row after the cursor, around the end, whose name begins with `text`. */
  findByPrefix(text: string): string | undefined {
    const wanted = text.toLowerCase();
    const count = this.model.rowCount;
    // One more letter may still fit the row where one is; a new word begins behind it.
    const first = Math.max(0, this.model.indexOf(this.cursor)) + (text.length > 1 ? 0 : 1);
    for (let step = 0; step < count; step++) {
      const row = this.model.rowAt((first + step) % count);
      if (row?.kind === 'node' && row.name.toLowerCase().startsWith(wanted)) return row.path;
    }
    return undefined;
  }
}

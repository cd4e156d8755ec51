/**
 * The event log of one connection: a bounded ring of rows, a filtered view of it that grows without being computed
 * anew, and a pause that counts what it holds back. Free of React; `use-event-log.ts` subscribes to it.
 *
 * Batches may come twice: a stream that is opened again begins with the shell's history. Events are told apart by `seq`,
 * which grows by one an event. Where it jumps, a gap row says how many are missing; nothing is dropped silently.
 */
import type { EventBatch, EventDto } from '../../../shared/api/watches.ts';
import { type EventFilter, NO_FILTER, eventMatcher } from './event-filter.ts';

export type LogRow =
  | { readonly kind: 'event'; readonly key: number; readonly event: EventDto }
  /** `count` events are missing here: the shell could not keep up with them. */
  | { readonly kind: 'gap'; readonly key: number; readonly count: number };

/** What a subscriber draws; a new object whenever anything in it changed. */
export interface EventLogView {
  /** Rows that pass the filter. */
  readonly shownCount: number;
  /** Shown rows that were forgotten since the filter was set: by so many rows the list has moved up. */
  readonly shiftedCount: number;
  /** Events that came since `sinceMs`. */
  readonly totalCount: number;
  /** How many of them, the oldest, the ring has no room for any more. */
  readonly forgottenCount: number;
  /** When the first of them happened; null while there was none. */
  readonly sinceMs: number | null;
  readonly isPaused: boolean;
  /** Events that came while paused. */
  readonly heldBackCount: number;
  readonly filter: EventFilter;
  /** The `index`-th of the shown rows, the oldest first. */
  readonly rowAt: (index: number) => LogRow | undefined;
}

export interface EventLog {
  readonly append: (batch: EventBatch) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly clear: () => void;
  readonly setFilter: (filter: EventFilter) => void;
  readonly view: () => EventLogView;
  /** The shown rows, the oldest first: what an export writes. */
  readonly shownRows: () => LogRow[];
  readonly subscribe: (listener: () => void) => () => void;
}

export const EVENT_ROWS_MAX = 50_000;

export function createEventLog({ rowsMax = EVENT_ROWS_MAX }: { rowsMax?: number } = {}): EventLog {
  const kept = new RowRing(rowsMax);
  const heldBack = new RowRing(rowsMax);
  const listeners = new Set<() => void>();
  let shown = new RowRing(rowsMax);
  let filter = NO_FILTER;
  let matches = eventMatcher(filter);
  let isPaused = false;
  let heldBackCount = 0;
  let totalCount = 0;
  let forgottenCount = 0;
  let shiftedCount = 0;
  let sinceMs: number | null = null;
  let last: { readonly seq: number; readonly atMs: number } | null = null;
  let nextKey = 0;
  let view = snapshot();

  function snapshot(): EventLogView {
    const rows = shown;
    return {
      shownCount: shown.size,
      shiftedCount,
      totalCount,
      forgottenCount,
      sinceMs,
      isPaused,
      heldBackCount,
      filter,
      rowAt: (index) => rows.at(index),
    };
  }

  function changed(): void {
    view = snapshot();
    for (const listener of listeners) listener();
  }

  function keep(row: LogRow): void {
    const evicted = kept.push(row);
    forgottenCount += eventCountOf(evicted);
    // Rows leave the view in the order in which they leave the ring, so only its oldest can be the evicted one.
    if (evicted !== undefined && shown.at(0) === evicted) {
      shown.shift();
      shiftedCount++;
    }
    if (row.kind === 'gap' || matches(row.event)) shown.push(row);
  }

  function take(row: LogRow): void {
    if (isPaused) forgottenCount += eventCountOf(heldBack.push(row));
    else keep(row);
  }

  function takeEvent(event: EventDto): boolean {
    if (last !== null && event.seq <= last.seq) {
      // The shell numbers from the start again when it was restarted; what is not newer came before.
      if (event.atMs <= last.atMs) return false;
    } else if (last !== null && event.seq > last.seq + 1) {
      takeGap(event.seq - last.seq - 1);
    }
    last = event;
    totalCount++;
    sinceMs ??= event.atMs;
    if (isPaused) heldBackCount++;
    take({ kind: 'event', key: nextKey++, event });
    return true;
  }

  function takeGap(count: number): void {
    take({ kind: 'gap', key: nextKey++, count });
  }

  function append(batch: EventBatch): void {
    let hasChanged = false;
    let missingBySeq = 0;
    for (const event of batch.events) {
      const before = last;
      if (!takeEvent(event)) continue;
      hasChanged = true;
      if (before !== null) missingBySeq += Math.max(0, event.seq - before.seq - 1);
    }
    // A shell that drops without numbering says so by its count alone.
    if (batch.dropped > missingBySeq) {
      takeGap(batch.dropped - missingBySeq);
      hasChanged = true;
    }
    if (hasChanged) changed();
  }

  function resume(): void {
    if (!isPaused) return;
    isPaused = false;
    for (const row of heldBack.toArray()) keep(row);
    heldBack.clear();
    heldBackCount = 0;
    changed();
  }

  return {
    append,
    resume,
    pause: () => {
      if (isPaused) return;
      isPaused = true;
      changed();
    },
    clear: () => {
      kept.clear();
      shown = new RowRing(rowsMax);
      shiftedCount = 0;
      heldBack.clear();
      heldBackCount = 0;
      totalCount = 0;
      forgottenCount = 0;
      sinceMs = null;
      changed();
    },
    setFilter: (next) => {
      filter = next;
      matches = eventMatcher(next);
      shown = new RowRing(rowsMax);
      shiftedCount = 0;
      for (const row of kept.toArray()) if (row.kind === 'gap' || matches(row.event)) shown.push(row);
      changed();
    },
    view: () => view,
    shownRows: () => shown.toArray(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where the row with this key is among the shown ones, -1 when it is not there: keys grow from row to row. */
export function indexOfKey(view: EventLogView, key: number): number {
  let low = 0;
  let high = view.shownCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((view.rowAt(middle)?.key ?? Infinity) < key) low = middle + 1;
    else high = middle;
  }
  return view.rowAt(low)?.key === key ? low : -1;
}

function eventCountOf(row: LogRow | undefined): number {
  return row?.kind === 'event' ? 1 : 0;
}

/** A queue of at most `max` rows that forgets its oldest, with access by index. */
class RowRing {
  readonly #max: number;
  #rows: LogRow[] = [];
  /** Where the oldest row is, once the array is full. */
  #start = 0;
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  at(index: number): LogRow | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    return this.#rows[(this.#start + index) % this.#max];
  }

  /** Returns the row that had to make room. */
  push(row: LogRow): LogRow | undefined {
    const evicted = this.#size === this.#max ? this.shift() : undefined;
    this.#rows[(this.#start + this.#size) % this.#max] = row;
    this.#size++;
    return evicted;
  }

  shift(): LogRow | undefined {
    const oldest = this.at(0);
    if (oldest === undefined) return undefined;
    this.#start = (this.#start + 1) % this.#max;
    this.#size--;
    return oldest;
  }

  clear(): void {
    this.#rows = [];
    this.#start = 0;
    this.#size = 0;
  }

  toArray(): LogRow[] {
    const rows: LogRow[] = [];
    for (let index = 0; index < this.#size; index++) {
      const row = this.at(index);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }
}

/** What the data table decides without React: the order of rows, and where a key moves the cursor. */
export interface SortOrder {
  readonly columnId: string;
  readonly isDescending: boolean;
}

/**
 * Sorts a copy; equal rows keep their order in both directions. Rows that are not known come last in both: nothing is
 * neither small nor large.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  compare: ((a: Row, b: Row) => number) | undefined,
  isDescending: boolean,
  isKnown: (row: Row) => boolean = () => true,
): readonly Row[] {
  if (!compare) return rows;
  const known = rows.filter(isKnown).sort(isDescending ? (a, b) => compare(b, a) : compare);
  return known.length === rows.length ? known : [...known, ...rows.filter((row) => !isKnown(row))];
}

/** The order after a click on a column's head: ascending, descending, then as the data came. */
export function nextSort(sort: SortOrder | null, columnId: string): SortOrder | null {
  if (sort?.columnId !== columnId) return { columnId, isDescending: false };
  return sort.isDescending ? null : { columnId, isDescending: true };
}

/** The row that a key moves to, or null for a key that moves nothing. `index` is -1 while no row is chosen. */
export function movedIndex(key: string, index: number, count: number, pageRows: number): number | null {
  if (count === 0) return null;
  const clamp = (wanted: number): number => Math.min(count - 1, Math.max(0, wanted));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + pageRows);
    case 'PageUp':
      return clamp(index - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** Compares texts as people expect: `node-2` before `node-10`. */
export function compareTexts(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

/** Compares numbers; what is not known comes last in ascending order. */
export function compareKnown(a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a - b;
}

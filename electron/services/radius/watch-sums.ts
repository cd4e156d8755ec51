/** How many watches an ensemble holds in sum, without Zabra's own. Pure. */
import type { Hidden } from '../../../shared/api/common.ts';
import type { WatchTotals } from '../../../shared/api/radius.ts';

export interface ServerSums {
  /** `wchs`: exists, data and persistent watches. */
  readonly dataWatches: number | undefined;
  /** `mntr`'s zk_watch_count: those, and child watches; a persistent one counts among both. */
  readonly allWatches: number | undefined;
  readonly hidden: readonly Hidden[];
}

/** `own`: watches of this connection, which are persistent, so each counts among data and child watches. */
export function sumWatches(
  servers: readonly ServerSums[],
  own: number,
): Pick<WatchTotals, 'dataWatches' | 'childWatches'> {
  const data = sum(servers.map(({ dataWatches }) => dataWatches));
  const child = sum(
    servers.map(({ dataWatches, allWatches }) =>
      dataWatches === undefined || allWatches === undefined ? undefined : allWatches - dataWatches,
    ),
  );
  return {
    dataWatches: data === null ? null : Math.max(0, data - own),
    childWatches: child === null ? null : Math.max(0, child - own),
  };
}

/** Null where nobody tells; otherwise of those that do. */
function sum(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

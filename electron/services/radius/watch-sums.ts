/** How many watches an ensemble holds in sum. Pure. */
import type { Hidden } from '../../../shared/api/common.ts';
import type { WatchTotals } from '../../../shared/api/radius.ts';

export interface ServerSums {
  /** `wchs`: exists, data and persistent watches. */
  readonly dataWatches: number | undefined;
  /** `mntr`'s zk_watch_count: those, and child watches; a persistent one counts among both. */
  readonly allWatches: number | undefined;
  readonly hidden: readonly Hidden[];
}

export function sumWatches(
  servers: readonly ServerSums[],
): Pick<WatchTotals, 'dataWatches' | 'childWatches'> {
  return {
    dataWatches: sum(servers.map(({ dataWatches }) => dataWatches)),
    childWatches: sum(
      servers.map(({ dataWatches, allWatches }) =>
        dataWatches === undefined || allWatches === undefined ? undefined : allWatches - dataWatches,
      ),
    ),
  };
}

/** Null where nobody tells; otherwise of those that do. */
function sum(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

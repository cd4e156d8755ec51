/** Makes one point of several: a coarser step of the history. Pure. */
import {
  HISTORY_METRICS,
  type HistoryMetric,
  type HistoryPoint,
  type ServerMoment,
} from '../../../../shared/api/cluster-history.ts';

type Fold = (values: readonly number[]) => number;

const max: Fold = (values) => Math.max(...values);
const mean: Fold = (values) => values.reduce((total, value) => total + value, 0) / values.length;
const last: Fold = (values) => values.at(-1) ?? 0;
const sum: Fold = (values) => values.reduce((total, value) => total + value, 0);

/** What hurts for a moment must stay visible a day later; what flows is averaged; what stands is taken as it stood. */
const FOLDS: Readonly<Record<HistoryMetric, Fold>> = {
  latencyMs: mean,
  outstanding: max,
  fsyncMs: max,
  lag: max,
  connections: max,
  watches: last,
  znodes: last,
  dataSizeBytes: last,
  requestsPerSecond: mean,
  readShare: mean,
  jvmPauseMs: sum,
  openFiles: max,
};

/** Demands at least one point, the oldest first. */
export function foldPoints(points: readonly HistoryPoint[], atMs: number): HistoryPoint {
  const addresses = new Set(points.flatMap(({ servers }) => Object.keys(servers)));
  const newest = points.at(-1);
  return {
    atMs,
    leader: newest?.leader ?? null,
    epoch: newest?.epoch ?? null,
    servers: Object.fromEntries(
      [...addresses].map((address) => [address, foldMoments(points.map(({ servers }) => servers[address]))]),
    ),
  };
}

function foldMoments(moments: readonly (ServerMoment | undefined)[]): ServerMoment {
  const folded: ServerMoment = {};
  for (const metric of HISTORY_METRICS) {
    const values = moments.map((moment) => moment?.[metric]).filter((value) => value !== undefined);
    if (values.length > 0) folded[metric] = FOLDS[metric](values);
  }
  return folded;
}

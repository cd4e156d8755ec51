/**
 * The recorded history as lanes and charts need it: the newest samples behind what was recorded, values by equal steps for a
 * sparkline, columns for a chart. Pure. Where nothing was recorded there is a gap (null), never a zero; where the server told
 * that there was nothing to measure (no request, no write) there is no value (undefined), and no gap either.
 */
import type { ClusterSample } from '../../../shared/api/cluster.ts';
import type { HistoryMetric, HistoryPoint, ServerMoment } from '../../../shared/api/cluster-history.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';

export type Drawn = number | null | undefined;

/** A young history fills the width from here on, instead of being a dot at its right edge. */
const SPAN_MS_MIN = 60_000;
/** Points so many steps apart are not neighbours: Zabra did not run, or the connection was closed. */
const GAP_STEPS = 3;

/** Recorded points with those of samples that are newer. */
export function withSamples(
  recorded: readonly HistoryPoint[],
  samples: readonly ClusterSample[],
): readonly HistoryPoint[] {
  const newestMs = recorded.at(-1)?.atMs ?? -Infinity;
  const newer = samples.filter(({ atMs }) => atMs > newestMs);
  return newer.length === 0 ? recorded : [...recorded, ...newer.map(pointOf)];
}

function pointOf({ servers, atMs }: ClusterSample): HistoryPoint {
  const leader = servers.find(({ role, isServing }) => role === 'leader' && isServing);
  const zxid = leader?.zxid ?? null;
  return {
    atMs,
    leader: leader?.server ?? null,
    epoch: zxid === null ? null : zxidEpoch(zxidFromHex(zxid)),
    servers: Object.fromEntries(servers.map(({ server, moment }) => [server, moment])),
  };
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is drawn of a range: all of it, or from where a young history begins. */
export function spanOf(points: readonly HistoryPoint[], { fromMs, toMs }: Span): Span {
  const first = points.find(({ atMs }) => atMs >= fromMs)?.atMs ?? toMs;
  return { fromMs: Math.max(fromMs, Math.min(first, toMs - SPAN_MS_MIN)), toMs };
}

interface Steps extends Span {
  readonly server: string;
  readonly metric: HistoryMetric;
  readonly count: number;
  /** Of the history. */
  readonly stepMs: number;
}

/** The largest value of each of `count` equal steps. */
export function valuesBySteps(points: readonly HistoryPoint[], steps: Steps): Drawn[] {
  const { server, metric, fromMs, toMs, count, stepMs } = steps;
  const values = new Array<Drawn>(count).fill(undefined);
  const stepAt = (atMs: number): number =>
    Math.max(0, Math.min(count - 1, Math.floor(((atMs - fromMs) / (toMs - fromMs)) * count)));
  let before: number | undefined;
  for (const { atMs, servers } of points) {
    if (atMs <= fromMs || atMs > toMs) continue;
    const at = stepAt(atMs);
    // Nobody looked between: nothing is known of it.
    if (before !== undefined && atMs - before > stepMs * GAP_STEPS) values.fill(null, stepAt(before) + 1, at);
    const value = drawn(servers[server], metric);
    const known = values[at];
    if (typeof value === 'number') values[at] = Math.max(known ?? 0, value);
    else if (typeof known !== 'number') values[at] = value;
    before = atMs;
  }
  return values;
}

export interface ChartColumns {
  /** Seconds, as uPlot wants them, in order. */
  readonly times: readonly number[];
  /** One a server, as long as `times`. */
  readonly series: readonly (readonly Drawn[])[];
  /** When an epoch began, in seconds. */
  readonly epochs: readonly number[];
}

/** With an empty moment wherever points are too far apart to be joined by a line. */
export function chartColumns(
  points: readonly HistoryPoint[],
  { servers, metric, stepMs }: { servers: readonly string[]; metric: HistoryMetric; stepMs: number },
): ChartColumns {
  const times: number[] = [];
  const series = servers.map((): Drawn[] => []);
  const epochs: number[] = [];
  let beforeMs: number | undefined;
  let epochBefore: number | null = null;
  for (const point of points) {
    if (beforeMs !== undefined && point.atMs - beforeMs > stepMs * GAP_STEPS) {
      times.push((beforeMs + stepMs) / 1000);
      for (const column of series) column.push(null);
    }
    times.push(point.atMs / 1000);
    servers.forEach((server, at) => series[at]?.push(drawn(point.servers[server], metric)));
    if (epochBefore !== null && point.epoch !== null && point.epoch > epochBefore)
      epochs.push(point.atMs / 1000);
    epochBefore = point.epoch ?? epochBefore;
    beforeMs = point.atMs;
  }
  return { times, series, epochs };
}

function drawn(moment: ServerMoment | undefined, metric: HistoryMetric): Drawn {
  const isAway = moment === undefined || Object.keys(moment).length === 0;
  return isAway ? null : moment[metric];
}

/** The largest known value of a series; null when none is known. */
export function maxOf(values: readonly Drawn[]): number | null {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? null : Math.max(...known);
}

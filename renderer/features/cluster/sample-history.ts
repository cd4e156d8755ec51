/**
 * The samples that were taken while the Cluster view was open, a bounded number of them, and what follows from two of them:
 * rates and the averages of one interval. Pure. Where a server did not answer, or its counters were set back, there is a
 * gap (null), never a zero.
 */
import type { ClusterSample, ServerDto } from '../../../shared/api/cluster.ts';

export interface ServerPoint {
  readonly atMs: number;
  /** As the server prints it: over everything since it started or its statistics were reset. */
  readonly latencyAvgMs: number | null;
  readonly outstanding: number | null;
  readonly requestsPerSecond: number | null;
  readonly sentPerSecond: number | null;
  /** Mean time to write the log, of the flushes since the sample before; null where none happened. */
  readonly fsyncAvgMs: number | null;
}

export interface SampleHistory {
  readonly latest: ClusterSample | null;
  readonly points: ReadonlyMap<string, readonly ServerPoint[]>;
}

export const EMPTY_HISTORY: SampleHistory = { latest: null, points: new Map() };

/** Six minutes at one sample in two seconds: as many as a sparkline has room for. */
export const POINTS_MAX = 180;

/** Samples so far apart are not neighbours: the page was hidden, or the shell was gone. */
const LATE_MS = 8_000;

/** A new history with `sample` at its end; `history` itself when it has this sample already. */
export function withSample(history: SampleHistory, sample: ClusterSample): SampleHistory {
  if (history.latest !== null && sample.atMs <= history.latest.atMs) return history;
  const points = new Map<string, readonly ServerPoint[]>();
  const elapsedMs = history.latest === null ? 0 : sample.atMs - history.latest.atMs;
  for (const server of sample.servers) {
    const before = history.latest?.servers.find((each) => each.server === server.server);
    const point = pointOf({ server, before, elapsedMs, atMs: sample.atMs });
    const gap = elapsedMs > LATE_MS ? [gapAt(sample.atMs)] : [];
    const known = history.points.get(server.server) ?? [];
    points.set(server.server, [...known, ...gap, point].slice(-POINTS_MAX));
  }
  return { latest: sample, points };
}

function gapAt(atMs: number): ServerPoint {
  return {
    atMs,
    latencyAvgMs: null,
    outstanding: null,
    requestsPerSecond: null,
    sentPerSecond: null,
    fsyncAvgMs: null,
  };
}

function pointOf({
  server,
  before,
  elapsedMs,
  atMs,
}: {
  server: ServerDto;
  before: ServerDto | undefined;
  elapsedMs: number;
  atMs: number;
}): ServerPoint {
  const flushes = growth(metric(before, 'zk_cnt_fsynctime'), metric(server, 'zk_cnt_fsynctime'));
  const flushMs = growth(metric(before, 'zk_sum_fsynctime'), metric(server, 'zk_sum_fsynctime'));
  return {
    atMs,
    latencyAvgMs: server.latencyMs?.avg ?? null,
    outstanding: server.outstanding,
    requestsPerSecond: perSecond(growth(before?.received, server.received), elapsedMs),
    sentPerSecond: perSecond(growth(before?.sent, server.sent), elapsedMs),
    fsyncAvgMs: flushes === null || flushMs === null || flushes === 0 ? null : flushMs / flushes,
  };
}

function perSecond(count: number | null, elapsedMs: number): number | null {
  return count === null || elapsedMs <= 0 ? null : (count * 1000) / elapsedMs;
}

/** How much a counter grew; null when it is not known twice, or was set back (a restart, or `srst`). */
function growth(before: number | null | undefined, after: number | null): number | null {
  if (before === null || before === undefined || after === null || after < before) return null;
  return after - before;
}

/** A number of `mntr`; null where the server has no such metric or does not tell. */
export function metric(server: ServerDto | undefined, name: string): number | null {
  const text = server?.mntr?.[name];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The largest known value of a series; null when none is known. */
export function maxOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

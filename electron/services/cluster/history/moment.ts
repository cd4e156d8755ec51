/**
 * What one server did between two of its answers: counters become rates and means of that interval. Pure. A counter that was set
 * back (the server was restarted, or its statistics were reset) tells nothing of the interval.
 */
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import type { ServerMoment } from '../../../../shared/api/cluster-history.ts';

type Told = Pick<
  ServerDto,
  | 'mntr'
  | 'mntrAtMs'
  | 'zxidAtMs'
  | 'received'
  | 'latencyMs'
  | 'outstanding'
  | 'connections'
  | 'watchCount'
  | 'nodeCount'
  | 'dataSizeBytes'
  | 'openFiles'
  | 'lag'
>;

/** `before` is undefined for the first answer. */
export function momentOf(before: Told | undefined, after: Told): ServerMoment {
  const moment: Record<keyof ServerMoment, number | null | undefined> = {
    outstanding: after.outstanding,
    lag: after.lag?.transactions,
    connections: after.connections,
    watches: after.watchCount,
    znodes: after.nodeCount,
    dataSizeBytes: after.dataSizeBytes,
    openFiles: after.openFiles,
    latencyMs: tellsSums(after) ? undefined : after.latencyMs?.avg,
    fsyncMs: undefined,
    requestsPerSecond: undefined,
    readShare: undefined,
    jvmPauseMs: undefined,
    ...(before === undefined ? {} : ratesOf(before, after)),
  };
  return Object.fromEntries(Object.entries(moment).filter(([, value]) => typeof value === 'number'));
}

/** Without them its mean since it started is all that is known. */
function tellsSums(server: Told): boolean {
  return counter(server, 'cnt_readlatency') !== undefined;
}

function ratesOf(before: Told, after: Told): Record<string, number | undefined> {
  const grown = (name: string): number | undefined => growth(counter(before, name), counter(after, name));
  const reads = grown('cnt_readlatency');
  const writes = grown('cnt_updatelatency');
  const requests = sum(reads, writes);
  const meanLatency = ratio(sum(grown('sum_readlatency'), grown('sum_updatelatency')), requests);
  return {
    ...(tellsSums(after) ? { latencyMs: meanLatency } : {}),
    readShare: ratio(reads, requests),
    fsyncMs: ratio(grown('sum_fsynctime'), grown('cnt_fsynctime')),
    jvmPauseMs: grown('sum_jvm_pause_time_ms'),
    requestsPerSecond: perSecond(
      growth(before.received ?? undefined, after.received ?? undefined),
      (answeredMs(after) ?? 0) - (answeredMs(before) ?? 0),
    ),
  };
}

/** When it said what it has counted. */
export function answeredMs({ mntrAtMs, zxidAtMs }: Pick<ServerDto, 'mntrAtMs' | 'zxidAtMs'>): number | null {
  return mntrAtMs ?? zxidAtMs;
}

/** A metric of `mntr` by its name without `zk_`; undefined where the server has no such metric or does not tell. */
export function counter({ mntr }: Pick<ServerDto, 'mntr'>, name: string): number | undefined {
  const text = mntr?.[`zk_${name}`];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function growth(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Undefined where nothing happened: no request has no latency. */
function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole === 0 ? undefined : rounded(part / whole);
}

function perSecond(count: number | undefined, elapsedMs: number): number | undefined {
  return count === undefined || elapsedMs <= 0 ? undefined : rounded((count * 1000) / elapsedMs);
}

/** More digits nobody reads, and the history would carry them. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

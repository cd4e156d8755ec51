/**
 * What Zabra recorded of the servers of a connection while it was open: one point at a time for all of them, in steps that grow
 * coarser with the range that one looks back. What a server did not tell has no value, never a zero.
 */
import { z } from 'zod';
import { ConnectionId, ServerAddress, TimeMs } from './common.ts';

/** Everything that can be drawn. Of an interval: latency, fsync, requests, reads, pauses; the others are as of its end. */
export const HISTORY_METRICS = [
  /** Mean time from request to reply. */
  'latencyMs',
  'outstanding',
  /** Mean time of writing the log to disk. */
  'fsyncMs',
  /** Transactions behind the leader, at least. */
  'lag',
  'connections',
  'watches',
  'znodes',
  'dataSizeBytes',
  'requestsPerSecond',
  /** Of the requests that were answered, 0 to 1. Pings count as reads. */
  'readShare',
  /** How long its JVM stood still. */
  'jvmPauseMs',
  'openFiles',
] as const;

export const HistoryMetric = z.enum(HISTORY_METRICS);
export type HistoryMetric = z.infer<typeof HistoryMetric>;

export const ServerMoment = z.partialRecord(HistoryMetric, z.number());
export type ServerMoment = z.infer<typeof ServerMoment>;

export const HistoryPoint = z.object({
  /** The end of its step. */
  atMs: TimeMs,
  /** Who led then; null where nobody did, or nobody told. */
  leader: ServerAddress.nullable(),
  epoch: z.int().nullable(),
  servers: z.record(ServerAddress, ServerMoment),
});
export type HistoryPoint = z.infer<typeof HistoryPoint>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const HistoryRange = z.enum(['15m', '1h', '6h', '24h']);
export type HistoryRange = z.infer<typeof HistoryRange>;

/** Each step is a multiple of the one before. */
export const HISTORY_RANGES: Readonly<
  Record<HistoryRange, { readonly lengthMs: number; readonly stepMs: number }>
> = {
  '15m': { lengthMs: 15 * MINUTE_MS, stepMs: 2_000 },
  '1h': { lengthMs: HOUR_MS, stepMs: 10_000 },
  '6h': { lengthMs: 6 * HOUR_MS, stepMs: MINUTE_MS },
  '24h': { lengthMs: 24 * HOUR_MS, stepMs: 4 * MINUTE_MS },
};

export const HistoryRequest = z.object({
  connectionId: ConnectionId,
  range: HistoryRange,
});
export type HistoryRequest = z.infer<typeof HistoryRequest>;

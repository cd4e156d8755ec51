/** How the values of each metric are written, and which limit a rule sets for it. Pure. */
import type { HistoryMetric } from '../../../shared/api/cluster-history.ts';
import { HEALTH_LIMITS } from '../../../shared/api/health.ts';
import { formatBytes, formatCount, formatDecimal, formatMs } from '../../app/format.ts';

export interface MetricLook {
  readonly format: (value: number) => string;
  /** Above it a rule fails; null where no rule has one. */
  readonly limit: number | null;
  /** The value at the upper edge, at least: noise must not look like a mountain range. */
  readonly ceilingMin: number;
}

const percent = (value: number): string => `${formatDecimal(value * 100)}\u202f%`;

export const METRIC_LOOKS: Readonly<Record<HistoryMetric, MetricLook>> = {
  latencyMs: { format: formatMs, limit: HEALTH_LIMITS.latencyMs, ceilingMin: 10 },
  outstanding: { format: formatCount, limit: HEALTH_LIMITS.outstanding, ceilingMin: 10 },
  fsyncMs: { format: formatMs, limit: HEALTH_LIMITS.fsyncMs, ceilingMin: 10 },
  lag: { format: formatCount, limit: HEALTH_LIMITS.lagTransactions, ceilingMin: 10 },
  connections: { format: formatCount, limit: null, ceilingMin: 10 },
  watches: { format: formatCount, limit: HEALTH_LIMITS.watches, ceilingMin: 10 },
  znodes: { format: formatCount, limit: null, ceilingMin: 10 },
  dataSizeBytes: { format: formatBytes, limit: null, ceilingMin: 1024 },
  requestsPerSecond: { format: formatDecimal, limit: null, ceilingMin: 10 },
  readShare: { format: percent, limit: null, ceilingMin: 1 },
  jvmPauseMs: { format: formatMs, limit: null, ceilingMin: 100 },
  openFiles: { format: formatCount, limit: null, ceilingMin: 100 },
};

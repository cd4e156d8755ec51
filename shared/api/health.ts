/**
 * The health of an ensemble: rules with limits, each of which passes, fails, or cannot be checked because nobody tells what it
 * needs. The page says in the person's language what a rule found, why it matters and what to do.
 */
import { z } from 'zod';
import { HistoryMetric } from './cluster-history.ts';
import { ConnectionId, ServerAddress, TimeMs } from './common.ts';

/** The limits of all rules, in one place. */
export const HEALTH_LIMITS = {
  outstanding: 10,
  latencyMs: 100,
  fsyncMs: 100,
  /** How long a measure must stay above its limit. */
  sustainedMs: 20_000,
  /** Within that a slow write counts although the disk was fast between. */
  fsyncWindowMs: 2 * 60_000,
  lagTransactions: 100,
  leadersAnHour: 3,
  openFilesShare: 0.8,
  connectionsShare: 0.8,
  queuedOfOneClient: 50,
  watches: 100_000,
  jvmPauseMs: 1_000,
  jvmPauseWindowMs: 15 * 60_000,
  clockSkewMs: 1_500,
  /** Of the default jute.maxbuffer, 1 MiB. */
  znodeBytes: 512 * 1024,
  dataFolderBytes: 1024 ** 3,
  dataFolderPerData: 20,
} as const;

export const RULES = [
  'quorum-lost',
  'server-down',
  'quorum-margin',
  'followers-out-of-sync',
  'epoch-churn',
  'even-voters',
  'server-behind',
  'outstanding-high',
  'latency-high',
  'disk-slow',
  'jvm-pauses',
  'connections-near-limit',
  'client-queues',
  'open-files-near-limit',
  'watches-many',
  'big-znodes',
  'never-purged',
  'versions-mixed',
  'config-differs',
  'clocks-differ',
  'words-hidden',
] as const;
export const RuleId = z.enum(RULES);
export type RuleId = z.infer<typeof RuleId>;

export const Severity = z.enum(['danger', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

export const HealthFinding = z.object({
  rule: RuleId,
  severity: Severity,
  /** Whom it concerns; empty for the ensemble as a whole. */
  servers: z.array(ServerAddress),
  /** What the rule's sentence names. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  /** A line of zoo.cfg that would change it. */
  configLine: z.string().nullable(),
  /** What shows it in a chart, and where its limit is. */
  metric: HistoryMetric.nullable(),
  sinceMs: TimeMs,
});
export type HealthFinding = z.infer<typeof HealthFinding>;

export const UncheckedRule = z.object({
  rule: RuleId,
  /** What would tell it; a line of zoo.cfg where one would help. */
  needs: z.enum(['mntr', 'conf', 'cons', 'admin', 'history', 'leader', 'jvm']),
  configLine: z.string().nullable(),
});
export type UncheckedRule = z.infer<typeof UncheckedRule>;

export const HealthReport = z.object({
  atMs: TimeMs,
  /** The worst first. */
  findings: z.array(HealthFinding),
  passed: z.array(RuleId),
  unchecked: z.array(UncheckedRule),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** A rule that has just turned bad, of any open connection. */
export const HealthAlert = z.object({
  connectionId: ConnectionId,
  connectionName: z.string(),
  finding: HealthFinding,
});
export type HealthAlert = z.infer<typeof HealthAlert>;

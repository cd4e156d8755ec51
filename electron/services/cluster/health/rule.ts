/**
 * What a health rule is: a pure judgement of the newest sample and of the last quarter of an hour. A rule that does not concern
 * an ensemble (followers of a server that runs alone) passes; one that would need what nobody tells says so.
 */
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import type { HistoryMetric, HistoryPoint } from '../../../../shared/api/cluster-history.ts';
import type { HealthFinding, RuleId, UncheckedRule } from '../../../../shared/api/health.ts';

export interface HealthView {
  readonly servers: readonly ServerDto[];
  /** Of the last 15 minutes, the oldest first. */
  readonly points: readonly HistoryPoint[];
  /** When an epoch was seen for the first time, within the last hour; the one that was there when the watch began is none. */
  readonly epochsMs: readonly number[];
  readonly atMs: number;
}

export type Found = Omit<HealthFinding, 'rule' | 'sinceMs' | 'configLine' | 'metric'> &
  Partial<Pick<HealthFinding, 'configLine' | 'metric'>>;

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly found: readonly Found[] }
  | ({ readonly kind: 'unchecked' } & Pick<UncheckedRule, 'needs'> &
      Partial<Pick<UncheckedRule, 'configLine'>>);

export interface Rule {
  readonly id: RuleId;
  readonly judge: (view: HealthView) => Outcome;
}

export const PASSED: Outcome = { kind: 'passed' };

/** Passed when nothing was found. */
export function outcomeOf(found: readonly Found[]): Outcome {
  return found.length === 0 ? PASSED : { kind: 'failed', found };
}

export function servingOf({ servers }: HealthView): ServerDto[] {
  return servers.filter(({ isServing }) => isServing);
}

/** Undefined where nobody leads, or nobody says so. */
export function leaderOf(view: HealthView): ServerDto | undefined {
  return servingOf(view).find(({ role }) => role === 'leader');
}

/** What a server measured in the last `windowMs`; points at which it told nothing are left out. */
export function valuesOf(
  { points, atMs }: HealthView,
  { server, metric, windowMs }: { server: string; metric: HistoryMetric; windowMs: number },
): number[] {
  return points
    .filter((point) => point.atMs > atMs - windowMs)
    .flatMap(({ servers }) => servers[server]?.[metric] ?? []);
}

/** Whether all that a server measured in the window is at least `limit`, and that is not only a sample or two. */
export function isSustained(values: readonly number[], limit: number): boolean {
  return values.length >= SUSTAINED_SAMPLES_MIN && values.every((value) => value >= limit);
}

const SUSTAINED_SAMPLES_MIN = 5;

/**
 * Judges a connection's samples by all rules, remembers since when each finding stands, and tells what has just turned bad. A
 * finding must hold for a moment before anybody is alerted, and stays gone for a while before it counts as new again, so that
 * something that flickers is told once.
 */
import {
  type HealthFinding,
  type HealthReport,
  RULES,
  type Severity,
} from '../../../../shared/api/health.ts';
import { LIMIT_RULES } from './limit-rules.ts';
import { LOAD_RULES } from './load-rules.ts';
import { QUORUM_RULES } from './quorum-rules.ts';
import type { HealthView, Rule } from './rule.ts';
import { SETUP_RULES } from './setup-rules.ts';

const ALL_RULES: readonly Rule[] = [...QUORUM_RULES, ...LOAD_RULES, ...LIMIT_RULES, ...SETUP_RULES].sort(
  (a, b) => RULES.indexOf(a.id) - RULES.indexOf(b.id),
);

const SEVERITIES: readonly Severity[] = ['danger', 'warning', 'info'];
/** A server that restarts is away for a moment. */
const ALERT_AFTER_MS = 5_000;
const FORGET_AFTER_MS = 60_000;

interface Standing {
  readonly sinceMs: number;
  seenMs: number;
  isAlerted: boolean;
}

export class HealthBook {
  readonly #standing = new Map<string, Standing>();
  /** What was bad when the watch began is no news. */
  #isFirst = true;

  onView(view: HealthView): { readonly report: HealthReport; readonly alerts: readonly HealthFinding[] } {
    const { atMs } = view;
    const judged = ALL_RULES.map(({ id, judge }) => ({ id, outcome: judge(view) }));
    const findings = judged.flatMap(({ id, outcome }): HealthFinding[] =>
      outcome.kind !== 'failed'
        ? []
        : outcome.found.map((found) => {
            const finding = { configLine: null, metric: null, ...found, rule: id };
            return { ...finding, sinceMs: this.#stand(keyOf(finding), atMs).sinceMs };
          }),
    );
    const alerts = findings.filter((finding) => this.#isNews(finding, atMs));
    this.#forget(atMs);
    this.#isFirst = false;
    return {
      report: {
        atMs,
        findings: findings.toSorted(
          (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
        ),
        passed: judged.filter(({ outcome }) => outcome.kind === 'passed').map(({ id }) => id),
        unchecked: judged.flatMap(({ id, outcome }) =>
          outcome.kind === 'unchecked'
            ? [{ rule: id, needs: outcome.needs, configLine: outcome.configLine ?? null }]
            : [],
        ),
      },
      alerts,
    };
  }

  #stand(key: string, atMs: number): Standing {
    const known = this.#standing.get(key);
    const standing = known ?? { sinceMs: atMs, seenMs: atMs, isAlerted: this.#isFirst };
    standing.seenMs = atMs;
    this.#standing.set(key, standing);
    return standing;
  }

  #isNews(finding: HealthFinding, atMs: number): boolean {
    const standing = this.#standing.get(keyOf(finding));
    if (standing === undefined || standing.isAlerted || finding.severity === 'info') return false;
    if (atMs - standing.sinceMs < ALERT_AFTER_MS) return false;
    standing.isAlerted = true;
    return true;
  }

  #forget(atMs: number): void {
    for (const [key, { seenMs }] of this.#standing) {
      if (atMs - seenMs > FORGET_AFTER_MS) this.#standing.delete(key);
    }
  }
}

function keyOf({ rule, servers, facts }: Pick<HealthFinding, 'rule' | 'servers' | 'facts'>): string {
  return `${rule} ${servers.join(',')} ${rule === 'config-differs' ? String(facts.key) : ''}`;
}

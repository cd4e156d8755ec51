/**
 * Which finding of the diagnosis explains what a health rule found: about the same server (or the ensemble), of a cause that the
 * rule shows, and not from long before. Pure.
 */
import type { ServerDto } from '../../../shared/api/cluster.ts';
import type { Finding } from '../../../shared/api/findings.ts';
import type { HealthFinding, RuleId } from '../../../shared/api/health.ts';

const CAUSES: Readonly<Partial<Record<RuleId, readonly Finding['cause'][]>>> = {
  'quorum-lost': ['quorum-lost', 'leader-crashed', 'leader-stopped', 'leader-paused', 'leader-partitioned'],
  'epoch-churn': ['leader-crashed', 'leader-stopped', 'leader-paused', 'leader-partitioned', 'quorum-lost'],
  'server-down': ['follower-lost', 'follower-partitioned', 'observer-lost', 'process-paused', 'disk-full'],
  'server-behind': ['follower-behind', 'disk-slow'],
  'disk-slow': ['disk-slow', 'disk-full'],
  'jvm-pauses': ['process-paused'],
  'connections-near-limit': ['connection-limit'],
  'config-differs': ['config-differs'],
  'clocks-differ': ['clock-jump'],
};
/** The diagnosis may see it before the rule does. */
const EARLIER_MS_MAX = 60_000;

/** The newest one; undefined where there is none. */
export function explanationOf(
  { rule, servers, sinceMs }: HealthFinding,
  {
    findings,
    asked,
  }: {
    readonly findings: readonly Finding[];
    readonly asked: readonly ServerDto[];
  },
): Finding | undefined {
  const causes = CAUSES[rule] ?? [];
  const subjects = new Set(
    servers.flatMap((server) => [server, String(asked.find((each) => each.server === server)?.sid)]),
  );
  return findings
    .filter(({ cause, subject, kind, at }) => {
      const isAbout = servers.length === 0 || kind === 'election' || subjects.has(subject);
      return isAbout && causes.includes(cause) && Date.parse(at) >= sinceMs - EARLIER_MS_MAX;
    })
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
}

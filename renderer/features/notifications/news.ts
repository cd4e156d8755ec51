/**
 * What of the diagnosis is worth interrupting a person: elections, sessions that nobody closed, and troubles, unless a health rule
 * tells the same trouble anyway. Pure.
 */
import type { Finding } from '../../../shared/api/findings.ts';

/** Rules of the Cluster view say these themselves (shared/api/health.ts). */
const TOLD_BY_RULES: ReadonlySet<string> = new Set<Finding['cause']>([
  'follower-lost',
  'observer-lost',
  'follower-behind',
  'quorum-lost',
  'disk-slow',
  'config-differs',
  'connection-limit',
  'rolling-restart',
  'first-start',
  'client-closed',
  'ended-by-admin',
]);
/** Below it another cause would be as likely; it is told when it has become certain enough. */
const CONFIDENCE_MIN = 0.5;
/** What is older when it comes is history, as at the begin of a stream. */
const AGE_MS_MAX = 60_000;

/** Of `findings`, those that `told` does not have and that just happened. */
export function newsOf(
  findings: readonly Finding[],
  { told, nowMs }: { readonly told: ReadonlySet<string>; readonly nowMs: number },
): Finding[] {
  return findings.filter(
    ({ id, at, cause, confidence }) =>
      !told.has(id) &&
      !TOLD_BY_RULES.has(cause) &&
      confidence >= CONFIDENCE_MIN &&
      nowMs - Date.parse(at) <= AGE_MS_MAX,
  );
}

/** The sessions that have ended, among all that the diagnosis found. Pure. */
import type { Finding } from '../../../shared/api/findings.ts';

export type EndedSession = Extract<Finding, { kind: 'session-ended' }>;

/** Those that mention the text. */
export function endedRows(findings: ReadonlyMap<string, Finding>, text: string): EndedSession[] {
  const needle = text.trim().toLowerCase();
  return [...findings.values()]
    .filter((finding) => finding.kind === 'session-ended')
    .filter(
      ({ subject, cause, answer }) =>
        subject.includes(needle) || cause.includes(needle) || answer.toLowerCase().includes(needle),
    );
}

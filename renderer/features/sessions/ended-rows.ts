/** Ended sessions, gathered from the findings of a stream. Pure. */
import type { FindingBatch } from '../../../shared/api/diagnosis.ts';
import type { Finding } from '../../../shared/api/findings.ts';

export type EndedSession = Extract<Finding, { kind: 'session-ended' }>;

/** What is known with a batch more; a finding that is told again replaces itself. Null: nothing was told before. */
export function addEnded(
  known: ReadonlyMap<string, EndedSession> | null,
  { isFirst, findings }: FindingBatch,
): ReadonlyMap<string, EndedSession> {
  const ended = findings.filter((finding): finding is EndedSession => finding.kind === 'session-ended');
  if (known !== null && !isFirst && ended.length === 0) return known;
  const next = new Map(isFirst || known === null ? [] : known);
  for (const finding of ended) next.set(finding.id, finding);
  return next;
}

/** Those that mention the text. */
export function endedRows(ended: ReadonlyMap<string, EndedSession> | null, text: string): EndedSession[] {
  const needle = text.trim().toLowerCase();
  return [...(ended?.values() ?? [])].filter(
    ({ subject, cause, answer }) =>
      subject.includes(needle) || cause.includes(needle) || answer.toLowerCase().includes(needle),
  );
}

/** Compares what the diagnosis told with the truth. Pure. */
import type { Finding } from '../../shared/api/findings.ts';
import type { Told } from './diagnose-process.ts';
import type { Truth } from './incident.ts';

export interface Judgement {
  readonly isRight: boolean;
  /** From the end of the incident to the last of the right answers; 0 when it was there before. */
  readonly delayMs: number | undefined;
  /** What was told of the kinds in question, or what is missing. */
  readonly remarks: readonly string[];
}

export interface Judged {
  readonly truths: readonly Truth[];
  readonly told: readonly Told[];
  /** Before it nothing was wrong. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Only kinds that the truth names are judged: a leader that is killed may be told of as a lost server as well. */
export function judge({ truths, told, startMs, endMs }: Judged): Judgement {
  const kinds = new Set(truths.map(({ kind }) => kind));
  const latest = new Map<string, Finding>();
  for (const { finding } of told) {
    if (kinds.has(finding.kind) && Date.parse(finding.at) >= startMs) latest.set(finding.id, finding);
  }
  const remarks: string[] = [];
  const delays: number[] = [];
  const expected = truths.filter(({ cause }) => cause !== null);
  for (const truth of expected) {
    const isThere = [...latest.values()].some((finding) => matches(finding, truth));
    const first = told.find(({ finding }) => matches(finding, truth) && Date.parse(finding.at) >= startMs);
    if (isThere && first !== undefined) delays.push(Math.max(0, first.atMs - endMs));
    else remarks.push(`missing: ${describe(truth)}`);
  }
  for (const finding of latest.values()) {
    if (!expected.some((truth) => matches(finding, truth))) remarks.push(`wrong: ${describe(finding)}`);
  }
  const isRight = remarks.length === 0;
  return { isRight, delayMs: isRight ? Math.max(0, ...delays) : undefined, remarks };
}

function matches({ kind, cause, subject }: Finding, truth: Truth): boolean {
  return kind === truth.kind && cause === truth.cause && subject === truth.subject;
}

function describe({ kind, cause, subject }: Truth): string {
  return `${kind} ${cause ?? 'nothing'} of ${subject}`;
}

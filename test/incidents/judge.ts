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

/** Whatever is told and is not among the truths is wrong, of whichever kind it is. */
export function judge({ truths, told, startMs, endMs }: Judged): Judgement {
  const latest = new Map<string, Finding>();
  for (const { finding } of told) {
    if (Date.parse(finding.at) >= startMs) latest.set(finding.id, finding);
  }
  const remarks: string[] = [];
  const delays: number[] = [];
  for (const truth of truths.filter(({ cause, isAside }) => cause !== null && !isAside)) {
    const times = truths.filter((other) => describe(other) === describe(truth)).length;
    const isThere = [...latest.values()].filter((finding) => matches(finding, truth)).length >= times;
    const first = told.find(({ finding }) => matches(finding, truth) && Date.parse(finding.at) >= startMs);
    if (isThere && first !== undefined) delays.push(Math.max(0, first.atMs - endMs));
    else remarks.push(`missing: ${describe(truth)}`);
  }
  for (const finding of latest.values()) {
    if (!truths.some((truth) => matches(finding, truth))) remarks.push(`wrong: ${describe(finding)}`);
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

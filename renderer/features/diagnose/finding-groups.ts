/** The list of findings as a person reads it: by day, the newest first, searched, without what is no trouble. Pure. */
import type { Finding } from '../../../shared/api/findings.ts';

export interface FindingGroup {
  /** Midnight, local. */
  readonly dayMs: number;
  readonly findings: readonly Finding[];
}

export interface FindingSelection {
  readonly groups: readonly FindingGroup[];
  /** From the top of the list to its end. */
  readonly order: readonly string[];
  /** Sessions that their clients closed, whether or not they are shown. */
  readonly closedCount: number;
}

export interface FindingChoice {
  readonly query: string;
  readonly isClosedShown: boolean;
  /** Everything in a finding that a person may look for, in their language. */
  readonly textOf: (finding: Finding) => string;
}

/** Who searches means everything, also sessions that their clients closed. */
export function chooseFindings(
  findings: Iterable<Finding>,
  { query, isClosedShown, textOf }: FindingChoice,
): FindingSelection {
  const all = [...findings].sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? -1 : 1));
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = all.filter((finding) => {
    if (words.length === 0) return isClosedShown || !isClosedByClient(finding);
    const text = textOf(finding).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const days = new Map<number, Finding[]>();
  for (const finding of chosen) {
    const dayMs = midnight(Date.parse(finding.at));
    const day = days.get(dayMs);
    if (day === undefined) days.set(dayMs, [finding]);
    else day.push(finding);
  }
  return {
    groups: [...days].map(([dayMs, members]) => ({ dayMs, findings: members })),
    order: chosen.map(({ id }) => id),
    closedCount: all.filter(isClosedByClient).length,
  };
}

export function midnight(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

function isClosedByClient({ cause }: Finding): boolean {
  return cause === 'client-closed';
}

/** Which election of a record a finding is about, and the other way round. Pure. */
import type { Election, ElectionRecord } from '../../../../shared/api/elections.ts';
import type { Finding } from '../../../../shared/api/findings.ts';
import type { ElectionFinding } from './leader-loss.ts';

/** A finding from polling knows the begin less exactly than servers' own traces. */
const APART_MS_MAX = 60_000;

/** That of the same epoch; without one, the nearest in time. */
export function electionOf(
  { elections }: Pick<ElectionRecord, 'elections'>,
  finding: Pick<ElectionFinding, 'id' | 'at'>,
): Election | undefined {
  const epoch = epochOf(finding.id);
  const atMs = Date.parse(finding.at);
  const near = elections
    .filter((election) => distance(election, atMs) <= APART_MS_MAX)
    .toSorted((x, y) => distance(x, atMs) - distance(y, atMs));
  const sameEpoch = epoch === null ? [] : elections.filter((election) => election.epoch === epoch);
  // After a restart from nothing epochs begin anew: then the time decides between those of one epoch.
  const known = near.find((election) => sameEpoch.includes(election)) ?? sameEpoch.at(-1);
  return known ?? near.find((election) => epoch === null || election.epoch === null);
}

/** That of the same epoch; without an epoch on either side, the nearest in time. */
export function findingOf(
  findings: readonly Finding[],
  election: Pick<Election, 'epoch' | 'startMs' | 'previous'>,
): ElectionFinding | undefined {
  const { epoch, startMs, previous } = election;
  const distanceOf = ({ at }: Finding): number => Math.abs(Date.parse(at) - startMs);
  const near = findings
    .filter((finding): finding is ElectionFinding => finding.kind === 'election')
    .filter((finding) => distanceOf(finding) <= APART_MS_MAX)
    .toSorted((x, y) => distanceOf(x) - distanceOf(y));
  return near.find(({ id }) => {
    const told = epochOf(id);
    if (told !== null && epoch !== null) return told === epoch;
    // While nobody has won there is no epoch; the finding of the reign before is another one's.
    return told === null || told !== previous?.epoch;
  });
}

function epochOf(findingId: string): number | null {
  const digits = /^election\/(\d{1,10})$/.exec(findingId)?.[1];
  return digits === undefined ? null : Number(digits);
}

function distance({ startMs, endMs }: Election, atMs: number): number {
  if (atMs < startMs) return startMs - atMs;
  return Math.max(0, atMs - (endMs ?? atMs));
}

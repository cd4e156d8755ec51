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
  const epoch = /^election\/(\d+)$/.exec(finding.id)?.[1];
  const atMs = Date.parse(finding.at);
  const near = elections
    .filter((election) => distance(election, atMs) <= APART_MS_MAX)
    .toSorted((x, y) => distance(x, atMs) - distance(y, atMs));
  const sameEpoch = elections.filter((election) => String(election.epoch) === epoch);
  // After a restart from nothing epochs begin anew: then the time decides between those of one epoch.
  return near.find((election) => sameEpoch.includes(election)) ?? sameEpoch.at(-1) ?? near[0];
}

export function findingOf(
  findings: readonly Finding[],
  election: Pick<Election, 'epoch' | 'startMs'>,
): ElectionFinding | undefined {
  const mine = findings.filter(
    (finding): finding is ElectionFinding =>
      finding.kind === 'election' && Math.abs(Date.parse(finding.at) - election.startMs) <= APART_MS_MAX,
  );
  const sameEpoch = mine.find(({ id }) => election.epoch !== null && id === `election/${election.epoch}`);
  const byDistance = mine.toSorted(
    (x, y) => Math.abs(Date.parse(x.at) - election.startMs) - Math.abs(Date.parse(y.at) - election.startMs),
  );
  return sameEpoch ?? byDistance[0];
}

function distance({ startMs, endMs }: Election, atMs: number): number {
  if (atMs < startMs) return startMs - atMs;
  return Math.max(0, atMs - (endMs ?? atMs));
}

/** How the former leader was lost, as far as the finding tells: for its lane in the diagram and the begin of the phases. Pure. */
import type { Election } from '../../../../shared/api/elections.ts';
import type { Finding } from '../../../../shared/api/findings.ts';

export type ElectionFinding = Extract<Finding, { kind: 'election' }>;
export type ElectionCause = ElectionFinding['cause'];

export interface LeaderLoss {
  readonly sid: number;
  /** When it was lost; when the others noticed, where nothing tells more. */
  readonly atMs: number;
  readonly cause: ElectionCause;
}

/** What a finding cites may lie so long before the others noticed: a session's timeout, or a ping's. */
const NOTICED_MS_MAX = 60_000;

/** Null where there was no leader before. */
export function leaderLossOf(
  { previous, endings, startMs }: Election,
  finding: Pick<ElectionFinding, 'cause' | 'evidence'> | null,
): LeaderLoss | null {
  if (previous === null) return null;
  const cause = finding?.cause ?? 'unknown';
  const ending = endings.find(({ sid }) => sid === previous.leader);
  const cited = (finding?.evidence ?? [])
    .flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]))
    .filter((atMs) => atMs <= startMs && startMs - atMs < NOTICED_MS_MAX && atMs > previous.fromMs);
  // One that is silent or cut off is missed only after a while, which the finding knows; others are missed at once.
  const isMissedLate = cause === 'leader-paused' || cause === 'leader-partitioned';
  const lostMs = Math.min(startMs, ending?.atMs ?? startMs, ...(isMissedLate ? cited : []));
  return { sid: previous.leader, atMs: lostMs, cause };
}

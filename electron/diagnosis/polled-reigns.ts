/**
 * Who led when, from what client ports answered: for ensembles whose servers tell no events. A reign ends when its leader was
 * first seen not to lead; elections between two reigns are known by their time and outcome only. Pure.
 */
import type { Election, ElectionRecord, Reign } from '../../shared/api/elections.ts';
import type { ClusterPicture, Reign as SeenReign } from './cluster-picture.ts';

/** Reigns of leaders whose number nobody tells are left out, and a server alone has none. */
export function polledReigns(cluster: ClusterPicture): Reign[] {
  const seen = [...cluster.reigns];
  return seen.flatMap((reign, index) => {
    const { leader, epoch, fromMs } = reign;
    if (leader.sid === undefined || leader.role === 'standalone') return [];
    return [{ leader: leader.sid, epoch, fromMs, toMs: lostMs(reign, seen[index + 1]) }];
  });
}

/** When the leader was seen to lead no more; undefined as long as it does. */
function lostMs({ leader, fromMs }: SeenReign, next: SeenReign | undefined): number | null {
  const untilMs = next?.fromMs ?? Infinity;
  for (const span of leader.spans) {
    const leads = span.standing === 'serving' && (span.role === undefined || span.role === 'leader');
    if (!leads && span.fromMs >= fromMs && span.fromMs < untilMs) return span.fromMs;
  }
  return next?.fromMs ?? null;
}

export function polledElections(cluster: ClusterPicture): ElectionRecord {
  const ribbon = polledReigns(cluster);
  const elections = ribbon.flatMap((reign, index): Election[] => {
    const previous = ribbon[index - 1];
    return previous === undefined ? [] : [electionBetween(previous, reign)];
  });
  const last = ribbon.at(-1);
  if (last !== undefined && last.toMs !== null) elections.push(electionBetween(last, undefined));
  return { elections, ribbon };
}

/** Participants and votes stay empty: nobody told them. */
function electionBetween(previous: Reign, next: Reign | undefined): Election {
  return {
    startMs: previous.toMs ?? next?.fromMs ?? previous.fromMs,
    endMs: next?.fromMs ?? null,
    winner: next?.leader ?? null,
    epoch: next?.epoch ?? null,
    previous,
    participants: [],
    round: null,
    casts: [],
    heard: [],
    candidates: [],
    syncs: [],
    epochs: [],
    joinVotes: [],
    endings: [],
    clients: null,
  };
}

/**
 * Puts together what is kept of elections and what is seen now: the same election may be known from two sources, or of two
 * runs of Zabra, and is then the one that tells more. Bounded. Pure.
 */
import type { Election, ElectionRecord, Reign } from '../../../shared/api/elections.ts';

export const ELECTIONS_MAX = 40;
const REIGNS_MAX = 300;
/** Sources agree within this on when the same thing began. */
const SAME_MS = 10_000;

export const NO_ELECTIONS: ElectionRecord = { elections: [], ribbon: [] };

/** `kept` ends when somebody watched last: whoever led by then is not known to lead now. */
export function endOfWatch({ elections, ribbon }: ElectionRecord, seenMs: number): ElectionRecord {
  return {
    elections: elections.filter(({ endMs }) => endMs !== null),
    ribbon: ribbon.map((reign) => ({ ...reign, toMs: reign.toMs ?? Math.max(reign.fromMs, seenMs) })),
  };
}

export function mergeElections(kept: ElectionRecord, live: ElectionRecord): ElectionRecord {
  return {
    elections: mergeSorted(kept.elections, live.elections, isSameElection, richer)
      .sort((a, b) => a.startMs - b.startMs)
      .slice(-ELECTIONS_MAX),
    ribbon: inOrder(mergeSorted(kept.ribbon, live.ribbon, isSameReign, joined)).slice(-REIGNS_MAX),
  };
}

function mergeSorted<T>(
  kept: readonly T[],
  live: readonly T[],
  isSame: (kept: T, live: T) => boolean,
  join: (kept: T, live: T) => T,
): T[] {
  const rest = [...kept];
  const present = live.map((each) => {
    const at = rest.findIndex((candidate) => isSame(candidate, each));
    const [known] = at === -1 ? [] : rest.splice(at, 1);
    return known === undefined ? each : join(known, each);
  });
  return [...rest, ...present];
}

function isSameElection(a: Election, b: Election): boolean {
  if (a.endMs === null || b.endMs === null) return Math.abs(a.startMs - b.startMs) <= SAME_MS / 10;
  const overlap = a.startMs <= b.endMs + SAME_MS && b.startMs <= a.endMs + SAME_MS;
  return overlap && a.winner === b.winner && a.epoch === b.epoch;
}

/** Of the same wealth the newer one, which may know how it ended. */
function richer(kept: Election, live: Election): Election {
  const wealth = ({ participants, heard, casts }: Election): number =>
    participants.length + heard.length + casts.length;
  return wealth(kept) > wealth(live) && kept.endMs !== null ? kept : live;
}

function isSameReign(a: Reign, b: Reign): boolean {
  const overlap = a.fromMs <= (b.toMs ?? Infinity) + SAME_MS && b.fromMs <= (a.toMs ?? Infinity) + SAME_MS;
  return a.leader === b.leader && a.epoch === b.epoch && overlap;
}

function joined(kept: Reign, live: Reign): Reign {
  return { ...live, fromMs: Math.min(kept.fromMs, live.fromMs) };
}

/** One leads at a time: a reign whose end nobody saw ended when the next began. */
function inOrder(ribbon: Reign[]): Reign[] {
  const sorted = ribbon.sort((a, b) => a.fromMs - b.fromMs);
  return sorted.map((reign, index) => {
    const next = sorted[index + 1];
    if (next === undefined || (reign.toMs ?? Infinity) <= next.fromMs) return reign;
    return { ...reign, toMs: next.fromMs };
  });
}

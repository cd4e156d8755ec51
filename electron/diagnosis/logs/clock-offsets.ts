/**
 * How far the clocks of servers are apart, from pairs of events of which one must have come first. A message from A to B says
 * that B's clock is ahead of A's by no more than the difference of the two times; one from B to A bounds it from the other
 * side. Bounds add up along a way over several servers, so the tightest ones are shortest paths. The estimate is the middle
 * of what remains possible, and half of that span is its uncertainty. Pure.
 */
import type { Precedence } from './message-pairs.ts';

export interface ClockOffset {
  readonly sid: number;
  /** How far its clock is ahead of that of the first server. */
  readonly offsetMs: number;
  /** The truth is within this of the estimate; null where messages bound it on one side at most. */
  readonly uncertaintyMs: number | null;
  /** False when the messages contradict each other: a clock was moved, or runs faster than another. */
  readonly isSteady: boolean;
}

/** Offsets of all of `sids` against the first of them. */
export function estimateOffsets(sids: readonly number[], pairs: readonly Precedence[]): ClockOffset[] {
  const ahead = tightestBounds(sids, pairs);
  const [reference] = sids;
  return sids.map((sid) => {
    if (reference === undefined || sid === reference) {
      return { sid, offsetMs: 0, uncertaintyMs: 0, isSteady: true };
    }
    return estimate(sid, { most: ahead(reference, sid), least: -ahead(sid, reference) });
  });
}

function estimate(sid: number, { most, least }: { most: number; least: number }): ClockOffset {
  if (!Number.isFinite(most) || !Number.isFinite(least)) {
    // Clocks are right as long as nothing says otherwise.
    return { sid, offsetMs: Math.min(Math.max(0, least), most), uncertaintyMs: null, isSteady: true };
  }
  return {
    sid,
    offsetMs: (most + least) / 2,
    uncertaintyMs: Math.abs(most - least) / 2,
    isSteady: least <= most,
  };
}

/** By how much the clock of the second may be ahead of the first's at most; Infinity where nothing bounds it. */
function tightestBounds(
  sids: readonly number[],
  pairs: readonly Precedence[],
): (from: number, to: number) => number {
  const bounds = new Map<string, number>();
  const key = (from: number, to: number): string => `${from} ${to}`;
  const bound = (from: number, to: number): number => bounds.get(key(from, to)) ?? Infinity;
  const tighten = (from: number, to: number, ms: number): void => {
    if (ms < bound(from, to)) bounds.set(key(from, to), ms);
  };
  for (const { earlier, later } of pairs) tighten(earlier.sid, later.sid, later.atMs - earlier.atMs);
  for (const over of sids) {
    for (const from of sids) {
      for (const to of sids) if (from !== to) tighten(from, to, bound(from, over) + bound(over, to));
    }
  }
  return bound;
}

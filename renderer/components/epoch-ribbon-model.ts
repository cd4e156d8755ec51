/**
 * Who led when, as a ribbon: reigns side by side to the scale of time, and between them the gaps in which nobody led, each with
 * its election. Long ago and just now are told apart by ranges. Pure.
 */
import type { Election, ElectionRecord, Reign } from '../../shared/api/elections.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Of so much time up to now; `all` of everything that is known. */
export const RIBBON_RANGES = {
  '10min': 10 * MINUTE_MS,
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  all: Infinity,
} as const;
export type RibbonRange = keyof typeof RIBBON_RANGES;

export interface RibbonReign {
  readonly reign: Reign;
  readonly leftShare: number;
  readonly widthShare: number;
  readonly isLast: boolean;
}

export interface RibbonGap {
  readonly fromMs: number;
  /** Null while nobody leads yet. */
  readonly toMs: number | null;
  readonly leftShare: number;
  readonly widthShare: number;
  /** Whose reign ended; null before the first. */
  readonly lost: number | null;
  /** Undefined where no server told of it. */
  readonly election: Election | undefined;
}

export interface Ribbon {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reigns: readonly RibbonReign[];
  readonly gaps: readonly RibbonGap[];
}

/** Left of what is known there is a little room, so that the first boundary is seen. */
const ROOM_SHARE = 0.02;

export function ribbonOf(
  { ribbon, elections }: ElectionRecord,
  { range, nowMs }: { readonly range: RibbonRange; readonly nowMs: number },
): Ribbon {
  const firstMs = Math.min(
    nowMs,
    ...ribbon.map(({ fromMs }) => fromMs),
    ...elections.map(({ startMs }) => startMs),
  );
  const lengthMs = Math.max(1, Math.min(RIBBON_RANGES[range], (nowMs - firstMs) * (1 + ROOM_SHARE)));
  const span = { fromMs: nowMs - lengthMs, toMs: nowMs };
  const place = (fromMs: number, toMs: number): Pick<RibbonReign, 'leftShare' | 'widthShare'> => {
    const left = Math.max(span.fromMs, fromMs);
    return {
      leftShare: (left - span.fromMs) / lengthMs,
      widthShare: Math.max(0, Math.min(span.toMs, toMs) - left) / lengthMs,
    };
  };
  const isSeen = (fromMs: number, toMs: number): boolean => toMs >= span.fromMs && fromMs <= span.toMs;
  return {
    ...span,
    reigns: ribbon
      .map((reign, index) => ({
        reign,
        ...place(reign.fromMs, reign.toMs ?? nowMs),
        isLast: index === ribbon.length - 1 && reign.toMs === null,
      }))
      .filter(({ reign }) => isSeen(reign.fromMs, reign.toMs ?? nowMs)),
    gaps: gapsOf(ribbon, elections)
      .filter(({ fromMs, toMs }) => isSeen(fromMs, toMs ?? nowMs))
      .map((gap) => ({ ...gap, ...place(gap.fromMs, gap.toMs ?? nowMs) })),
  };
}

type Gap = Omit<RibbonGap, 'leftShare' | 'widthShare'>;

/** Before each reign, and behind the last one where it has ended. */
function gapsOf(ribbon: readonly Reign[], elections: readonly Election[]): readonly Gap[] {
  const before = ribbon.flatMap((reign, index): Gap[] => {
    const previous = ribbon[index - 1];
    const election = elections.find((each) => isOf(each, reign));
    if (previous === undefined && election === undefined) return [];
    const fromMs = previous?.toMs ?? election?.startMs ?? reign.fromMs;
    return [
      {
        fromMs: Math.min(fromMs, reign.fromMs),
        toMs: reign.fromMs,
        lost: previous?.leader ?? null,
        election,
      },
    ];
  });
  const last = ribbon.at(-1);
  if (last === undefined || last.toMs === null) return before;
  const open = elections.find(({ endMs, startMs }) => endMs === null && startMs >= last.fromMs);
  return [...before, { fromMs: last.toMs, toMs: null, lost: last.leader, election: open }];
}

/** An election ends with the begin of a reign. */
function isOf({ winner, epoch, endMs }: Election, reign: Reign): boolean {
  if (winner !== reign.leader) return false;
  if (epoch !== null && reign.epoch !== null && epoch !== reign.epoch) return false;
  return endMs !== null && Math.abs(endMs - reign.fromMs) < MINUTE_MS;
}

export interface RibbonLabel {
  readonly gap: number;
  /** Where it begins, in pixels. */
  readonly left: number;
}

/** Which gaps have room for their words below the ribbon: the newest first, none over another. */
export function placeLabels(
  widths: readonly { readonly gap: number; readonly at: number; readonly width: number }[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly RibbonLabel[] {
  const labels: RibbonLabel[] = [];
  let limit = to;
  for (const { gap, at, width } of widths.toReversed()) {
    const left = Math.min(at, limit - width);
    // A label that would stand far from its gap says nothing.
    if (left < from || at - left > width) continue;
    labels.push({ gap, left });
    limit = left - LABEL_SPACE;
  }
  return labels;
}

const LABEL_SPACE = 16;

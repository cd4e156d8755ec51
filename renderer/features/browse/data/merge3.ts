/**
 * A three-way merge by lines. What only one side changed is taken; what both changed alike is taken once; what both
 * changed differently is a conflict that a person decides. Changes of neighbouring lines are two changes, since a line
 * is a member in what znodes hold; only an insertion that touches the other side's change is in conflict with it,
 * because nothing says which of the two comes first.
 */
import { assertNever } from '../../../../shared/assert.ts';
import { type Hunk, diffLines, splitLines } from './line-diff.ts';

export type RegionKind = 'same' | 'theirs' | 'yours' | 'both' | 'conflict';

/** A stretch of the merge. Lines carry their endings. */
export interface Region {
  readonly kind: RegionKind;
  readonly base: readonly string[];
  readonly theirs: readonly string[];
  readonly yours: readonly string[];
}

export type Choice = 'theirs' | 'yours';

export interface Merge {
  readonly regions: readonly Region[];
  readonly conflictCount: number;
  /** Regions that were taken without a question. */
  readonly mergedCount: number;
}

interface Side {
  readonly lines: readonly string[];
  readonly hunks: readonly Hunk[];
  /** The next hunk that is not consumed. */
  at: number;
  /** Lines of this side minus lines of the base, up to here. */
  shift: number;
}

function sideOf(base: readonly string[], lines: readonly string[]): Side {
  return { lines, hunks: diffLines(base, lines), at: 0, shift: 0 };
}

export function merge3({ base, theirs, yours }: { base: string; theirs: string; yours: string }): Merge {
  const baseLines = splitLines(base);
  const theirSide = sideOf(baseLines, splitLines(theirs));
  const yourSide = sideOf(baseLines, splitLines(yours));
  const regions: Region[] = [];
  let baseAt = 0;

  for (;;) {
    const start = Math.min(nextStart(theirSide), nextStart(yourSide));
    if (start === Infinity) break;
    if (start > baseAt) regions.push(sameRegion(baseLines.slice(baseAt, start)));
    baseAt = takeChanges({ start, baseLines, theirSide, yourSide, regions });
  }
  if (baseAt < baseLines.length) regions.push(sameRegion(baseLines.slice(baseAt)));
  return {
    regions,
    conflictCount: regions.filter(({ kind }) => kind === 'conflict').length,
    mergedCount: regions.filter(({ kind }) => kind !== 'conflict' && kind !== 'same').length,
  };
}

function nextStart(side: Side): number {
  return side.hunks[side.at]?.aStart ?? Infinity;
}

function sameRegion(lines: readonly string[]): Region {
  return { kind: 'same', base: lines, theirs: lines, yours: lines };
}

/** Takes all hunks of both sides that overlap or touch, as one region. Returns the base line behind it. */
function takeChanges({
  start,
  baseLines,
  theirSide,
  yourSide,
  regions,
}: {
  start: number;
  baseLines: readonly string[];
  theirSide: Side;
  yourSide: Side;
  regions: Region[];
}): number {
  const theirFrom = start + theirSide.shift;
  const yourFrom = start + yourSide.shift;
  const theirHunksBefore = theirSide.at;
  const yourHunksBefore = yourSide.at;
  let end = start;
  for (let hasGrown = true; hasGrown;) {
    hasGrown = false;
    for (const side of [theirSide, yourSide]) {
      for (
        let hunk = side.hunks[side.at];
        hunk !== undefined && isTouching(hunk, { start, end });
        hunk = side.hunks[side.at]
      ) {
        end = Math.max(end, hunk.aEnd);
        side.shift = hunk.bEnd - hunk.aEnd;
        side.at++;
        hasGrown = true;
      }
    }
  }
  const base = baseLines.slice(start, end);
  const theirs = theirSide.lines.slice(theirFrom, end + theirSide.shift);
  const yours = yourSide.lines.slice(yourFrom, end + yourSide.shift);
  const hasTheirs = theirSide.at > theirHunksBefore;
  const hasYours = yourSide.at > yourHunksBefore;
  regions.push({
    kind: kindOf({ hasTheirs, hasYours, isSame: isSameLines(theirs, yours) }),
    base,
    theirs,
    yours,
  });
  return end;
}

/** Whether a hunk belongs to the region `[start, end)` of the base. */
function isTouching(hunk: Hunk, { start, end }: { start: number; end: number }): boolean {
  if (hunk.aStart !== end) return hunk.aStart < end;
  return hunk.aStart === hunk.aEnd || start === end;
}

function kindOf({
  hasTheirs,
  hasYours,
  isSame,
}: {
  hasTheirs: boolean;
  hasYours: boolean;
  isSame: boolean;
}): RegionKind {
  if (!hasYours) return 'theirs';
  if (!hasTheirs) return 'yours';
  return isSame ? 'both' : 'conflict';
}

function isSameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** The lines that a region contributes; a conflict needs a choice, else undefined. */
export function linesOf(region: Region, choice: Choice | undefined): readonly string[] | undefined {
  switch (region.kind) {
    case 'same':
    case 'theirs':
    case 'both':
      return region.theirs;
    case 'yours':
      return region.yours;
    case 'conflict':
      return choice === undefined ? undefined : choice === 'theirs' ? region.theirs : region.yours;
    default:
      return assertNever(region.kind, 'region');
  }
}

/** The merged text, or undefined while a conflict has no choice. `choices` are by the number of the conflict. */
export function mergedText(merge: Merge, choices: ReadonlyMap<number, Choice>): string | undefined {
  const parts: string[] = [];
  let conflict = 0;
  for (const region of merge.regions) {
    const lines = linesOf(region, region.kind === 'conflict' ? choices.get(conflict++) : undefined);
    if (lines === undefined) return undefined;
    parts.push(...lines);
  }
  return parts.join('');
}

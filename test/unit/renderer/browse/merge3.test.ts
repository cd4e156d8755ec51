import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countChangedLines,
  diffLines,
  splitLines,
} from '../../../../renderer/features/browse/data/line-diff.ts';
import { merge3, mergedText } from '../../../../renderer/features/browse/data/merge3.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

function longestCommon(a: readonly string[], b: readonly string[]): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const fromA of a) {
    let diagonal = 0;
    for (const [at, fromB] of b.entries()) {
      const above = row[at + 1]!;
      row[at + 1] = fromA === fromB ? diagonal + 1 : Math.max(above, row[at]!);
      diagonal = above;
    }
  }
  return row[b.length]!;
}

describe('line diff', () => {
  test('counts lines as a person would', () => {
    expect(countChangedLines('a\nb\nc', 'a\nB\nc')).toBe(1);
    expect(countChangedLines('a\n', 'a\nb\nc\n')).toBe(2);
    expect(countChangedLines('a', 'a')).toBe(0);
    expect(countChangedLines('a', 'a\n')).toBe(1);
    expect(splitLines('a\n\nb')).toEqual(['a\n', '\n', 'b']);
  });

  test('hunks turn the one into the other, and are as few lines as can be', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const rebuilt: string[] = [];
        let at = 0;
        let touched = 0;
        for (const hunk of diffLines(a, b)) {
          rebuilt.push(...a.slice(at, hunk.aStart), ...b.slice(hunk.bStart, hunk.bEnd));
          at = hunk.aEnd;
          touched += hunk.aEnd - hunk.aStart + hunk.bEnd - hunk.bStart;
        }
        rebuilt.push(...a.slice(at));
        expect(rebuilt).toEqual(b);
        expect(touched).toBe(a.length + b.length - 2 * longestCommon(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  test('two texts without a common line are one hunk, however long', () => {
    const a = Array.from({ length: 5000 }, (_, at) => `a${at}`);
    const b = Array.from({ length: 5000 }, (_, at) => `b${at}`);
    expect(diffLines(a, b)).toEqual([{ aStart: 0, aEnd: 5000, bStart: 0, bEnd: 5000 }]);
  });
});

const BASE = '1\n2\n3\n4\n5\n';

describe('three-way merge', () => {
  test('changes of different lines merge by themselves', () => {
    const merge = merge3({ base: BASE, theirs: '1\n2\n3\n4\nFIVE\n', yours: 'ONE\n2\n3\n4\n5\n' });
    expect(merge).toMatchObject({ conflictCount: 0, mergedCount: 2 });
    expect(mergedText(merge, new Map())).toBe('ONE\n2\n3\n4\nFIVE\n');
  });

  test('the same change on both sides is no conflict', () => {
    const merge = merge3({ base: BASE, theirs: '1\nX\n3\n4\n5\n', yours: '1\nX\n3\n4\n5\n' });
    expect(merge.regions.map(({ kind }) => kind)).toEqual(['same', 'both', 'same']);
  });

  test('different changes of one line wait for a choice', () => {
    const merge = merge3({ base: BASE, theirs: '1\n2\nT\n4\n5\n', yours: '1\n2\nY\n4\n5\n' });
    expect(merge.conflictCount).toBe(1);
    expect(mergedText(merge, new Map())).toBeUndefined();
    expect(mergedText(merge, new Map([[0, 'theirs']]))).toBe('1\n2\nT\n4\n5\n');
    expect(mergedText(merge, new Map([[0, 'yours']]))).toBe('1\n2\nY\n4\n5\n');
  });

  test('changes of neighbouring lines are two changes, not a conflict', () => {
    const merge = merge3({ base: BASE, theirs: '1\n2\nT\n4\n5\n', yours: '1\n2\n3\nY\n5\n' });
    expect(merge).toMatchObject({ conflictCount: 0, mergedCount: 2 });
    expect(mergedText(merge, new Map())).toBe('1\n2\nT\nY\n5\n');
  });

  test('an insertion that touches a change of the other side is a conflict, because the order is open', () => {
    const inserted = '1\n2\n3\nnew\n4\n5\n';
    expect(merge3({ base: BASE, theirs: inserted, yours: '1\n2\nY\n4\n5\n' }).conflictCount).toBe(1);
    expect(merge3({ base: BASE, theirs: '1\n2\n3\nY\n5\n', yours: inserted }).conflictCount).toBe(1);
    expect(merge3({ base: BASE, theirs: inserted, yours: '1\n2\n3\nother\n4\n5\n' }).conflictCount).toBe(1);
  });

  test('deleting a line that the other side changed is a conflict', () => {
    expect(merge3({ base: BASE, theirs: '1\n2\n4\n5\n', yours: '1\n2\nY\n4\n5\n' }).conflictCount).toBe(1);
  });

  test('with one side unchanged the other wins; with one choice throughout, that side loses nothing of its own', () => {
    fc.assert(
      fc.property(lines, lines, lines, (baseLines, theirLines, yourLines) => {
        const text = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
        const [base, theirs, yours] = [text(baseLines), text(theirLines), text(yourLines)];
        expect(mergedText(merge3({ base, theirs, yours: base }), new Map())).toBe(theirs);
        expect(mergedText(merge3({ base, theirs: base, yours }), new Map())).toBe(yours);
        expect(mergedText(merge3({ base, theirs, yours: theirs }), new Map())).toBe(theirs);
        const merge = merge3({ base, theirs, yours });
        expect(merge.regions.flatMap((region) => region.base).join('')).toBe(base);
        expect(merge.regions.flatMap((region) => region.theirs).join('')).toBe(theirs);
        expect(merge.regions.flatMap((region) => region.yours).join('')).toBe(yours);
      }),
      { numRuns: 2000 },
    );
  });
});

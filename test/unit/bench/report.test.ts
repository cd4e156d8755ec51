/** Medians, and ratios of rounds taken in pairs. */
import { expect, test } from 'vitest';

import { type Target, describe, median } from '../../bench/report.ts';

test('median: the middle one, or half-way between the two middle ones', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('report: the ratio is the median of the ratios of each round', () => {
  const values = new Map([
    ['builtin', [20, 90, 50]],
    ['apache', [10, 10, 25]],
  ]);
  const targets = new Map<string, Target>([['apache', { kind: 'atLeast', ratio: 2 }]]);
  const line = describe({ title: 'set', unit: 'a second', values, targets });
  expect(line).toContain('builtin 50, apache 10');
  expect(line).toContain('2.00× apache (meets ≥ 2×)');
});

test('report: a target that is missed is named', () => {
  const values = new Map([
    ['builtin', [3]],
    ['apache', [10]],
  ]);
  const targets = new Map<string, Target>([['apache', { kind: 'atMost', ratio: 1 / 4 }]]);
  expect(describe({ title: 'memory', unit: 'MB', values, targets })).toContain(
    '0.30× apache (MISSES ≤ 0.25×)',
  );
});

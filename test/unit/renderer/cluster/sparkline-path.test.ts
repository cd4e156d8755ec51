import { expect, test } from 'vitest';
import { sparklineShape } from '../../../../renderer/features/cluster/sparkline-path.ts';

const BOX = { width: 20, height: 12, capacity: 3, ceilingMin: 1 };

test('sparkline: the newest value is at the right edge, and the scale ends at the largest', () => {
  expect(sparklineShape([0, 5, 10], BOX).line).toBe('M0,11L10,6L20,1');
  expect(sparklineShape([0, 10], BOX).line).toBe('M10,11L20,1');
});

test('sparkline: a gap in the samples is a gap in the line', () => {
  expect(sparklineShape([1, null, 1], BOX).line).toBe('M-5,1L0,1M15,1L20,1');
});

test('sparkline: only as many values as there is room for', () => {
  expect(sparklineShape([9, 0, 0, 0], BOX).line).toBe('M0,11L10,11L20,11');
});

test('sparkline: small values do not fill the height', () => {
  expect(sparklineShape([0.5, 0.5], { ...BOX, ceilingMin: 5 }).line).toBe('M10,10L20,10');
});

test('sparkline: the area goes down to the base line', () => {
  expect(sparklineShape([10, 10], BOX).area).toBe('M10,1L20,1L20,12L10,12Z');
  expect(sparklineShape([], BOX)).toEqual({ line: '', area: '' });
});

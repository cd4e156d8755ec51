/** How faults of disks, clocks and links are written and set. */
import { expect, test } from 'vitest';

import {
  DELAYS_MS,
  RATES,
  SKEWS_MS,
  areUsual,
  formatSkew,
  rateStepOf,
  slownessOf,
  stepOf,
} from '../../../../renderer/features/ensembles/conditions.ts';

const WHOLE = { isCut: false, delayMs: 0, bytesPerSecond: null };

test.each([
  [0, '0'],
  [3_600_000, '+1\u00a0h'],
  [-10_000, '\u221210\u00a0s'],
])('a clock that is %d ms ahead: %s', (skewMs, text) => {
  expect(formatSkew(skewMs, 'en')).toBe(text);
});

test('every value that can be set is its own step, and one between two is the lower', () => {
  for (const [step, delayMs] of DELAYS_MS.entries()) expect(stepOf(DELAYS_MS, delayMs)).toBe(step);
  for (const [step, skewMs] of SKEWS_MS.entries()) expect(stepOf(SKEWS_MS, skewMs)).toBe(step);
  for (const [step, rate] of RATES.entries()) expect(rateStepOf(rate)).toBe(step);
  expect(DELAYS_MS[stepOf(DELAYS_MS, 30)]).toBe(20);
  expect(RATES[rateStepOf(50 * 1024)]).toBe(10 * 1024);
  expect(RATES[rateStepOf(1)]).toBe(1024);
});

test('a link says how slow it is, whichever way, and nothing while it is as at first', () => {
  expect(slownessOf({ a: 1, b: 2, there: WHOLE, back: WHOLE })).toBeUndefined();
  const slow = { ...WHOLE, delayMs: 20 };
  expect(slownessOf({ a: 1, b: 2, there: WHOLE, back: slow })).toBe('20\u00a0ms');
  const narrow = { ...slow, bytesPerSecond: 10_240 };
  expect(slownessOf({ a: 1, b: 2, there: narrow, back: narrow })).toBe(
    '20\u00a0ms, \u2264\u00a010\u00a0KB/s',
  );
});

test('conditions are usual only when all of them are', () => {
  const usual = { syncDelayMs: 0, isDiskFull: false, clockSkewMs: 0 };
  expect(areUsual(usual)).toBe(true);
  expect(areUsual({ ...usual, clockSkewMs: -1 })).toBe(false);
  expect(areUsual({ ...usual, isDiskFull: true })).toBe(false);
});

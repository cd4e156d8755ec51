import { expect, test } from 'vitest';

import { LogClock, zoneRule } from '../../../../../electron/diagnosis/logs/log-clock.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const date = (...[year, month, day, hour]: readonly [number, number, number, number]) => {
  return { kind: 'date', wallMs: Date.UTC(year, month - 1, day, hour), zoneMs: null } as const;
};

test('a time without a zone is of the zone that was named', () => {
  const clock = new LogClock(zoneRule('+02:00'));
  expect(clock.timeOf(date(2024, 5, 1, 12))).toBe(Date.UTC(2024, 4, 1, 10));
  expect(clock.timing).toBe('dated');
  expect(clock.shiftMs(99)).toBe(0);
});

test('a zone follows its own changes of the clocks', () => {
  const clock = new LogClock(zoneRule('Europe/Berlin'));
  expect(clock.timeOf(date(2024, 3, 31, 1))).toBe(Date.UTC(2024, 2, 31, 0));
  expect(clock.timeOf(date(2024, 3, 31, 3))).toBe(Date.UTC(2024, 2, 31, 1));
  expect(clock.timeOf(date(2024, 12, 1, 12))).toBe(Date.UTC(2024, 11, 1, 11));
});

test('a zone that is written counts more', () => {
  const clock = new LogClock(zoneRule('Europe/Berlin'));
  const stamp = { kind: 'date', wallMs: Date.UTC(2024, 4, 1, 12), zoneMs: 0 } as const;
  expect(clock.timeOf(stamp)).toBe(Date.UTC(2024, 4, 1, 12));
});

test('a zone that there is not is refused', () => {
  expect(() => zoneRule('Mars/Olympus')).toThrow(RangeError);
});

test('times of day are counted back from the end of the file, over midnight', () => {
  const clock = new LogClock(zoneRule('UTC'));
  const timeOfDay = (wallMs: number) => clock.timeOf({ kind: 'time-of-day', wallMs });
  const before = timeOfDay(23 * HOUR_MS);
  // Threads swap lines by milliseconds; that is no new day.
  expect(timeOfDay(23 * HOUR_MS - 5) - before).toBe(-5);
  const after = timeOfDay(HOUR_MS);
  expect(after - before).toBe(2 * HOUR_MS);
  const modifiedMs = Date.UTC(2024, 4, 2, 1, 0, 1);
  expect(before + clock.shiftMs(modifiedMs)).toBe(Date.UTC(2024, 4, 2, 1, 0, 1) - 2 * HOUR_MS);
  expect(clock.timing).toBe('undated');
});

test('without any time, lines keep their order and end when the file does', () => {
  const clock = new LogClock(zoneRule('UTC'));
  const [first, second] = [clock.timeOf(undefined), clock.timeOf(undefined)];
  expect(second - first).toBe(1);
  expect(second + clock.shiftMs(DAY_MS)).toBe(DAY_MS);
  expect(clock.timing).toBe('none');
});

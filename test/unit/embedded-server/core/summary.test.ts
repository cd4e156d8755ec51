/** Series in a few numbers, and how exact their percentiles are. */
import { describe, expect, test } from 'vitest';

import { PercentileSummary, Summary } from '../../../../embedded-server/core/summary.ts';

describe('summary', () => {
  test('least, greatest, mean, sum and count', () => {
    const series = new Summary();
    expect(series).toMatchObject({ min: 0, max: 0, average: 0, count: 0 });
    for (const value of [4, 9, 2]) series.add(value);
    expect(series).toMatchObject({ min: 2, max: 9, sum: 15, count: 3, average: 5 });
    series.reset();
    expect(series).toMatchObject({ min: 0, max: 0, sum: 0, count: 0 });
  });
});

describe('percentiles', () => {
  function seriesOf(values: readonly number[]): PercentileSummary {
    const series = new PercentileSummary();
    for (const value of values) series.add(value);
    return series;
  }

  test('an empty series has none', () => {
    expect(seriesOf([]).percentile(0.99)).toBe(0);
  });

  test('up to a second they are exact', () => {
    const series = seriesOf(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect([0.5, 0.95, 0.99, 0.999].map((share) => series.percentile(share))).toEqual([500, 950, 990, 999]);
  });

  test.each([1024, 5000, 70_000, 3_600_000, 2 ** 40])(
    '%d is known to a sixteenth, and never above the greatest',
    (value) => {
      const series = seriesOf([1, value, value * 1.5]);
      const median = series.percentile(0.5);
      expect(median).toBeGreaterThanOrEqual(value);
      expect(median).toBeLessThanOrEqual(value * (1 + 1 / 16));
      expect(series.percentile(1)).toBe(value * 1.5);
    },
  );

  test('a reset forgets them', () => {
    const series = seriesOf([7]);
    series.reset();
    series.add(3);
    expect(series.percentile(0.5)).toBe(3);
  });

  test('a time of the leader that is still to come here counts nothing', () => {
    const series = new PercentileSummary();
    series.addSince(1000n, 1003);
    series.addSince(1000n, 990);
    expect(series).toMatchObject({ count: 1, sum: 3 });
  });
});

/** Bucketed expiry at its boundaries (PROTOCOL.md 7.9): bucket(t) = (t / interval + 1) * interval. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Expiring, ExpiryBuckets } from '../../../../embedded-server/core/expiry-buckets.ts';

function member(): Expiring {
  return { bucketMs: undefined };
}

describe('expiry buckets', () => {
  test.each([
    [0, 4000, 6000],
    [1, 3999, 6000],
    [0, 3999, 4000],
    [1999, 1, 4000],
    [1999, 0, 2000],
  ])('touched at %i for %i ms, a member expires at %i', (nowMs, timeoutMs, expiresMs) => {
    const buckets = new ExpiryBuckets(2000, 0);
    const one = member();
    buckets.touch(one, timeoutMs, nowMs);
    expect(one.bucketMs).toBe(expiresMs);
    expect(buckets.expire(expiresMs - 1)).toEqual([]);
    expect(buckets.expire(expiresMs)).toEqual([one]);
    expect(one.bucketMs).toBeUndefined();
  });

  test('a member that is touched moves, and is in one bucket only', () => {
    const buckets = new ExpiryBuckets(1000, 0);
    const one = member();
    buckets.touch(one, 1000, 0);
    buckets.touch(one, 1000, 1500);
    expect(buckets.size).toBe(1);
    expect(buckets.expire(2000)).toEqual([]);
    expect(buckets.expire(3000)).toEqual([one]);
    expect(buckets.size).toBe(0);
  });

  test('a member that is removed does not expire', () => {
    const buckets = new ExpiryBuckets(1000, 0);
    const one = member();
    buckets.touch(one, 1000, 0);
    buckets.remove(one);
    expect(buckets.expire(99_000)).toEqual([]);
    expect(buckets.buckets()).toEqual([]);
  });

  test('after a long sleep everything due comes at once, the earliest bucket first', () => {
    const buckets = new ExpiryBuckets(1000, 0);
    const late = member();
    const early = member();
    buckets.touch(late, 5000, 0);
    buckets.touch(early, 1000, 0);
    expect(buckets.buckets().map(({ expiresMs }) => expiresMs)).toEqual([2000, 6000]);
    expect(buckets.expire(60_000)).toEqual([early, late]);
    expect(buckets.nextMs).toBe(61_000);
  });

  test('a member expires between its timeout and one interval after it', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.nat(100_000),
        fc.integer({ min: 1, max: 5000 }),
        (nowMs, timeoutMs, intervalMs) => {
          const buckets = new ExpiryBuckets(intervalMs, nowMs);
          const one = member();
          buckets.touch(one, timeoutMs, nowMs);
          const due = nowMs + timeoutMs;
          expect(buckets.expire(due)).toEqual([]);
          expect(buckets.expire(due + intervalMs)).toEqual([one]);
        },
      ),
    );
  });
});

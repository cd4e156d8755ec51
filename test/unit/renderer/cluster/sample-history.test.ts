import { expect, test } from 'vitest';
import {
  EMPTY_HISTORY,
  POINTS_MAX,
  maxOf,
  type ServerPoint,
  withSample,
} from '../../../../renderer/features/cluster/sample-history.ts';
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import { server, unreachable } from './make-server.ts';

/** The points of one server over samples two seconds apart. */
function pointsOf(...states: ServerDto[]): readonly ServerPoint[] {
  const history = states.reduce(
    (before, state, index) => withSample(before, { servers: [state], atMs: 2_000 * (index + 1) }),
    EMPTY_HISTORY,
  );
  return history.points.get('zk') ?? [];
}

test('sample history: requests per second are the growth of received, from the second sample on', () => {
  const points = pointsOf(server('zk', { received: 100 }), server('zk', { received: 350 }));
  expect(points.map((point) => point.requestsPerSecond)).toEqual([null, 125]);
});

test('sample history: a counter that was set back is a gap, and so is a server that did not answer', () => {
  const points = pointsOf(
    server('zk', { received: 100 }),
    server('zk', { received: 3 }),
    unreachable('zk'),
    server('zk', { received: 9 }),
    server('zk', { received: 9 }),
  );
  expect(points.map((point) => point.requestsPerSecond)).toEqual([null, null, null, null, 0]);
});

test('sample history: latency is taken as it is, null where it is hidden', () => {
  const points = pointsOf(server('zk', { latencyMs: { min: 0, avg: 1.5, max: 9 } }), unreachable('zk'));
  expect(points.map((point) => point.latencyAvgMs)).toEqual([1.5, null]);
});

test('sample history: fsync time is of the flushes between two samples', () => {
  const mntr = (count: number, sumMs: number): ServerDto =>
    server('zk', { mntr: { zk_cnt_fsynctime: String(count), zk_sum_fsynctime: String(sumMs) } });
  const points = pointsOf(mntr(10, 20), mntr(14, 60), mntr(14, 60), server('zk'));
  expect(points.map((point) => point.fsyncAvgMs)).toEqual([null, 10, null, null]);
});

test('sample history: the same sample is not counted twice', () => {
  const sample = { servers: [server('zk')], atMs: 5 };
  const once = withSample(EMPTY_HISTORY, sample);
  expect(withSample(once, sample)).toBe(once);
});

test('sample history: samples that are far apart have a gap between them', () => {
  const at = (atMs: number, avg: number) => ({
    servers: [server('zk', { latencyMs: { min: 0, avg, max: avg } })],
    atMs,
  });
  const history = [at(1_000, 1), at(3_000, 2), at(60_000, 3)].reduce(withSample, EMPTY_HISTORY);
  expect(history.points.get('zk')?.map((point) => point.latencyAvgMs)).toEqual([1, 2, null, 3]);
});

test('sample history: only so many points are kept', () => {
  const states = Array.from({ length: POINTS_MAX + 5 }, () => server('zk'));
  expect(pointsOf(...states)).toHaveLength(POINTS_MAX);
});

test('sample history: the largest of what is known', () => {
  expect(maxOf([null, 3, 1])).toBe(3);
  expect(maxOf([null])).toBeNull();
});

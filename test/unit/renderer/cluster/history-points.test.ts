import { expect, test } from 'vitest';
import {
  chartColumns,
  maxOf,
  spanOf,
  valuesBySteps,
  withSamples,
} from '../../../../renderer/features/cluster/history-points.ts';
import type { ClusterSample } from '../../../../shared/api/cluster.ts';
import type { HistoryPoint, ServerMoment } from '../../../../shared/api/cluster-history.ts';
import { server } from './make-server.ts';

const point = (atMs: number, moment: ServerMoment, epoch: number | null = null): HistoryPoint => ({
  atMs,
  leader: null,
  epoch,
  servers: { zk: moment },
});

test('history points: samples that are newer than what was recorded are put behind it', () => {
  const sample = (atMs: number): ClusterSample => ({
    atMs,
    servers: [server('zk', { role: 'leader', zxid: '0x300000001', moment: { outstanding: atMs } })],
    health: { atMs, findings: [], passed: [], unchecked: [] },
  });
  const recorded = [point(1, {}), point(5, {})];
  expect(withSamples(recorded, [sample(3), sample(5)])).toBe(recorded);
  expect(withSamples(recorded, [sample(5), sample(7)]).slice(2)).toEqual([
    { atMs: 7, leader: 'zk', epoch: 3, servers: { zk: { outstanding: 7 } } },
  ]);
});

test('history points: a young history fills the width, from a minute on; an old one the whole range', () => {
  const range = { fromMs: 0, toMs: 900_000 };
  expect(spanOf([point(899_000, {})], range)).toEqual({ fromMs: 840_000, toMs: 900_000 });
  expect(spanOf([point(600_000, {})], range)).toEqual({ fromMs: 600_000, toMs: 900_000 });
  expect(spanOf([point(-50_000, {}), point(2_000, {})], range)).toEqual({ fromMs: 2_000, toMs: 900_000 });
  expect(spanOf([], range).fromMs).toBe(840_000);
});

test('history points: a step has its largest value; nothing to measure is no gap, nobody looking is one', () => {
  const points = [
    point(1_000, { fsyncMs: 2 }),
    point(2_000, { fsyncMs: 9 }),
    point(3_000, { outstanding: 0 }),
    point(5_000, { fsyncMs: 1 }),
    point(12_000, { fsyncMs: 4 }),
    point(14_000, {}),
    point(16_000, { fsyncMs: 3 }),
  ];
  const question = {
    server: 'zk',
    metric: 'fsyncMs',
    fromMs: 0,
    toMs: 20_000,
    count: 10,
    stepMs: 2_000,
  } as const;
  expect(valuesBySteps(points, question)).toEqual([2, 9, 1, null, null, null, 4, null, 3, undefined]);
  expect(valuesBySteps(points, { ...question, count: 1 })).toEqual([9]);
  expect(maxOf([null, 9, undefined, 2])).toBe(9);
  expect(maxOf([null])).toBeNull();
});

test('history points: a chart has a gap where Zabra did not look, and a tick where an epoch began', () => {
  const points = [
    point(2_000, { lag: 1 }, 4),
    point(4_000, {}, null),
    point(20_000, { lag: 3 }, 5),
    point(22_000, { lag: 0 }, 5),
  ];
  expect(chartColumns(points, { servers: ['zk', 'other'], metric: 'lag', stepMs: 2_000 })).toEqual({
    times: [2, 4, 6, 20, 22],
    series: [
      [1, null, null, 3, 0],
      [null, null, null, null, null],
    ],
    epochs: [20],
  });
});

/** What is recorded of servers, and how it is kept (electron/services/cluster/history, electron/stores/history-store.ts). */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { foldPoints } from '../../../../../electron/services/cluster/history/fold.ts';
import { HistoryRecorder } from '../../../../../electron/services/cluster/history/history-recorder.ts';
import { momentOf } from '../../../../../electron/services/cluster/history/moment.ts';
import { SampleBook } from '../../../../../electron/services/cluster/history/sample-book.ts';
import { ZxidTrail } from '../../../../../electron/services/cluster/history/zxid-trail.ts';
import { migrate } from '../../../../../electron/stores/database.ts';
import { HistoryStore } from '../../../../../electron/stores/history-store.ts';
import { MIGRATIONS } from '../../../../../electron/stores/migrations.ts';
import { ProfileStore } from '../../../../../electron/stores/profile-store.ts';
import { type HistoryPoint, HISTORY_RANGES } from '../../../../../shared/api/cluster-history.ts';
import { PROFILE_DEFAULTS } from '../../../../../shared/api/connections.ts';
import { server, unreachable } from '../../../renderer/cluster/make-server.ts';
import { follower, leader } from './make-dto.ts';

describe('moments', () => {
  const counters = (
    reads: number,
    readMs: number,
    fsyncs: number,
    fsyncMs: number,
  ): Record<string, string> => ({
    zk_cnt_readlatency: String(reads),
    zk_sum_readlatency: String(readMs),
    zk_cnt_updatelatency: '0',
    zk_sum_updatelatency: '0',
    zk_cnt_fsynctime: String(fsyncs),
    zk_sum_fsynctime: String(fsyncMs),
  });

  test('are rates and means of the interval between two answers', () => {
    const before = server('a', { received: 100, mntr: counters(10, 20, 4, 8), mntrAtMs: 1_000 });
    const after = server('a', {
      received: 200,
      mntr: counters(30, 80, 6, 308),
      mntrAtMs: 3_000,
      connections: 7,
    });
    expect(momentOf(before, after)).toEqual({
      latencyMs: 3,
      readShare: 1,
      fsyncMs: 150,
      requestsPerSecond: 50,
      connections: 7,
    });
  });

  test('say nothing of an interval in which nothing happened or a counter was set back', () => {
    const before = server('a', { received: 100, mntr: counters(10, 20, 4, 8), mntrAtMs: 1_000 });
    expect(momentOf(before, { ...before, mntrAtMs: 3_000 })).toEqual({ requestsPerSecond: 0 });
    const reset = server('a', { received: 3, mntr: counters(1, 1, 1, 1), mntrAtMs: 3_000 });
    expect(momentOf(before, reset)).toEqual({});
  });

  test('a server that was not asked anew keeps its last interval; one that was away has none', () => {
    const book = new SampleBook();
    const at = (received: number, mntrAtMs: number): ReturnType<typeof server> =>
      server('a', { role: 'standalone', received, mntr: {}, mntrAtMs });
    const rates = [at(100, 1_000), at(300, 3_000), at(300, 3_000), unreachable('a'), at(900, 9_000)].map(
      (dto, index) => book.onSample([dto], index * 2_000).point.servers.a?.requestsPerSecond,
    );
    expect(rates).toEqual([undefined, 100, 100, undefined, undefined]);
  });
});

describe('lag behind the leader', () => {
  test('counts only what the leader had before the server was asked', () => {
    const trail = new ZxidTrail();
    trail.onLeader('l', { zxid: '0x100000010', atMs: 1_000 });
    trail.onLeader('l', { zxid: '0x100000020', atMs: 2_000 });
    trail.onLeader('l', { zxid: '0x100000090', atMs: 5_000 });
    expect(trail.lagOf({ zxid: '0x100000010', atMs: 3_000 })).toEqual({ transactions: 16, ms: 1_000 });
    expect(trail.lagOf({ zxid: '0x100000030', atMs: 3_000 })).toEqual({ transactions: 0, ms: 0 });
    expect(trail.lagOf({ zxid: '0x100000010', atMs: 500 })).toBeNull();
    expect(trail.lagOf({ zxid: '0x10', atMs: 3_000 })).toBeNull();
  });

  test('is told of learners, by the leader of the moment', () => {
    const book = new SampleBook();
    const sample = (leaders: string, followers: string, atMs: number): ReturnType<SampleBook['onSample']> =>
      book.onSample(
        [
          leader('l', { zxid: leaders, zxidAtMs: atMs }),
          follower('f', { zxid: followers, zxidAtMs: atMs + 1 }),
        ],
        atMs,
      );
    sample('0x100000010', '0x100000010', 1_000);
    const { servers, point } = sample('0x100000020', '0x100000011', 3_000);
    expect(servers.map(({ lag }) => lag)).toEqual([null, { transactions: 15, ms: 1 }]);
    expect(point).toMatchObject({ leader: 'l', epoch: 1, servers: { f: { lag: 15 } } });
  });
});

test('folding keeps what hurts, averages what flows, and takes what stands as it stood', () => {
  const point = (atMs: number, moment: HistoryPoint['servers'][string]): HistoryPoint => ({
    atMs,
    leader: 'a',
    epoch: atMs,
    servers: { a: moment },
  });
  const folded = foldPoints(
    [
      point(1, { fsyncMs: 2, requestsPerSecond: 10, znodes: 5, jvmPauseMs: 30 }),
      point(2, { fsyncMs: 200, requestsPerSecond: 30, znodes: 4, jvmPauseMs: 40 }),
      point(3, {}),
    ],
    10,
  );
  expect(folded).toEqual({
    atMs: 10,
    leader: 'a',
    epoch: 3,
    servers: { a: { fsyncMs: 200, requestsPerSecond: 20, znodes: 4, jvmPauseMs: 70 } },
  });
});

describe('the recorded history', () => {
  const START_MS = 1_800_000_000_000;

  function fresh(): { database: DatabaseSync; connectionId: string; recorder: HistoryRecorder } {
    const database = new DatabaseSync(':memory:');
    migrate(database, MIGRATIONS);
    const { connectionId } = new ProfileStore(database).insert(
      { ...PROFILE_DEFAULTS, name: 'x', servers: 'a:1' },
      { nowMs: 1 },
    );
    return { database, connectionId, recorder: new HistoryRecorder(new HistoryStore(database)) };
  }

  function recordFor(
    recorder: HistoryRecorder,
    connectionId: string,
    lengthMs: number,
    stepMs = 2_000,
  ): number {
    let atMs = START_MS;
    for (; atMs <= START_MS + lengthMs; atMs += stepMs) {
      const outstanding = atMs === START_MS + 60_000 ? 99 : 1;
      recorder.record(connectionId, { atMs, leader: 'a', epoch: 1, servers: { a: { outstanding } } });
    }
    return atMs - stepMs;
  }

  const countRows = (database: DatabaseSync): number =>
    Number(database.prepare('SELECT count(*) AS count FROM cluster_history').get()?.count);

  test('has every range in its own steps, up to now, and keeps a peak visible', () => {
    const { connectionId, recorder } = fresh();
    const nowMs = recordFor(recorder, connectionId, 20 * 60_000);
    const read = (range: '15m' | '1h' | '6h'): HistoryPoint[] =>
      recorder.read({ connectionId, range }, nowMs);
    expect(read('15m')).toHaveLength(450);
    expect(read('1h').length).toBeGreaterThanOrEqual(120);
    expect(read('1h').length).toBeLessThanOrEqual(122);
    expect(read('6h').length).toBeLessThanOrEqual(22);
    for (const range of ['15m', '1h', '6h'] as const) expect(read(range).at(-1)?.atMs).toBe(nowMs);
    const peak = Math.max(...read('6h').map(({ servers }) => servers.a?.outstanding ?? 0));
    expect(peak).toBe(99);
  });

  test('stays bounded however long it is recorded', () => {
    const { database, connectionId, recorder } = fresh();
    recordFor(recorder, connectionId, 30 * 3_600_000, 10_000);
    const rowsMax = Object.values(HISTORY_RANGES).reduce(
      (sum, { lengthMs, stepMs }) => sum + lengthMs / stepMs,
      0,
    );
    expect(countRows(database)).toBeLessThanOrEqual(rowsMax + 4);
  });

  test('goes on after a restart, and goes with its profile', () => {
    const { database, connectionId, recorder } = fresh();
    const nowMs = recordFor(recorder, connectionId, 60_000);
    const later = new HistoryRecorder(new HistoryStore(database));
    later.record(connectionId, { atMs: nowMs + 12_000, leader: null, epoch: null, servers: {} });
    expect(later.read({ connectionId, range: '1h' }, nowMs + 12_000).length).toBeGreaterThanOrEqual(6);
    new ProfileStore(database).delete(connectionId);
    expect(countRows(database)).toBe(0);
    // The last sample of a connection that is being removed.
    later.record(connectionId, { atMs: nowMs + 14_000, leader: null, epoch: null, servers: {} });
    expect(countRows(database)).toBe(0);
  });

  test('a clock that was set back makes no second past', () => {
    const { connectionId, recorder } = fresh();
    const nowMs = recordFor(recorder, connectionId, 60_000);
    recorder.record(connectionId, { atMs: nowMs - 30_001, leader: null, epoch: null, servers: {} });
    expect(recorder.read({ connectionId, range: '15m' }, nowMs)).toHaveLength(31);
  });
});

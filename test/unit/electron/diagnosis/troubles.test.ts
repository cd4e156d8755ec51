/** Troubles of servers, of the ensemble and of its data (electron/diagnosis). */
import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

function begun(options?: { observers: number }): Scene {
  return new Scene(options).pass(8);
}

test('server: a follower that refuses is lost, and is told of again when it is back', () => {
  const scene = begun();
  scene.server(1).standing = 'refused';
  scene.pass(4);
  scene.server(1).standing = 'serving';
  scene.pass(2);
  expect(scene.verdicts).toEqual(['server follower-lost 1']);
});

test('server: an observer that refuses is a lost observer', () => {
  const scene = begun({ observers: 1 });
  scene.server(4).standing = 'refused';
  expect(scene.pass(4).verdicts).toEqual(['server observer-lost 4']);
});

test('server: a follower that answers and finds no leader is cut off', () => {
  const scene = begun();
  scene.server(1).standing = 'looking';
  expect(scene.pass(7).verdicts).toEqual(['server follower-partitioned 1']);
});

test('server: a follower that has just been started is not cut off', () => {
  const scene = begun();
  scene.server(1).standing = 'refused';
  scene.pass(1);
  scene.server(1).standing = 'looking';
  expect(scene.pass(7).verdicts).toEqual([]);
});

test('server: one that is silent for a while was paused', () => {
  const scene = begun();
  scene.server(1).standing = 'silent';
  scene.pass(3);
  scene.server(1).standing = 'serving';
  expect(scene.pass(3).verdicts).toEqual(['server process-paused 1']);
});

test("server: silence while Zabra itself did not run is not the server's", () => {
  const scene = begun();
  scene.server(1).standing = 'silent';
  scene.pass(1);
  scene.stallOfZabra(1500);
  scene.pass(2);
  scene.server(1).standing = 'serving';
  expect(scene.pass(3).verdicts).toEqual([]);
});

test('server: fsyncs that take long on average', () => {
  const scene = begun();
  Object.assign(scene.server(2).metrics, { zk_cnt_fsynctime: '0', zk_sum_fsynctime: '0' });
  scene.pass(1);
  Object.assign(scene.server(2).metrics, { zk_cnt_fsynctime: '4', zk_sum_fsynctime: '4000' });
  expect(scene.pass(2).verdicts).toEqual(['server disk-slow 2']);
});

test('server: rejected connections, told by its counter', () => {
  const scene = begun();
  scene.server(2).metrics.zk_connection_rejected = '3';
  expect(scene.pass(2).verdicts).toEqual(['server connection-limit 2']);
});

test('server: a port that ends every connection at once turns this address away', () => {
  const scene = begun();
  scene.server(2).standing = 'hung-up';
  expect(scene.pass(4).verdicts).toEqual(['server connection-limit 2']);
});

test('server: an answer above the usual limit of clients', () => {
  const scene = begun();
  scene.server(1).metrics.zk_max_client_response_size = '1200000';
  expect(scene.pass(2).verdicts).toEqual(['server buffer-limit 1']);
});

test('server: a full disk, told by the server that ends of it', () => {
  const scene = begun();
  scene.tell({ kind: 'complaint', sid: 1, about: 'disk-full', text: 'the disk is full' });
  expect(scene.pass(1).verdicts).toEqual(['server disk-full 1']);
});

test('server: a clock that goes on by a second more or less has not jumped, one that goes by an hour has', () => {
  const scene = begun();
  const read = (aheadMs: number): void => {
    scene.diagnosis.observe({
      kind: 'clock-read',
      atMs: scene.nowMs,
      sid: 2,
      serverMs: scene.nowMs + aheadMs,
    });
    scene.pass(1);
  };
  for (const aheadMs of [-900, 0, -400]) read(aheadMs);
  expect(scene.verdicts).toEqual([]);
  read(3_600_000);
  expect(scene.verdicts).toEqual(['server clock-jump 2']);
});

test('cluster: too few are left for a quorum', () => {
  const scene = begun();
  for (const sid of [1, 2]) scene.server(sid).standing = 'refused';
  scene.server(3).standing = 'looking';
  expect(scene.pass(4).verdictsOf('cluster')).toEqual(['cluster quorum-lost ensemble']);
});

test('cluster: an election is no loss of the quorum', () => {
  const scene = begun();
  for (const sid of [1, 2, 3]) scene.server(sid).standing = 'looking';
  expect(scene.pass(4).verdictsOf('cluster')).toEqual([]);
});

test('data: requests that are refused after a setACL were locked out by it', () => {
  const scene = begun();
  const change = { op: 'setACL' as const, path: '/app', adminIds: ['digest:app:x'] };
  scene.commit({ zxid: 1n, sessionId: '0x1', cxid: 1, change });
  for (const zxid of [2n, 3n]) {
    scene.commit({ zxid, sessionId: '0x2', cxid: 1, change: { op: 'error', errorNumber: -102 } });
  }
  expect(scene.pass(1).verdicts).toEqual(['cluster acl-lockout /app']);
});

test('data: an ACL that admits somebody is no lockout by itself, one that leaves ADMIN to nobody is', () => {
  const scene = begun();
  const setAcl = (path: string, adminIds: readonly string[], zxid: bigint): void => {
    scene.commit({ zxid, sessionId: '0x1', cxid: 1, change: { op: 'setACL', path, adminIds } });
  };
  setAcl('/open', ['world:anyone'], 1n);
  expect(scene.pass(1).verdicts).toEqual([]);
  setAcl('/closed', [], 2n);
  expect(scene.pass(1).verdicts).toEqual(['cluster acl-lockout /closed']);
});

test('data: a quota that is exceeded', () => {
  const scene = begun();
  scene.diagnosis.observe({
    kind: 'quotas-exceeded',
    atMs: scene.nowMs,
    exceeded: [{ path: '/app', excess: { unit: 'nodes', used: 7, limit: 3 }, isHard: false }],
  });
  expect(scene.pass(1).verdicts).toEqual(['cluster quota-exceeded /app']);
});

test('server: one that was not there from the first is lost, and when is not known', () => {
  const scene = new Scene();
  scene.server(1).standing = 'refused';
  expect(scene.pass(8).verdicts).toEqual(['server follower-lost 1']);
  expect(scene.finding('1')?.words.answer).toMatchObject({ params: { atMs: null, how: 'unseen' } });
});

test('server: a follower that stays behind the leader', () => {
  const scene = begun();
  scene.server(1).lag = 200;
  expect(scene.pass(8).verdicts).toEqual(['server follower-behind 1']);
});

test('server: a follower that joins its leader again and again has no log to write', () => {
  const scene = begun();
  scene.server(1).standing = 'looking';
  for (let joined = 0; joined < 8; joined++) {
    scene.server(3).metrics.zk_cnt_1_learner_handler_qp_size = String(joined * 100);
    scene.pass(1);
  }
  expect(scene.verdicts).toEqual(['server disk-full 1']);
});

test('server: a trouble that comes again later is another one', () => {
  const scene = begun();
  const rejects = (count: number): void => {
    scene.server(2).metrics.zk_connection_rejected = String(count);
    scene.pass(1);
  };
  for (const count of [3, 5]) rejects(count);
  scene.pass(15);
  rejects(9);
  expect(scene.verdicts).toEqual(['server connection-limit 2', 'server connection-limit 2']);
});

test('cluster: a server that does not run for a moment is no loss of the quorum', () => {
  const scene = begun();
  for (const sid of [1, 2]) scene.server(sid).standing = 'silent';
  expect(scene.pass(4).verdictsOf('cluster')).toEqual([]);
  expect(scene.pass(5).verdictsOf('cluster')).toEqual(['cluster quorum-lost ensemble']);
});

test('cluster: servers that are configured differently', () => {
  const scene = new Scene();
  for (const sid of [1, 2, 3]) scene.server(sid).conf = { tickTime: sid === 2 ? '3000' : '2000' };
  expect(scene.pass(8).verdicts).toEqual(['cluster config-differs ensemble']);
});

test('cluster: all servers restarted one after the other', () => {
  const scene = begun();
  for (const sid of [1, 2, 3]) {
    scene.server(sid).standing = 'refused';
    scene.pass(1);
    scene.server(sid).standing = 'serving';
    scene.pass(4);
  }
  expect(scene.verdictsOf('cluster')).toEqual(['cluster rolling-restart ensemble']);
});

/** Transactions come to these servers every second, so many milliseconds old by their clocks. */
function age(scene: Scene, ages: Readonly<Record<number, number>>, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    for (const [sid, ageMs] of Object.entries(ages)) {
      const { metrics } = scene.server(Number(sid));
      const of = (name: string): number => Number(metrics[`zk_${name}_propagation_latency`] ?? 0);
      metrics.zk_cnt_propagation_latency = String(of('cnt') + 10);
      metrics.zk_max_propagation_latency = String(Math.max(of('max'), ageMs));
    }
    scene.pass(1);
  }
}

function withTransactions(): Scene {
  const scene = new Scene().pass(1);
  age(scene, { 1: 3, 2: 3 }, 5);
  return scene;
}

test('server: transactions that are older than they can be came to a clock that was set', () => {
  const scene = withTransactions();
  age(scene, { 1: 3_600_003, 2: 3 }, 8);
  expect(scene.verdicts).toEqual(['server clock-jump 1']);
});

test('server: transactions that are older than they can be wherever they came were dated by a clock that was set', () => {
  const scene = withTransactions();
  age(scene, { 1: 60_003, 2: 60_003 }, 8);
  expect(scene.verdicts).toEqual(['server clock-jump 3']);
});

test('server: transactions that are as old as the time since the ones before have been under way', () => {
  const scene = withTransactions();
  age(scene, { 2: 3 }, 30);
  age(scene, { 1: 29_000, 2: 3 }, 1);
  age(scene, { 1: 3, 2: 3 }, 8);
  expect(scene.verdicts).toEqual([]);
});

test('server: another leader may have had another time always', () => {
  const scene = withTransactions();
  Object.assign(scene.server(3), { role: 'follower', epoch: 2 });
  Object.assign(scene.server(2), { role: 'leader', epoch: 2 });
  scene.server(1).epoch = 2;
  age(scene, { 1: 60_000, 3: 60_000 }, 8);
  expect(scene.verdictsOf('server')).toEqual([]);
});

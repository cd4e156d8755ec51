/** What started an election, by what became of the leader before (electron/diagnosis/election-decider.ts). */
import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

/** Server 2 leads the second epoch. */
function elect(scene: Scene, seconds = 2): void {
  scene.server(1).standing = 'looking';
  scene.server(2).standing = 'looking';
  scene.pass(seconds);
  for (const sid of [1, 2]) Object.assign(scene.server(sid), { standing: 'serving', epoch: 2 });
  scene.server(2).role = 'leader';
  scene.pass(6);
}

function withLeader(): Scene {
  return new Scene().pass(10);
}

test('election: the leader was there before Zabra watched, so nothing is told', () => {
  expect(withLeader().verdictsOf('election')).toEqual([]);
});

test('election: a leader whose port refuses has crashed', () => {
  const scene = withLeader();
  scene.server(3).standing = 'refused';
  elect(scene);
  expect(scene.verdictsOf('election')).toEqual(['election leader-crashed 3']);
});

test('election: a leader that said that it ends was stopped', () => {
  const scene = withLeader();
  scene.server(3).standing = 'refused';
  scene.tell({ kind: 'ended', sid: 3, reason: 'the server was asked to stop' });
  elect(scene);
  expect(scene.verdictsOf('election')).toEqual(['election leader-stopped 3']);
});

test('election: a leader that ends because its disk is full has crashed', () => {
  const scene = withLeader();
  scene.server(3).standing = 'refused';
  scene.tell({ kind: 'complaint', sid: 3, about: 'disk-full', text: 'the disk is full' });
  scene.tell({ kind: 'ended', sid: 3, reason: 'the disk is full' });
  elect(scene);
  expect(scene.verdictsOf('election')).toEqual(['election leader-crashed 3']);
});

test('election: a leader that accepts connections and is silent was paused', () => {
  const scene = withLeader();
  scene.server(3).standing = 'silent';
  elect(scene);
  expect(scene.verdictsOf('election')).toEqual(['election leader-paused 3']);
});

test('election: a leader that still leads an older epoch, then looks for a leader, was cut off', () => {
  const scene = withLeader();
  elect(scene);
  scene.server(3).standing = 'looking';
  scene.pass(3);
  expect(scene.verdictsOf('election')).toEqual(['election leader-partitioned 3']);
});

test('election: a leader whose followers were gone lost its quorum', () => {
  const scene = withLeader();
  scene.server(1).standing = 'refused';
  scene.server(2).standing = 'refused';
  scene.pass(1);
  scene.server(3).standing = 'looking';
  scene.pass(4);
  for (const sid of [1, 2, 3]) Object.assign(scene.server(sid), { standing: 'serving', epoch: 2 });
  scene.pass(6);
  expect(scene.verdictsOf('election')).toEqual(['election quorum-lost 3']);
  expect(scene.verdictsOf('cluster')).toEqual(['cluster quorum-lost ensemble']);
});

test('election: a leader that is elected again has a reign that is new', () => {
  const scene = withLeader();
  scene.server(3).metrics.zk_leader_uptime = '3600000';
  scene.pass(1);
  for (const sid of [1, 2]) scene.server(sid).standing = 'refused';
  scene.server(3).standing = 'looking';
  scene.pass(4);
  for (const sid of [1, 2, 3]) Object.assign(scene.server(sid), { standing: 'serving', epoch: 2 });
  expect(scene.pass(6).verdictsOf('election')).toEqual(['election quorum-lost 3']);
});

test('election: a log that says that zxids are used up', () => {
  const scene = withLeader();
  scene.log(3, { mark: 'zxid-rollover' });
  scene.server(3).standing = 'looking';
  elect(scene, 1);
  expect(scene.verdictsOf('election')).toEqual(['election zxid-rollover 3']);
});

test('election: a leader that is no voter any more was removed', () => {
  const scene = withLeader();
  scene.diagnosis.observe({
    kind: 'configured',
    atMs: scene.nowMs,
    version: '100000005',
    participants: [1, 2],
    observers: [],
  });
  scene.server(3).standing = 'looking';
  elect(scene, 1);
  expect(scene.verdictsOf('election')).toEqual(['election reconfig 3']);
});

test('election: a leader that was there before and after leaves the cause unknown', () => {
  const scene = withLeader();
  for (const sid of [1, 2, 3]) scene.server(sid).epoch = 2;
  scene.server(3).role = 'follower';
  scene.server(2).role = 'leader';
  scene.pass(5);
  expect(scene.verdictsOf('election')).toEqual(['election unknown 3']);
});

test('election: followers that were gone one after the other did not cost the leader its quorum', () => {
  const scene = withLeader();
  for (const sid of [1, 2]) {
    scene.server(sid).standing = 'refused';
    scene.pass(2);
    scene.server(sid).standing = 'serving';
    scene.pass(2);
  }
  scene.server(3).standing = 'silent';
  elect(scene);
  expect(scene.verdictsOf('election')).toEqual(['election leader-paused 3']);
});

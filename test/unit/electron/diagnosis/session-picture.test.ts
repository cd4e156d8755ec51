/** What the picture of a session shows (electron/diagnosis/session-picture.ts), and reigns as client ports tell them. */
import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

const SESSION = '0x1000abc';
const ADDRESS = '10.0.0.7:40000';

function ended(scene: Scene): void {
  scene.commit({
    zxid: 0x1_0000_0009n,
    sessionId: SESSION,
    cxid: 0,
    change: { op: 'closeSession', ephemerals: ['/lock'] },
  });
  scene.server(1).sessions.delete(SESSION);
}

function withSession(): Scene {
  const scene = new Scene();
  scene.server(1).sessions.set(SESSION, ADDRESS);
  scene.server(1).sessions.set('0x2', '10.0.0.8:40000');
  return scene.pass(8);
}

test('picture: where it was connected, that it was heard of between polls, and its end', () => {
  const scene = withSession();
  scene.hear(SESSION);
  scene.pass(1);
  const heardMs = scene.nowMs;
  scene.pass(2);
  ended(scene);
  scene.pass(3);
  const picture = scene.diagnosis.sessionPicture(SESSION, scene.nowMs)!;
  expect(picture).toMatchObject({
    timeoutMs: 4000,
    connections: [{ address: ADDRESS, sid: 1, server: '127.0.0.1:2181' }],
    heard: [{ atMs: heardMs, by: 'poll', withinMs: 1000 }],
    end: { byClient: false, zxid: '0x100000009' },
    ephemerals: [{ path: '/lock', restored: null }],
    ephemeralCount: 1,
  });
  expect(picture.servers.map(({ sid }) => sid)).toEqual([1, 3]);
  expect(picture.servers[0]).toMatchObject({ otherSessionCount: 1 });
  expect(picture.servers[0]!.answers.length).toBeGreaterThan(5);
  expect(picture.hidden).toEqual([
    { part: 'last-heard', why: 'no-events' },
    { part: 'notified', why: 'nobody-tells' },
  ]);
});

test('picture: what a builtin leader tells is known to the millisecond', () => {
  const scene = withSession();
  const lastHeardMs = scene.nowMs - 4000;
  scene.tell({
    kind: 'session-expired',
    sid: 3,
    sessionId: SESSION,
    timeoutMs: 4000,
    lastHeardMs,
    bucketMs: scene.nowMs - 10,
  });
  ended(scene);
  scene.pass(1);
  const picture = scene.diagnosis.sessionPicture(SESSION, scene.nowMs)!;
  expect(picture.expiry).toMatchObject({ lastHeardMs, bucketMs: lastHeardMs + 3990 });
  expect(picture.hidden.map(({ part }) => part)).not.toContain('last-heard');
});

test('picture: stalls, slow syncs and lost servers of the time coincide, others do not', () => {
  const scene = withSession();
  scene.tell({ kind: 'stall', sid: 2, durationMs: 700 }, scene.nowMs - 120_000);
  scene.tell({ kind: 'stall', sid: 2, durationMs: 800 });
  scene.tell({ kind: 'fsync', sid: 3, durationMs: 5, maxMs: 900, count: 3 });
  scene.tell({ kind: 'fsync', sid: 3, durationMs: 5, maxMs: 9, count: 3 });
  scene.server(2).standing = 'refused';
  scene.pass(3);
  scene.stallOfZabra(600);
  ended(scene);
  scene.pass(1);
  const { coincidences } = scene.diagnosis.sessionPicture(SESSION, scene.nowMs)!;
  expect(
    coincidences.map((each) => [
      each.kind,
      'toMs' in each && each.toMs !== null ? each.toMs - each.fromMs : null,
    ]),
  ).toEqual([
    ['stall', 800],
    ['fsync', 900],
    ['server-lost', null],
    ['own-stall', 600],
  ]);
});

test('picture: of a session that nobody asked about nothing is known; one that ended unseen says why', () => {
  const scene = new Scene().pass(2);
  expect(scene.diagnosis.sessionPicture('0x77', scene.nowMs)).toBeUndefined();
  ended(scene);
  const { hidden } = scene.diagnosis.sessionPicture(SESSION, scene.nowMs)!;
  expect(hidden).toContainEqual({ part: 'connections', why: 'no-events' });
});

test('reigns: from client ports, with the time in between as an election of which nothing else is known', () => {
  const scene = new Scene().pass(4);
  scene.server(3).standing = 'refused';
  scene.pass(2);
  const lostMs = scene.nowMs - 1000;
  scene.server(2).role = 'leader';
  scene.server(2).epoch = 2;
  scene.server(1).epoch = 2;
  scene.pass(1);
  const { ribbon, elections } = scene.diagnosis.elections();
  expect(ribbon).toMatchObject([
    { leader: 3, epoch: 1, toMs: lostMs },
    { leader: 2, epoch: 2, fromMs: scene.nowMs, toMs: null },
  ]);
  expect(elections).toMatchObject([
    { startMs: lostMs, endMs: scene.nowMs, winner: 2, epoch: 2, participants: [], casts: [] },
  ]);
});

/** Why a session ended (electron/diagnosis/session-autopsy.ts). */
import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

const SESSION = '0x1000abc';
const ADDRESS = '10.0.0.7:40000';

function withSession(): Scene {
  const scene = new Scene();
  scene.server(1).sessions.set(SESSION, ADDRESS);
  return scene.pass(8);
}

function close(scene: Scene, cxid: number): void {
  scene.commit({
    zxid: 0x1_0000_0009n,
    sessionId: SESSION,
    cxid,
    change: { op: 'closeSession', ephemerals: ['/lock'] },
  });
  scene.server(1).sessions.delete(SESSION);
}

test('session: closed by its client, with its xid', () => {
  const scene = withSession();
  close(scene, 7);
  expect(scene.pass(3).verdicts).toEqual([`session-ended client-closed ${SESSION}`]);
});

test('session: the connection ended long before the servers closed it', () => {
  const scene = withSession();
  scene.server(1).sessions.delete(SESSION);
  scene.pass(4);
  close(scene, 0);
  expect(scene.pass(3).verdicts).toEqual([`session-ended client-gone ${SESSION}`]);
});

test('session: the connection was there until the servers closed it', () => {
  const scene = withSession();
  close(scene, 0);
  expect(scene.pass(3).verdicts).toEqual([`session-ended client-silent ${SESSION}`]);
});

test('session: the client came back after the end, having lost its connection', () => {
  const scene = withSession();
  scene.server(1).sessions.delete(SESSION);
  scene.pass(4);
  close(scene, 0);
  scene.pass(3);
  scene.log(2, { mark: 'session-refused', sessionId: SESSION, address: '10.0.0.7:40001' });
  expect(scene.pass(1).verdicts).toEqual([`session-ended moved-too-late ${SESSION}`]);
});

test('session: a client that was silent and then comes back was silent, not late', () => {
  const scene = withSession();
  close(scene, 0);
  scene.pass(2);
  scene.log(1, { mark: 'session-refused', sessionId: SESSION, address: '10.0.0.7:40001' });
  expect(scene.pass(1).verdicts).toEqual([`session-ended client-silent ${SESSION}`]);
});

test('session: its server was lost, and the client did not come back', () => {
  const scene = withSession();
  scene.server(1).standing = 'refused';
  scene.pass(5);
  close(scene, 0);
  expect(scene.pass(3).verdictsOf('session-ended')).toEqual([`session-ended server-lost ${SESSION}`]);
});

test('session: taken over while it was held, and closed at once', () => {
  const scene = withSession();
  const attach = (address: string): void => {
    scene.tell({ kind: 'session-attached', sid: 2, sessionId: SESSION, address, reason: null });
  };
  attach('10.0.0.9:50000');
  close(scene, 1);
  expect(scene.pass(3).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
});

function endHere({ diagnosis, nowMs }: Scene): void {
  diagnosis.observe({ kind: 'ended-here', atMs: nowMs, sessionId: SESSION, server: '127.0.0.1:2182' });
}

test('session: ended by this very Zabra, which no server has to tell', () => {
  const scene = withSession();
  endHere(scene);
  expect(scene.pass(3).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
});

test('session: ended by this very Zabra, with what the log tells of it', () => {
  const scene = withSession();
  endHere(scene);
  close(scene, 1);
  expect(scene.pass(3).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
});

test('session: closed with a number that its client had used up long ago', () => {
  const scene = withSession();
  scene.commit({ zxid: 8n, sessionId: SESSION, cxid: 5, change: { op: 'write' } });
  scene.pass(1);
  close(scene, 1);
  expect(scene.pass(3).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
});

test('session: nothing but the log tells of it, so the cause is unknown', () => {
  const scene = new Scene().pass(5);
  close(scene, 0);
  expect(scene.pass(3).verdicts).toEqual([`session-ended unknown ${SESSION}`]);
});

test('session: one that lives is not told of', () => {
  expect(withSession().verdicts).toEqual([]);
});

/** Nobody names the end of a session; `dump` lists it, and the leader counts what expires. */
function withListedSession(): Scene {
  const scene = new Scene();
  scene.areHeard = true;
  scene.listed = new Set([SESSION]);
  scene.server(1).sessions.set(SESSION, ADDRESS);
  scene.server(3).metrics.zk_stale_sessions_expired = '4';
  return scene.pass(8);
}

function expire(scene: Scene): void {
  scene.listed = new Set();
  scene.server(1).sessions.delete(SESSION);
  scene.server(3).metrics.zk_stale_sessions_expired = '5';
}

test('session, by questions alone: no expiry was counted, so its client closed it', () => {
  const scene = withListedSession();
  scene.listed = new Set();
  scene.server(1).sessions.delete(SESSION);
  expect(scene.pass(6).verdicts).toEqual([`session-ended client-closed ${SESSION}`]);
});

test('session, by questions alone: connected and not heard of until it expired', () => {
  const scene = withListedSession();
  scene.areHeard = false;
  scene.pass(5);
  expire(scene);
  expect(scene.pass(6).verdicts).toEqual([`session-ended client-silent ${SESSION}`]);
});

test('session, by questions alone: heard of until then, so the expiry that was counted is of another', () => {
  const scene = withListedSession();
  expire(scene);
  expect(scene.pass(6).verdicts).toEqual([`session-ended client-closed ${SESSION}`]);
});

test('session, by questions alone: gone before it expired, and what could not be seen is said', () => {
  const scene = withListedSession();
  scene.server(1).sessions.delete(SESSION);
  scene.pass(4);
  expire(scene);
  scene.pass(6);
  expect(scene.verdicts).toEqual([`session-ended client-gone ${SESSION}`]);
  expect(scene.finding(SESSION)?.words.hidden.map(({ key }) => key)).toEqual([
    'hidden.who-closed',
    'hidden.last-heard',
    'hidden.late-return',
  ]);
});

test('session, by questions alone: somebody wants to go on with a session, and only one had ended', () => {
  const scene = withListedSession();
  scene.server(2).metrics.zk_connection_revalidate_count = '0';
  scene.server(1).sessions.delete(SESSION);
  scene.pass(4);
  expire(scene);
  scene.pass(2);
  scene.server(2).metrics.zk_connection_revalidate_count = '1';
  expect(scene.pass(6).verdicts).toEqual([`session-ended moved-too-late ${SESSION}`]);
});

test('session, by questions alone: one that moved in time has not ended', () => {
  const scene = withListedSession();
  scene.server(2).metrics.zk_connection_revalidate_count = '0';
  scene.server(1).sessions.delete(SESSION);
  scene.pass(2);
  scene.server(2).metrics.zk_connection_revalidate_count = '1';
  scene.server(2).sessions.set(SESSION, '10.0.0.7:40002');
  expect(scene.pass(8).verdicts).toEqual([]);
});

test('session, by questions alone: those who come back after a server was lost are others', () => {
  const scene = withListedSession();
  scene.server(2).metrics.zk_connection_revalidate_count = '0';
  scene.server(1).sessions.delete(SESSION);
  scene.pass(4);
  expire(scene);
  scene.pass(6);
  scene.server(1).standing = 'refused';
  scene.server(2).metrics.zk_connection_revalidate_count = '2';
  scene.pass(6);
  expect(scene.verdictsOf('session-ended')).toEqual([`session-ended client-gone ${SESSION}`]);
});

/** Closed at server 1, as far as counts tell, and somebody wants to go on with a session there. */
function closedAndWanted(scene: Scene, seconds: number): void {
  scene.server(1).metrics.zk_connection_revalidate_count = '0';
  scene.pass(2);
  if (seconds < 0) scene.server(1).metrics.zk_connection_revalidate_count = '1';
  scene.pass(Math.max(0, -seconds));
  scene.listed = new Set();
  scene.server(1).sessions.delete(SESSION);
  scene.pass(Math.max(0, seconds));
  scene.server(1).metrics.zk_connection_revalidate_count = '1';
}

test.each([0, 3])(
  'session, by questions alone: closed, and wanted %i s later, so not by its client',
  (seconds) => {
    const scene = withListedSession();
    closedAndWanted(scene, seconds);
    expect(scene.pass(8).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
  },
);

test('session, by questions alone: somebody who came long before the close is somebody else', () => {
  const scene = withListedSession();
  closedAndWanted(scene, -4);
  expect(scene.pass(8).verdicts).toEqual([`session-ended client-closed ${SESSION}`]);
});

test('session, by questions alone: a session that moved here before its return was counted was not wanted by others', () => {
  const scene = withListedSession();
  scene.server(2).sessions.set('0x2', '10.0.0.8:1');
  scene.listed = new Set([SESSION, '0x2']);
  scene.server(1).metrics.zk_connection_revalidate_count = '0';
  scene.pass(2);
  scene.server(2).sessions.delete('0x2');
  scene.server(1).sessions.set('0x2', '10.0.0.8:2');
  scene.pass(1);
  scene.server(1).metrics.zk_connection_revalidate_count = '1';
  scene.listed = new Set(['0x2']);
  scene.server(1).sessions.delete(SESSION);
  expect(scene.pass(8).verdicts).toEqual([`session-ended client-closed ${SESSION}`]);
});

test('session: closed, and then refused to somebody, so not by its client', () => {
  const scene = withSession();
  close(scene, 7);
  scene.pass(2);
  scene.log(1, { mark: 'session-refused', sessionId: SESSION, address: ADDRESS });
  expect(scene.pass(1).verdicts).toEqual([`session-ended ended-by-admin ${SESSION}`]);
});

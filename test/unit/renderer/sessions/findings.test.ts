import { expect, test } from 'vitest';
import {
  countClose,
  findingsOf,
  tellingServers,
  toldWords,
} from '../../../../renderer/features/sessions/findings.ts';
import type { SessionDto, SessionList } from '../../../../shared/api/sessions.ts';
import { session, sessionList } from './make-session.ts';

const CLOSE_AT_MS = 1_002_000;

function kinds(of: SessionDto, more: Partial<SessionList> = {}): string[] {
  return findingsOf(of, { list: sessionList([of], more), nowMs: 1_000_000 }).map(({ kind }) => kind);
}

test('findings: a healthy session of somebody else needs no sentence', () => {
  expect(kinds(session({ sessionId: '0x1' }))).toEqual([]);
});

test('findings: own, queued and ephemerals are said', () => {
  expect(kinds(session({ sessionId: '0x1', isOwn: true, queued: 3, ephemerals: ['/a'] }))).toEqual([
    'own',
    'queued',
    'ephemerals',
  ]);
});

test('findings: a connection that no asked server has may be elsewhere while its client is heard', () => {
  const away = session({ sessionId: '0x1', server: null });
  expect(kinds(away)).toEqual(['not-here']);
  expect(kinds(session({ ...away, expiresAtMs: null }))).toEqual(['not-here']);
  expect(kinds(away, { hidden: [{ server: 'zk-2:2181', word: 'dump', reason: 'whitelist' }] })).toEqual([
    'not-here',
  ]);
});

test('findings: without a connection and unheard for two pings the client has gone', () => {
  expect(kinds(session({ sessionId: '0x1', server: null, expiresAtMs: CLOSE_AT_MS }))).toEqual([
    'disconnected',
  ]);
});

test('findings: where a server hides its connections nothing is said about a missing one', () => {
  const hidden: SessionList['hidden'] = [{ server: 'zk-2:2181', word: 'cons', reason: 'whitelist' }];
  expect(kinds(session({ sessionId: '0x1', server: null, expiresAtMs: CLOSE_AT_MS }), { hidden })).toEqual([
    'connection-unknown',
  ]);
});

test('findings: which servers told, and which words', () => {
  const told: SessionList['told'] = [
    { server: 'b', word: 'dump' },
    { server: 'b', word: 'cons' },
    { server: 'a', word: 'cons' },
  ];
  const list = sessionList([], { servers: ['a', 'b', 'c'], told });
  expect(tellingServers(list)).toEqual(['a', 'b']);
  expect(toldWords(list)).toEqual(['cons', 'dump']);
});

test('findings: close to expiry compares with the other sessions of the same server', () => {
  const close = session({ sessionId: '0x1', expiresAtMs: CLOSE_AT_MS });
  const list = sessionList([
    close,
    session({ sessionId: '0x2' }),
    session({ sessionId: '0x3', expiresAtMs: CLOSE_AT_MS }),
    session({ sessionId: '0x4', server: 'zk-2:2181' }),
  ]);
  expect(findingsOf(close, { list, nowMs: 1_000_000 })).toEqual([
    { kind: 'close', pingMs: 10_000, server: 'zk-1:2181', peersWell: 1, peersClose: 1 },
  ]);
});

test('findings: a close session without comparable peers says nothing about them', () => {
  const close = session({ sessionId: '0x1', expiresAtMs: CLOSE_AT_MS });
  const unknown = session({ sessionId: '0x2', expiresAtMs: null });
  for (const sessions of [[close], [close, unknown]]) {
    const [finding] = findingsOf(close, { list: sessionList(sessions), nowMs: 1_000_000 });
    expect(finding).toMatchObject({ kind: 'close', peersWell: null });
  }
});

test('findings: the number of sessions close to expiry is unknown where every expiry is', () => {
  expect(countClose(sessionList([session({ sessionId: '0x1', expiresAtMs: null })]))).toBeNull();
  expect(
    countClose(
      sessionList([session({ sessionId: '0x1', expiresAtMs: CLOSE_AT_MS }), session({ sessionId: '0x2' })]),
    ),
  ).toBe(1);
});

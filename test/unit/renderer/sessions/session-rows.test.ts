import { expect, test } from 'vitest';
import {
  SESSION_COLUMNS,
  type SessionQuestion,
  type SessionRow,
  type WatchesBySession,
  compareSessions,
  sessionRows,
  sortValue,
} from '../../../../renderer/features/sessions/session-rows.ts';
import type { SessionDto } from '../../../../shared/api/sessions.ts';
import { session } from './make-session.ts';

const SESSIONS = [
  session({ sessionId: '0x9', address: '10.0.0.10:5', ephemerals: ['/locks/a'] }),
  session({ sessionId: '0x10', address: '10.0.0.9:5', label: { text: 'Orders', of: 'host' } }),
  session({ sessionId: '0xa', address: null, ephemerals: null }),
];

function ids(question: Partial<SessionQuestion>, watches: WatchesBySession | null = null): string[] {
  const rows = sessionRows(SESSIONS, { scope: 'all', text: '', ...question }, watches);
  return rows.map((row) => row.session.sessionId);
}

function rowOf(dto: SessionDto, watches: number | null = null): SessionRow {
  const counts = watches === null ? null : new Map([[dto.sessionId, watches]]);
  return sessionRows([dto], { scope: 'all', text: '' }, counts)[0]!;
}

test('session rows: in the order of their ids, as numbers', () => {
  expect(ids({})).toEqual(['0x9', '0xa', '0x10']);
});

test('session rows: with ephemerals leaves out those without and those that are hidden', () => {
  expect(ids({ scope: 'with-ephemerals' })).toEqual(['0x9']);
});

test('session rows: watching is known only once the servers were asked', () => {
  expect(ids({ scope: 'watching' })).toEqual([]);
  expect(ids({ scope: 'watching' }, new Map([['0x10', 3]]))).toEqual(['0x10']);
  expect(rowOf(SESSIONS[0]!).watches).toBeNull();
  expect(sessionRows(SESSIONS, { scope: 'all', text: '' }, new Map())[0]!.watches).toBe(0);
});

test('session rows: text is found in id, name, address, server and the paths of ephemerals', () => {
  expect(ids({ text: '0xA' })).toEqual(['0xa']);
  expect(ids({ text: '10.0.0.9' })).toEqual(['0x10']);
  expect(ids({ text: 'orders' })).toEqual(['0x10']);
  expect(ids({ text: 'LOCKS' })).toEqual(['0x9']);
  expect(ids({ text: 'zk-1' })).toEqual(['0x9', '0xa', '0x10']);
  expect(ids({ text: 'nowhere' })).toEqual([]);
});

test('session rows: addresses compare by their numbers, and so do all other columns', () => {
  const [ten, nine] = [rowOf(SESSIONS[0]!), rowOf(SESSIONS[1]!)];
  expect(compareSessions('address', nine, ten)).toBeLessThan(0);
  expect(compareSessions('sessionId', ten, nine)).toBeLessThan(0);
  expect(compareSessions('ephemerals', nine, ten)).toBeLessThan(0);
  expect(compareSessions('timeout', nine, ten)).toBe(0);
});

test('session rows: heard long ago is more than heard just now', () => {
  const long = rowOf(session({ sessionId: '0x1', lastHeardAtMs: 1_000 }));
  const short = rowOf(session({ sessionId: '0x2', lastHeardAtMs: 9_000 }));
  expect(compareSessions('heard', short, long)).toBeLessThan(0);
});

test('session rows: what is hidden has no value to sort by, in any column', () => {
  const hidden = session({
    sessionId: '0x1',
    server: null,
    address: null,
    timeoutMs: null,
    expiresAtMs: null,
    lastHeardAtMs: null,
    ephemerals: null,
    establishedAtMs: null,
    lastOperation: null,
    latencyMs: null,
  });
  const known = session({
    sessionId: '0x2',
    label: { text: 'x', of: 'session' },
    roles: [{ recipe: 'name', path: '/a', node: '/a' }],
  });
  for (const column of SESSION_COLUMNS) {
    expect(sortValue(column, rowOf(hidden)) === null, column).toBe(column !== 'sessionId');
    expect(sortValue(column, rowOf(known, 2)), column).not.toBeNull();
  }
});

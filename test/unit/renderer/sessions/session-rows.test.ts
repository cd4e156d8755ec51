import { expect, test } from 'vitest';
import {
  SESSION_COLUMNS,
  type SessionQuestion,
  compareSessions,
  sessionRows,
  sortValue,
} from '../../../../renderer/features/sessions/session-rows.ts';
import { session } from './make-session.ts';

const SESSIONS = [
  session({ sessionId: '0x9', address: '10.0.0.10:5', ephemerals: ['/locks/a'] }),
  session({ sessionId: '0x10', address: '10.0.0.9:5', ephemerals: [] }),
  session({ sessionId: '0xa', address: null, ephemerals: null }),
];

function ids(question: Partial<SessionQuestion>): string[] {
  return sessionRows(SESSIONS, { scope: 'all', text: '', ...question }).map((row) => row.sessionId);
}

test('session rows: in the order of their ids, as numbers', () => {
  expect(ids({})).toEqual(['0x9', '0xa', '0x10']);
});

test('session rows: with ephemerals leaves out those without and those that are hidden', () => {
  expect(ids({ scope: 'with-ephemerals' })).toEqual(['0x9']);
});

test('session rows: text is found in id, address, server and the paths of ephemerals', () => {
  expect(ids({ text: '0xA' })).toEqual(['0xa']);
  expect(ids({ text: '10.0.0.9' })).toEqual(['0x10']);
  expect(ids({ text: 'LOCKS' })).toEqual(['0x9']);
  expect(ids({ text: 'zk-1' })).toEqual(['0x9', '0xa', '0x10']);
  expect(ids({ text: 'nowhere' })).toEqual([]);
});

test('session rows: addresses compare by their numbers, and so do all other columns', () => {
  const [ten, nine] = [SESSIONS[0]!, SESSIONS[1]!];
  expect(compareSessions('address', nine, ten)).toBeLessThan(0);
  expect(compareSessions('sessionId', ten, nine)).toBeLessThan(0);
  expect(compareSessions('ephemerals', nine, ten)).toBeLessThan(0);
  expect(compareSessions('queued', nine, ten)).toBe(0);
});

test('session rows: what is hidden has no value to sort by, in any column', () => {
  const hidden = session({
    sessionId: '0x1',
    server: null,
    address: null,
    timeoutMs: null,
    expiresAtMs: null,
    ephemerals: null,
    establishedAtMs: null,
    lastOperation: null,
    latencyMs: null,
    received: null,
    queued: null,
  });
  for (const column of SESSION_COLUMNS) {
    expect(sortValue(column, hidden) === null, column).toBe(column !== 'sessionId');
    expect(sortValue(column, SESSIONS[0]!), column).not.toBeNull();
  }
});

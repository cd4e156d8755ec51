import { expect, test } from 'vitest';
import {
  type SessionQuestion,
  nextOrder,
  sessionRows,
} from '../../../../renderer/features/sessions/session-rows.ts';
import { session } from './make-session.ts';

const SESSIONS = [
  session({ sessionId: '0x9', address: '10.0.0.10:5', timeoutMs: 10_000, ephemerals: ['/locks/a'] }),
  session({ sessionId: '0x10', address: '10.0.0.9:5', timeoutMs: null, ephemerals: [] }),
  session({ sessionId: '0xa', address: null, timeoutMs: 30_000, ephemerals: null }),
];

function ids(question: Partial<SessionQuestion>): string[] {
  const order = { column: 'sessionId', direction: 'ascending' } as const;
  return sessionRows(SESSIONS, { scope: 'all', text: '', order, ...question }).map((row) => row.sessionId);
}

test('session rows: ids sort as numbers', () => {
  expect(ids({})).toEqual(['0x9', '0xa', '0x10']);
  expect(ids({ order: { column: 'sessionId', direction: 'descending' } })).toEqual(['0x10', '0xa', '0x9']);
});

test('session rows: addresses sort by their numbers, and what is not known comes last in both directions', () => {
  expect(ids({ order: { column: 'address', direction: 'ascending' } })).toEqual(['0x10', '0x9', '0xa']);
  expect(ids({ order: { column: 'address', direction: 'descending' } })).toEqual(['0x9', '0x10', '0xa']);
  expect(ids({ order: { column: 'timeout', direction: 'descending' } })).toEqual(['0xa', '0x9', '0x10']);
});

test('session rows: equal rows stay in the order of their ids', () => {
  expect(ids({ order: { column: 'queued', direction: 'descending' } })).toEqual(['0x9', '0xa', '0x10']);
});

test('session rows: with ephemerals leaves out those without and those that are hidden', () => {
  expect(ids({ scope: 'with-ephemerals' })).toEqual(['0x9']);
});

test('session rows: text is found in id, address and the paths of ephemerals', () => {
  expect(ids({ text: '0xA' })).toEqual(['0xa']);
  expect(ids({ text: '10.0.0.9' })).toEqual(['0x10']);
  expect(ids({ text: 'LOCKS' })).toEqual(['0x9']);
  expect(ids({ text: 'nowhere' })).toEqual([]);
});

test('session rows: a click turns the sorted column round, and starts another at its interesting end', () => {
  expect(nextOrder({ column: 'expires', direction: 'ascending' }, 'expires').direction).toBe('descending');
  expect(nextOrder({ column: 'expires', direction: 'descending' }, 'timeout').direction).toBe('ascending');
  expect(nextOrder({ column: 'expires', direction: 'ascending' }, 'ephemerals').direction).toBe('descending');
});

import { expect, test } from 'vitest';
import { isNamedBy, nameOfSession } from '../../../../renderer/features/sessions/client-label.ts';
import { session, sessionList } from './make-session.ts';

const named = session({ sessionId: '0x1a', label: { text: 'orders-worker-1', of: 'session' } });

test('client: its name or its id confirm, nothing less and no other', () => {
  for (const typed of ['orders-worker-1', '0x1a', ' orders-worker-1 ']) {
    expect(isNamedBy(typed, named), typed).toBe(true);
  }
  for (const typed of ['', 'orders-work', 'Orders-worker-1', '0x1', '0x1A']) {
    expect(isNamedBy(typed, named), typed).toBe(false);
  }
  expect(isNamedBy('', session({ sessionId: '0x2' }))).toBe(false);
});

test('client: a session that has no name, or is not listed, is called by its id', () => {
  const list = sessionList([named, session({ sessionId: '0x2' })]);
  expect(['0x1a', '0x2', '0x3'].map((id) => nameOfSession(id, list))).toEqual([
    'orders-worker-1',
    '0x2',
    '0x3',
  ]);
});

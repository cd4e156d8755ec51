import { expect, test } from 'vitest';
import { exportSessions } from '../../../../renderer/features/sessions/session-export.ts';
import { sessionRows } from '../../../../renderer/features/sessions/session-rows.ts';
import { session } from './make-session.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12, 4, 9);
const ROWS = sessionRows(
  [
    session({
      sessionId: '0x1',
      label: { text: '=cmd("x"), or so', of: 'session' },
      ephemerals: ['/a', '/b'],
    }),
    session({ sessionId: '0x2', server: null, address: null, expiresAtMs: null, lastHeardAtMs: null }),
  ],
  { scope: 'all', text: '' },
  new Map([['0x1', 7]]),
);

test('session export: CSV has one line a session, quoted, and no formulas', () => {
  const file = exportSessions({ rows: ROWS, format: 'csv', nowMs: NOW_MS });
  expect(file.name).toBe('zabra-sessions-2026-11-21T12-04-09.csv');
  const [head, first, second, end] = file.text.split('\r\n');
  expect(head?.split(',')).toHaveLength(15);
  expect(first).toMatch(
    /^0x1,"'=cmd\(""x""\), or so",10\.0\.0\.1:40000,zk-1:2181,1970-01-01T00:17:10\.000Z,30000,/,
  );
  expect(first).toContain(',2,7,');
  expect(second).toMatch(/^0x2,,,,,30000,,/);
  expect(end).toBe('');
});

test('session export: JSON has everything, hidden as null', () => {
  const records = JSON.parse(exportSessions({ rows: ROWS, format: 'json', nowMs: NOW_MS }).text) as unknown[];
  expect(records).toHaveLength(2);
  expect(records[0]).toMatchObject({
    sessionId: '0x1',
    label: '=cmd("x"), or so',
    watches: 7,
    ephemerals: ['/a', '/b'],
  });
  expect(records[1]).toMatchObject({ server: null, expiresAt: null, lastHeardAt: null, watches: 0 });
});

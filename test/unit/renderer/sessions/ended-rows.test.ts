import { expect, test } from 'vitest';
import { endedRows } from '../../../../renderer/features/sessions/ended-rows.ts';
import type { Finding } from '../../../../shared/api/findings.ts';

const finding = (id: string, more: Partial<Finding> = {}): [string, Finding] => [
  id,
  {
    id,
    at: '2026-11-21T12:04:09.000Z',
    kind: 'session-ended',
    subject: id,
    cause: 'client-gone',
    answer: `Session ${id} expired`,
    confidence: 0.9,
    ...more,
  } as Finding,
];

const FINDINGS = new Map([
  finding('0x1'),
  finding('s1', { kind: 'server', cause: 'disk-slow' }),
  finding('0x2', { cause: 'server-lost' }),
]);

const ids = (text: string): string[] => endedRows(FINDINGS, text).map(({ id }) => id);

test('ended sessions: only ends of sessions among the findings', () => {
  expect(ids('')).toEqual(['0x1', '0x2']);
});

test('ended sessions: text is found in id, cause and answer', () => {
  expect(ids('LOST')).toEqual(['0x2']);
  expect(ids('0x1 expired')).toEqual(['0x1']);
  expect(ids('nothing')).toEqual([]);
});

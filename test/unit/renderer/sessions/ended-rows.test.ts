import { expect, test } from 'vitest';
import { addEnded, endedRows } from '../../../../renderer/features/sessions/ended-rows.ts';
import type { Finding } from '../../../../shared/api/findings.ts';
import type { FindingBatch } from '../../../../shared/api/diagnosis.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding =>
  ({
    id,
    at: '2026-11-21T12:04:09.000Z',
    kind: 'session-ended',
    subject: id,
    cause: 'client-gone',
    answer: `Session ${id} expired`,
    confidence: 0.9,
    ...more,
  }) as Finding;

const batch = (isFirst: boolean, findings: Finding[]): FindingBatch => ({
  isFirst,
  findings,
  watching: null,
});

test('ended sessions: only ends of sessions, each once, as told last', () => {
  const first = addEnded(
    null,
    batch(true, [finding('0x1'), finding('s1', { kind: 'server', cause: 'disk-slow' })]),
  );
  const next = addEnded(first, batch(false, [finding('0x1', { cause: 'ended-by-admin' }), finding('0x2')]));
  expect(endedRows(next, '').map(({ id, cause }) => [id, cause])).toEqual([
    ['0x1', 'ended-by-admin'],
    ['0x2', 'client-gone'],
  ]);
  expect(addEnded(next, batch(false, []))).toBe(next);
});

test('ended sessions: a stream that begins anew forgets what it does not tell again', () => {
  const first = addEnded(null, batch(true, [finding('0x1')]));
  expect(endedRows(addEnded(first, batch(true, [finding('0x2')])), '').map(({ id }) => id)).toEqual(['0x2']);
});

test('ended sessions: text is found in id, cause and answer', () => {
  const ended = addEnded(null, batch(true, [finding('0x1'), finding('0x2', { cause: 'server-lost' })]));
  const ids = (text: string): string[] => endedRows(ended, text).map(({ id }) => id);
  expect(ids('LOST')).toEqual(['0x2']);
  expect(ids('0x1 expired')).toEqual(['0x1']);
  expect(ids('nothing')).toEqual([]);
  expect(endedRows(null, '')).toEqual([]);
});

/** What of the diagnosis is worth a desktop notification (renderer/features/notifications/news.ts). */
import { expect, test } from 'vitest';
import { newsOf } from '../../../../renderer/features/notifications/news.ts';
import type { Finding } from '../../../../shared/api/findings.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');

function finding(id: string, changes: Record<string, unknown> = {}): Finding {
  const base = { id, kind: 'election', cause: 'leader-crashed', at: '2026-11-21T11:59:55Z', confidence: 0.9 };
  return { ...base, ...changes } as unknown as Finding;
}

const idsOf = (findings: readonly Finding[], told: readonly string[] = []): string[] =>
  newsOf(findings, { told: new Set(told), nowMs: NOW_MS }).map(({ id }) => id);

test('notifications: an election is told once, when it is certain enough', () => {
  expect(idsOf([finding('a')])).toEqual(['a']);
  expect(idsOf([finding('a')], ['a'])).toEqual([]);
  expect(idsOf([finding('a', { confidence: 0.4 })])).toEqual([]);
});

test('notifications: not what a health rule tells, what a person did, or what is long past', () => {
  expect(
    idsOf([
      finding('rule', { kind: 'server', cause: 'disk-slow' }),
      finding('closed', { kind: 'session-ended', cause: 'client-closed' }),
      finding('ended', { kind: 'session-ended', cause: 'ended-by-admin' }),
      finding('old', { at: '2026-11-21T11:50:00Z' }),
      finding('lost', { kind: 'session-ended', cause: 'client-gone' }),
    ]),
  ).toEqual(['lost']);
});

import { expect, test } from 'vitest';
import { explanationOf } from '../../../../renderer/features/cluster/explanation.ts';
import type { Finding } from '../../../../shared/api/findings.ts';
import type { HealthFinding } from '../../../../shared/api/health.ts';
import { server } from './make-server.ts';

const SINCE_MS = Date.parse('2026-11-21T12:00:00Z');

function rule(id: HealthFinding['rule'], servers: string[]): HealthFinding {
  return {
    rule: id,
    severity: 'warning',
    servers,
    facts: {},
    configLine: null,
    metric: null,
    sinceMs: SINCE_MS,
  };
}

function finding(id: string, cause: string, subject: string, at: string, kind = 'server'): Finding {
  return { id, cause, subject, at, kind } as unknown as Finding;
}

const asked = [server('a:1', { sid: 1 }), server('b:1', { sid: 2 })];
const explain = (found: HealthFinding, findings: Finding[]): string | undefined =>
  explanationOf(found, { findings, asked })?.id;

test('explanation: the newest finding of the same server, by its number or its address', () => {
  const findings = [
    finding('other', 'follower-lost', '1', '2026-11-21T12:00:01Z'),
    finding('first', 'follower-lost', '2', '2026-11-21T11:59:40Z'),
    finding('second', 'process-paused', 'b:1', '2026-11-21T12:00:02Z'),
  ];
  expect(explain(rule('server-down', ['b:1']), findings)).toBe('second');
  expect(explain(rule('server-down', ['b:1']), findings.slice(0, 2))).toBe('first');
});

test('explanation: none of another cause, from long before, or for a rule that the diagnosis knows nothing of', () => {
  expect(
    explain(rule('disk-slow', ['b:1']), [finding('x', 'follower-lost', '2', '2026-11-21T12:00:01Z')]),
  ).toBeUndefined();
  expect(
    explain(rule('server-down', ['b:1']), [finding('x', 'follower-lost', '2', '2026-11-21T11:50:00Z')]),
  ).toBeUndefined();
  expect(
    explain(rule('watches-many', ['b:1']), [finding('x', 'follower-lost', '2', '2026-11-21T12:00:01Z')]),
  ).toBeUndefined();
});

test('explanation: what concerns the ensemble asks for no server', () => {
  const election = finding('e', 'leader-crashed', '3', '2026-11-21T12:00:00Z', 'election');
  expect(explain(rule('quorum-lost', []), [election])).toBe('e');
});

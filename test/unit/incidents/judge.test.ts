/** When a diagnosis counts as right (test/incidents/judge.ts). */
import { expect, test } from 'vitest';
import type { Finding } from '../../../shared/api/findings.ts';
import { judge } from '../../incidents/judge.ts';
import type { Truth } from '../../incidents/incident.ts';

const START_MS = Date.UTC(2026, 10, 21, 12);
const END_MS = START_MS + 5000;
const CRASH: Truth = { kind: 'election', cause: 'leader-crashed', subject: '3' };

function told(changes: Partial<Finding>, atMs: number): { finding: Finding; atMs: number } {
  const finding = {
    id: 'election/2',
    at: new Date(START_MS + 1000).toISOString(),
    kind: 'election',
    cause: 'leader-crashed',
    subject: '3',
    confidence: 0.9,
    answer: '',
    evidence: [],
    hidden: [],
    ...changes,
  } as Finding;
  return { finding, atMs };
}

function judged(findings: readonly { finding: Finding; atMs: number }[], truths = [CRASH]) {
  return judge({ truths, told: findings, startMs: START_MS, endMs: END_MS });
}

test('right: the delay counts from the end of the incident', () => {
  expect(judged([told({}, END_MS + 1200)])).toEqual({ isRight: true, delayMs: 1200, remarks: [] });
});

test('wrong: nothing was told', () => {
  expect(judged([]).remarks).toEqual(['missing: election leader-crashed of 3']);
});

test('wrong: the cause is changed to another one later', () => {
  const findings = [told({}, END_MS), told({ cause: 'unknown' }, END_MS + 1)];
  expect(judged(findings).isRight).toBe(false);
});

test('wrong: a finding of the same kind too many', () => {
  const findings = [told({}, END_MS), told({ id: 'election/3', subject: '2' }, END_MS)];
  expect(judged(findings).remarks).toEqual(['wrong: election leader-crashed of 2']);
});

test('wrong: a finding of another kind that is not true', () => {
  const findings = [
    told({}, END_MS),
    told({ id: 'a', kind: 'server', cause: 'disk-slow', subject: '1' }, END_MS),
  ];
  expect(judged(findings).remarks).toEqual(['wrong: server disk-slow of 1']);
  const aside: Truth = { kind: 'server', cause: 'disk-slow', subject: '1', isAside: true };
  expect(judged(findings, [CRASH, aside]).isRight).toBe(true);
  expect(judged([told({}, END_MS)], [CRASH, aside]).isRight).toBe(true);
});

test('not judged: findings of what was before', () => {
  const findings = [
    told({}, END_MS),
    told({ id: 'b', at: new Date(START_MS - 1).toISOString(), subject: '1' }, END_MS),
  ];
  expect(judged(findings).isRight).toBe(true);
});

test('where nothing happened nothing is to be told of it', () => {
  const truths: Truth[] = [{ kind: 'election', cause: null, subject: '3' }];
  expect(judged([], truths).isRight).toBe(true);
  expect(judged([told({}, END_MS)], truths).isRight).toBe(false);
});

/** The findings of a connection as pages follow them (electron/services/diagnosis/finding-journal.ts). */
import { expect, test } from 'vitest';
import type { Finding } from '../../../../../shared/api/findings.ts';
import {
  CLOSED_BY_CLIENT_MAX,
  FindingJournal,
} from '../../../../../electron/services/diagnosis/finding-journal.ts';
import { Scene } from '../../diagnosis/scene.ts';

/** Real ones: a follower is lost, a session is closed by its client. */
function findings(): { trouble: Finding; closed: Finding } {
  const scene = new Scene();
  scene.server(1).sessions.set('0x1', '10.0.0.7:4000');
  const found: Finding[] = [];
  const pass = (seconds: number): void => {
    scene.pass(seconds);
    found.push(...scene.findings);
  };
  pass(8);
  scene.server(1).sessions.delete('0x1');
  scene.commit({ zxid: 9n, sessionId: '0x1', cxid: 7, change: { op: 'closeSession', ephemerals: [] } });
  scene.server(2).standing = 'refused';
  pass(12);
  return {
    trouble: found.findLast(({ cause }) => cause === 'follower-lost')!,
    closed: found.findLast(({ cause }) => cause === 'client-closed')!,
  };
}

test('a follower gets everything by time, then what is new or has changed', async () => {
  const { trouble, closed } = findings();
  const journal = new FindingJournal([trouble, closed], () => null);
  const stream = journal.stream();
  const first = (await stream.next()).value!;
  expect(first.isFirst).toBe(true);
  expect(new Set(first.findings)).toEqual(new Set([trouble, closed]));
  const changed = { ...trouble, confidence: 0.1 };
  journal.add(changed);
  expect((await stream.next()).value).toEqual({ isFirst: false, findings: [changed], watching: null });
  await stream.return();
});

test('a finding that changes is one; sessions that clients closed push out nothing but themselves', async () => {
  const { trouble, closed } = findings();
  const journal = new FindingJournal([trouble], () => null);
  for (let number = 0; number < CLOSED_BY_CLIENT_MAX + 5; number++) {
    journal.add({ ...closed, id: `session-ended/0x${number}` });
  }
  journal.add({ ...trouble, confidence: 0.2 });
  const { findings: kept } = (await journal.stream().next()).value!;
  expect(kept).toHaveLength(CLOSED_BY_CLIENT_MAX + 1);
  expect(kept.filter(({ id }) => id === trouble.id)).toMatchObject([{ confidence: 0.2 }]);
  expect(kept.map(({ id }) => id)).not.toContain('session-ended/0x0');
});

test('what is watched is repeated without a finding', async () => {
  const watching = { sinceMs: 1, servers: ['a:1'], tellingSids: [], logFolderCount: 0 };
  const journal = new FindingJournal([], () => watching);
  const stream = journal.stream();
  await stream.next();
  journal.repeat();
  expect((await stream.next()).value).toEqual({ isFirst: false, findings: [], watching });
  journal.close();
  expect((await stream.next()).done).toBe(true);
});

import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ApacheLogTail, parseApacheLine } from '../../../../../electron/services/ensembles/apache-log.ts';
import { EnsembleLog, type LogEntry } from '../../../../../electron/services/ensembles/ensemble-log.ts';
import { waitFor } from '../../../../support/wait.ts';

const entry = (message: string, sid: number | null = 1): LogEntry => ({
  atMs: 0,
  sid,
  level: 'info',
  message,
});

async function first<T>(stream: AsyncIterable<T>): Promise<T> {
  for await (const value of stream) return value;
  throw new Error('the stream ended');
}

test('log: who comes to look gets what is kept, also when that is nothing', async () => {
  const log = new EnsembleLog();
  expect(await first(log.stream())).toEqual({ isFirst: true, lines: [], droppedCount: 0 });
  log.add(entry('one'));
  log.add(entry('two', null));
  expect((await first(log.stream())).lines.map(({ seq, sid, message }) => [seq, sid, message])).toEqual([
    [1, 1, 'one'],
    [2, null, 'two'],
  ]);
});

test('log: what is gone before it was sent is counted', async () => {
  const log = new EnsembleLog();
  const stream = log.stream();
  await stream.next();
  for (let number = 0; number < 20_000; number++) log.add(entry(`line ${number}`));
  const { value } = await stream.next();
  expect(value?.droppedCount).toBeGreaterThan(10_000);
  expect((value?.lines[0]?.seq ?? 0) - 1).toBe(value?.droppedCount);
  await stream.return();
});

test('log: somebody who looks is told apart from nobody', async () => {
  const followed: boolean[] = [];
  const log = new EnsembleLog((isFollowed) => followed.push(isFollowed));
  const [one, two] = [log.stream(), log.stream()];
  await one.return();
  await two.return();
  expect(followed).toEqual([true, false]);
});

test('apache log: time, level and the class without its package', () => {
  const line =
    '2026-11-21 12:04:11,204 [main] INFO org.apache.zookeeper.server.quorum.QuorumPeer - LOOKING now';
  expect(parseApacheLine(line)).toEqual({
    atMs: new Date('2026-11-21T12:04:11.204').getTime(),
    level: 'info',
    message: 'QuorumPeer: LOOKING now',
  });
  const logback =
    '2026-11-21 12:04:11,204 [myid:1] - WARN  [QuorumPeer[myid=1](plain=127.0.0.1:2181):o.a.z.s.q.Learner@300] - gone';
  expect(parseApacheLine(logback)).toMatchObject({ level: 'warn' });
  expect(parseApacheLine('\tat java.base/java.lang.Thread.run')).toBeUndefined();
});

test('apache log: read on as it grows; a stack trace belongs to the line before', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'zabra-tail-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'server.log');
  await writeFile(file, '2026-11-21 12:04:11,204 [main] ERROR a.b.C - broke\n\tat a.b.C.run\n');
  const seen: LogEntry[] = [];
  const tail = new ApacheLogTail({ sid: 2, folder, onEntry: (one) => seen.push(one) });
  onTestFinished(() => {
    tail.stop();
  });
  tail.follow();
  await waitFor('what was there', () => seen.length === 2);
  expect(seen.map(({ sid, level, message }) => [sid, level, message])).toEqual([
    [2, 'error', 'C: broke'],
    [2, 'error', '\tat a.b.C.run'],
  ]);
  const line = '2026-11-21 12:04:12,204 [main] INFO a.b.C - ';
  await appendFile(file, `${line}good\n${line}bet`);
  await waitFor('the next line, after which half a line was read', () => seen[2]?.message === 'C: good');
  await appendFile(file, 'ter\n');
  await waitFor('that line, whole', () => seen[3]?.message === 'C: better');
});

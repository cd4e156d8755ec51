/** What is said of elections that were recorded, and of such as end a leader in other ways. */
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import { diagnoseLogs, followLogs } from '../../../../electron/diagnosis/diagnose-logs.ts';
import { toFinding } from '../../../../electron/diagnosis/draft.ts';
import { draftElections } from '../../../../electron/diagnosis/election-findings.ts';
import { recordElections } from '../../../../electron/diagnosis/elections.ts';
import { Finding } from '../../../../shared/api/findings.ts';
import { say } from '../../../../shared/api/sentences.ts';
import type { ServerEventDto } from '../../../../shared/api/server-events.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../fixtures/logs/three-servers-slf4j-simple');
const PATHS = [1, 2, 3].map((sid) => path.join(FOLDER, `server-${sid}.log.gz`));

describe('recorded elections', () => {
  test('are answered, with what started them and why the winner won', async () => {
    const { findings } = await diagnoseLogs(PATHS, { timeZone: 'UTC' });
    for (const finding of findings) expect(Finding.parse(finding)).toEqual(finding);
    expect(findings.map(({ id, cause, subject, answer }) => [id, cause, subject, answer])).toEqual([
      [
        'election/1',
        'first-start',
        '3',
        expect.stringMatching(
          /^The servers had just started; server 3 leads in epoch 1 after \d+ ms, because it had the highest server id among equal logs of those who voted\.$/,
        ),
      ],
      [
        'election/2',
        'leader-crashed',
        '3',
        expect.stringMatching(/^The process of server 3 was gone; server 2 leads/),
      ],
      // Apache says nothing when it is asked to end.
      [
        'election/3',
        'leader-crashed',
        '2',
        expect.stringMatching(/^The process of server 2 was gone; server 3 leads/),
      ],
      [
        'election/4',
        'leader-paused',
        '3',
        expect.stringMatching(/^Server 3 did not run for a while; server 2 leads/),
      ],
    ]);
  });

  test('tell what could not be seen', async () => {
    const { findings } = await diagnoseLogs(PATHS, { timeZone: 'UTC' });
    expect(findings[1]?.hidden).toEqual([
      'whether the leader was stopped or crashed: Apache logs nothing when it is asked to end',
    ]);
    const alone = await diagnoseLogs(PATHS.slice(0, 1), { timeZone: 'UTC' });
    expect(alone.findings[1]).toMatchObject({
      cause: 'unknown',
      hidden: ['what happened in server 3: it tells nothing of that time'],
    });
  });

  test('are told again when a log has grown', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'zabra-logs-'));
    const file = path.join(folder, 'server.log');
    const line = (time: string, state: string): string =>
      `2024-05-01 12:00:${time},000 [myid:1] - INFO  [main:QuorumPeer@1] - ${state}\n`;
    const stop = new AbortController();
    const told: number[] = [];
    try {
      await writeFile(file, line('00', 'LOOKING'));
      await followLogs([file], {
        timeZone: 'UTC',
        signal: stop.signal,
        onRead({ reading }) {
          told.push(reading.events.length);
          if (told.length === 1) void appendFile(file, line('01', 'LEADING'));
          else stop.abort();
        },
      });
      expect(told).toEqual([1, 2]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a log that does not say whose it is can be named', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'zabra-logs-'));
    const file = path.join(folder, 'server.log');
    try {
      await writeFile(file, '2024-05-01 12:00:00,000 - INFO  [main:QuorumPeer@1] - LOOKING\n');
      expect((await diagnoseLogs([file])).reading.unassigned).toMatchObject([{ name: file }]);
      expect((await diagnoseLogs([`7=${file}`])).reading.servers).toMatchObject([{ sid: 7 }]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a file that is not there is an error of the file system', async () => {
    await expect(diagnoseLogs([path.join(FOLDER, 'nothing.log')])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

type StateEvent = Extract<ServerEventDto, { kind: 'state' }>;

/** Server 3 led, something happens, server 2 leads. */
function lossOf(
  told: readonly object[],
  {
    reason,
    fresh = [],
    leaderLooksMs,
  }: { reason: string | null; fresh?: readonly number[]; leaderLooksMs?: number },
): Finding {
  const events: ServerEventDto[] = [];
  const tell = (atMs: number, event: object): void => {
    events.push({ seq: events.length, atMs, ...event } as ServerEventDto);
  };
  const state = (atMs: number, sid: number, rest: Partial<StateEvent>): void => {
    tell(atMs, {
      kind: 'state',
      sid,
      leader: null,
      epoch: null,
      lastZxid: null,
      reason: null,
      phase: 'ELECTION',
      ...rest,
    });
  };
  for (const sid of [1, 2, 3]) state(0, sid, { state: 'LOOKING' });
  state(10, 3, { state: 'LEADING', leader: 3, epoch: 1, phase: 'BROADCAST' });
  for (const sid of [1, 2]) state(11, sid, { state: 'FOLLOWING', leader: 3, epoch: 1, phase: 'BROADCAST' });
  for (const event of told) tell(90, { sid: 3, ...event });
  for (const sid of fresh) tell(99, { kind: 'started', sid, version: null });
  for (const sid of [1, 2]) state(100, sid, { state: 'LOOKING', reason: 'it lost its leader' });
  state(200, 2, { state: 'LEADING', leader: 2, epoch: 2, phase: 'BROADCAST' });
  state(201, 1, { state: 'FOLLOWING', leader: 2, epoch: 2, phase: 'BROADCAST' });
  if (leaderLooksMs !== undefined) state(leaderLooksMs, 3, { state: 'LOOKING', reason });
  events.sort((x, y) => x.atMs - y.atMs);
  const drafts = draftElections(recordElections(events), events, (sid) =>
    say('source.events', { server: String(sid) }),
  );
  return toFinding(drafts[1]!);
}

describe('how a leader is lost', () => {
  const gaveUp = 'it stopped leading: Not sufficient followers synced';

  test.each([
    ['zxid-rollover', 'it stopped leading: zxid lower 32 bits have rolled over', 100, []],
    ['reconfig', 'a reconfiguration names another leader: Suggested leader: 2', 100, []],
    ['leader-partitioned', gaveUp, 105, []],
    ['leader-paused', gaveUp, 5000, []],
    ['quorum-lost', gaveUp, 95, [1, 2]],
  ])('%s: %s', (cause, reason, leaderLooksMs, fresh) => {
    expect(lossOf([], { reason, leaderLooksMs, fresh })).toMatchObject({ kind: 'election', cause });
  });

  test.each([
    ['leader-stopped', 'authentication'],
    ['leader-crashed', 'disk-full'],
  ])('%s: it ended behind a complaint about %s', (cause, about) => {
    const finding = lossOf(
      [
        { kind: 'complaint', about, text: 'a complaint' },
        { kind: 'ended', reason: 'the last word' },
      ],
      { reason: null },
    );
    expect(finding).toMatchObject({ cause, confidence: 0.9 });
    expect(finding.evidence[0]?.fact).toContain('the last word');
  });
});

/**
 * The flight recorder on elections that happen now: on what Apache's servers log, against what their AdminServers measure, and
 * on what builtin servers tell.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { recordElections } from '../../electron/diagnosis/elections.ts';
import type { Election } from '../../shared/api/elections.ts';
import { type LogFile, readLogs } from '../../electron/diagnosis/logs/read-logs.ts';
import type { Ensemble, EnsembleServer } from '../../embedded-server/launcher/running-ensemble.ts';
import { type StartEnsembleOptions, startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { ServerEventDto } from '../../shared/api/server-events.ts';
import { SHIPPED_PATTERN, makeApacheHome, missingForLog4j } from '../support/apache-home.ts';
import { TEST_JVM_FLAGS, missingForApache } from '../support/apache-server.ts';
import { describeWithTool } from './missing-tool.ts';

/** A metric ends with the line that is logged behind the state; machines under load take their time in between. */
const TOLERANCE_MS = 100;

let ensemble: Ensemble | undefined;
afterEach(() => ensemble?.close());

/** Three servers that have lost their first leader; who that was, and who leads now. */
async function afterKill(options: StartEnsembleOptions): Promise<{ killed: number; leader: number }> {
  ensemble = await startEnsemble({ servers: 3, config: { tickTime: '500' }, ...options });
  const killed = await leaderSid();
  await ensemble.kill(killed);
  await ensemble.untilServing();
  return { killed, leader: await leaderSid() };
}

async function leaderSid(): Promise<number> {
  const sid = await ensemble?.leader();
  if (sid === undefined) throw new Error('nobody leads');
  return sid;
}

function serversBut(sid: number): readonly EnsembleServer[] {
  return (ensemble?.servers ?? []).filter((server) => server.sid !== sid);
}

async function ask(server: EnsembleServer, command: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.adminUrl}/commands/${command}`);
  return (await response.json()) as Record<string, unknown>;
}

function expectTwo(
  elections: readonly Election[],
  { killed, leader }: { killed: number; leader: number },
): void {
  expect(elections.map(({ winner, epoch }) => ({ winner, epoch }))).toEqual([
    { winner: killed, epoch: 1 },
    { winner: leader, epoch: 2 },
  ]);
  const [, second] = elections;
  expect(second?.previous).toMatchObject({ leader: killed, epoch: 1 });
  expect(second?.candidates[0]).toMatchObject({ vote: { leader }, isWinner: true });
  expect(second?.candidates[0]?.backers.toSorted()).toEqual([1, 2, 3].filter((sid) => sid !== killed));
  const learner = [1, 2, 3].find((sid) => sid !== killed && sid !== leader);
  expect(second?.syncs).toMatchObject([{ learner, sid: leader }]);
}

describeWithTool({ name: 'elections in the logs of Apache servers', missing: missingForApache }, () => {
  test('are those that happened, and took as long as the servers measured', async () => {
    await expectLogsToAgree({});
  });
});

describeWithTool(
  { name: 'elections in logs by the pattern that ZooKeeper ships with', missing: missingForLog4j },
  () => {
    test('are those that happened, with every vote at DEBUG', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'zabra-log4j-'));
      try {
        const levels = { 'org.apache.zookeeper.server.quorum.FastLeaderElection': 'DEBUG' };
        await expectLogsToAgree({
          apacheHome: await makeApacheHome(folder, { pattern: SHIPPED_PATTERN, levels }),
        });
      } finally {
        await ensemble?.close();
        await rm(folder, { recursive: true });
      }
    });
  },
);

async function expectLogsToAgree(options: Pick<StartEnsembleOptions, 'apacheHome'>): Promise<void> {
  const { killed, leader } = await afterKill({ engine: 'apache', jvmFlags: TEST_JVM_FLAGS, ...options });
  const files = await Promise.all((ensemble?.servers ?? []).map(logOf));
  const { elections } = recordElections((await readLogs(files)).events);
  expectTwo(elections, { killed, leader });
  for (const server of serversBut(killed)) {
    const passages = elections.flatMap(({ participants }) =>
      participants.filter(({ sid }) => sid === server.sid),
    );
    const following = passages.filter(({ state }) => state === 'FOLLOWING');
    const metrics = await ask(server, 'monitor');
    expect(metrics).toMatchObject({
      cnt_election_time: passages.length,
      cnt_follower_sync_time: following.length,
    });
    const electionMs = sum(passages.map(({ times }) => times.electionMs));
    expect(Math.abs(electionMs - Number(metrics['sum_election_time']))).toBeLessThanOrEqual(TOLERANCE_MS);
    const syncMs = sum(following.map(({ times }) => times.synchronizationMs));
    expect(Math.abs(syncMs - Number(metrics['sum_follower_sync_time']))).toBeLessThanOrEqual(TOLERANCE_MS);
    if (server.sid === leader) {
      const modes = elections[1]?.syncs.map(({ mode }) => mode) ?? [];
      expect(metrics).toMatchObject({
        diff_count: modes.filter((mode) => mode === 'DIFF').length,
        snap_count: modes.filter((mode) => mode === 'SNAP').length,
      });
    }
    expect(await ask(server, 'leader')).toMatchObject({ leader_id: leader });
  }
}

async function logOf({ folder }: EnsembleServer): Promise<LogFile> {
  const name = path.join(folder, 'server.log');
  const { size, mtimeMs } = await stat(name);
  return { name, bytes: size, modifiedMs: mtimeMs, open: () => createReadStream(name) };
}

function sum(times: readonly (number | null)[]): number {
  return times.reduce<number>((total, ms) => total + (ms ?? 0), 0);
}

test('interop: elections that builtin servers tell of are those that happened', async () => {
  const { killed, leader } = await afterKill({ engine: 'builtin' });
  const events: ServerEventDto[] = [];
  for (const server of serversBut(killed)) {
    // The stream goes on; what it has by now comes at once.
    const response = await fetch(`${server.adminUrl}/events`, { signal: AbortSignal.timeout(5000) });
    events.push(...(await linesUntilServing(response)));
  }
  events.sort((x, y) => x.atMs - y.atMs);
  expectTwo(recordElections(events).elections, { killed, leader });
});

/** Of a server that has come through two elections. */
async function linesUntilServing(response: Response): Promise<ServerEventDto[]> {
  const events: ServerEventDto[] = [];
  let rest = '';
  let served = 0;
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((text) => text !== '')) {
      const event = ServerEventDto.parse(JSON.parse(line));
      events.push(event);
      if (event.kind === 'state' && event.phase === 'BROADCAST') served++;
    }
    if (served === 2) break;
  }
  return events;
}

/** An ensemble of real Apache servers under the launcher's hand: it serves, and every fault does what it says. */
import { readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import type { ServerState } from '../../embedded-server/launcher/supervised-server.ts';
import { TEST_JVM_FLAGS, missingForApache } from '../support/apache-server.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const CONVERGE_MS_MAX = 30_000;
const PARTICIPANTS = [1, 2, 3];
const OBSERVER = 4;

let ensemble: Ensemble;
let client: ZooKeeperClient;

async function stateOf(sid: number): Promise<ServerState> {
  return (await ensemble.statusOf(sid)).state;
}

async function leaderSid(): Promise<number> {
  const sid = await ensemble.leader();
  if (sid === undefined) throw new Error('nobody leads');
  return sid;
}

function connectStringOf(sid: number): string {
  return ensemble.servers.find((server) => server.sid === sid)!.connectString;
}

/** Writes as a client does that goes on after losing its server; what is lost on the way is tried again. */
async function write(path: string, text: string): Promise<void> {
  await waitFor(
    `${path} is written`,
    async () => {
      await client.setData(path, Buffer.from(text));
      return true;
    },
    CONVERGE_MS_MAX,
  );
}

async function readAt(sid: number, nodePath: string): Promise<string> {
  const reader = new ZooKeeperClient({ connectString: connectStringOf(sid), sessionTimeoutMs: 4000 });
  await reader.connect();
  try {
    await reader.sync(nodePath);
    const { data } = await reader.getData(nodePath);
    return Buffer.from(data ?? []).toString();
  } finally {
    await reader.close();
  }
}

async function untilAnotherLeads(than: number): Promise<number> {
  return waitFor(
    `another server than ${than} leads`,
    async () => {
      const sid = await ensemble.leader();
      return sid !== than && sid;
    },
    CONVERGE_MS_MAX,
  );
}

describeWithTool({ name: 'an ensemble of Apache servers', missing: missingForApache }, () => {
  beforeAll(async () => {
    ensemble = await startEnsemble({
      servers: PARTICIPANTS.length,
      observers: 1,
      engine: 'apache',
      // What is tested is who leads, not the disk; short ticks make faults be noticed sooner.
      config: { tickTime: '500', forceSync: 'no' },
      jvmFlags: TEST_JVM_FLAGS,
    });
    client = new ZooKeeperClient({ connectString: ensemble.connectString, sessionTimeoutMs: 8000 });
    await client.connect();
    await client.create('/n', { data: Buffer.from('first') });
  });

  afterEach(async () => {
    ensemble.heal();
    await ensemble.untilServing(CONVERGE_MS_MAX);
  });

  afterAll(async () => {
    await client.close();
    await ensemble.close();
  });

  test('one of the participants leads, and every server has what was written', async () => {
    expect(PARTICIPANTS).toContain(await leaderSid());
    expect(await stateOf(OBSERVER)).toBe('observer');
    expect(ensemble.connectString.split(',')).toHaveLength(4);
    for (const { sid } of ensemble.servers) expect(await readAt(sid, '/n')).toBe('first');
  });

  test.runIf(process.platform === 'linux')('no server reaches another past their link', async () => {
    expect(await foreignersAtServerPorts()).toEqual([]);
  });

  test('the leader is killed: another leads, the session goes on, the killed one comes back', async () => {
    const { sessionId } = client.facts;
    const killed = await leaderSid();
    await ensemble.kill(killed);
    expect(await ensemble.statusOf(killed)).toMatchObject({ state: 'stopped', pid: null, failure: null });
    await untilAnotherLeads(killed);
    await write('/n', 'after the kill');
    expect(client.facts.sessionId).toBe(sessionId);
    await ensemble.startServer(killed);
    await ensemble.untilServing(CONVERGE_MS_MAX);
    expect(await readAt(killed, '/n')).toBe('after the kill');
  });

  test('the leader is cut off: the majority elects another, and after healing all are one again', async () => {
    const isolated = await leaderSid();
    ensemble.partition([[isolated]]);
    await untilAnotherLeads(isolated);
    await waitFor(
      'the old leader gives up',
      async () => (await stateOf(isolated)) === 'looking',
      CONVERGE_MS_MAX,
    );
    await write('/n', 'by the majority');
    ensemble.heal();
    await ensemble.untilServing(CONVERGE_MS_MAX);
    expect(await stateOf(isolated)).toBe('follower');
    expect(await readAt(isolated, '/n')).toBe('by the majority');
  });

  test('without a majority nobody serves', async () => {
    ensemble.partition([[1], [2], [3]]);
    await waitFor(
      'all look for a leader',
      async () => (await ensemble.status()).every(({ state }) => state === 'looking'),
      CONVERGE_MS_MAX,
    );
    expect(await ensemble.leader()).toBeUndefined();
  });

  test('the leader is paused: another leads; resumed, it follows', async () => {
    const paused = await leaderSid();
    await ensemble.pause(paused);
    expect(await stateOf(paused)).toBe('paused');
    await untilAnotherLeads(paused);
    await ensemble.resume(paused);
    await waitFor('it follows', async () => (await stateOf(paused)) === 'follower', CONVERGE_MS_MAX);
  });

  test('links that delay hold a write up on its way to the quorum and back', async () => {
    await write('/n', 'fast');
    const leader = await leaderSid();
    for (const sid of PARTICIPANTS) if (sid !== leader) ensemble.delay({ a: leader, b: sid }, 100);
    const startMs = performance.now();
    await write('/n', 'slow');
    expect(performance.now() - startMs).toBeGreaterThan(190);
  });

  test('a server without its disk gets everything from the others', async () => {
    const wiped = PARTICIPANTS.find((sid) => sid !== 3)!;
    await expect(ensemble.wipe(wiped)).rejects.toThrow(
      `server.${wiped} runs: stop it before its data is wiped`,
    );
    await ensemble.stop(wiped);
    await ensemble.wipe(wiped);
    await write('/n', 'while it was away');
    await ensemble.startServer(wiped);
    await ensemble.untilServing(CONVERGE_MS_MAX);
    expect(await readAt(wiped, '/n')).toBe('while it was away');
  });
});

/** Connections at the ports where servers listen for each other, other than those of the links, which are this process's. */
async function foreignersAtServerPorts(): Promise<string[]> {
  const listening = new Set<number>();
  for (const { sid, folder } of ensemble.servers) {
    const text = await readFile(path.join(folder, 'zoo.cfg'), 'utf8');
    const own = new RegExp(`^server\\.${sid}=127\\.0\\.0\\.1:(\\d+):(\\d+):`, 'm').exec(text);
    for (const port of own!.slice(1)) listening.add(Number(port));
  }
  const connections = (await Promise.all(['tcp', 'tcp6'].map(readConnections))).flat();
  const ours = await ownInodes();
  const dialled = connections.filter(({ remotePort }) => listening.has(remotePort));
  expect(dialled.length).toBeGreaterThan(4);
  return dialled.filter(({ inode }) => !ours.has(inode)).map(({ line }) => line);
}

interface Connection {
  readonly remotePort: number;
  readonly inode: string;
  readonly line: string;
}

const ESTABLISHED = '01';

async function readConnections(table: string): Promise<Connection[]> {
  const text = await readFile(`/proc/net/${table}`, 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, , remote, state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED) return [];
    return [{ remotePort: parseInt(remote!.split(':')[1]!, 16), inode: inode!, line }];
  });
}

async function ownInodes(): Promise<ReadonlySet<string>> {
  const inodes = new Set<string>();
  for (const descriptor of await readdir('/proc/self/fd')) {
    const target = await readlink(`/proc/self/fd/${descriptor}`).catch(() => '');
    const socket = /^socket:\[(\d+)\]$/.exec(target);
    if (socket !== null) inodes.add(socket[1]!);
  }
  return inodes;
}

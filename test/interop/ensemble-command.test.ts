/** The command `ensemble` with real Apache servers: its line, its signals, its folder, and that it never leaves a process. */
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { missingForApache } from '../support/apache-server.ts';
import { EnsembleCommand, isAlive } from '../support/ensemble-command.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';

const FAST = ['--config', 'tickTime=500', '--config', 'forceSync=no'];
const CONVERGE_MS_MAX = 30_000;

let folder: string;
let started: EnsembleCommand[];

async function startThree(...more: readonly string[]): Promise<EnsembleCommand> {
  const faultApiPort = await findFreePort();
  const args = ['--engine', 'apache', '--data-dir', path.join(folder, 'ensemble'), ...FAST, ...more];
  const command = new EnsembleCommand(args, { faultApiPort });
  started.push(command);
  return command;
}

async function pidsOf(command: EnsembleCommand): Promise<number[]> {
  return (await command.servers()).flatMap(({ pid }) => (pid === null ? [] : [pid]));
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await waitFor('no server is left', async () => !(await Promise.all(pids.map(isAlive))).includes(true));
}

async function withClient(
  connectString: string,
  work: (client: ZooKeeperClient) => Promise<unknown>,
): Promise<void> {
  const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: 8000 });
  await client.connect();
  await work(client);
  await client.close();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zabra-command-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((command) => command.end('SIGTERM')));
  await rm(folder, { recursive: true, force: true });
});

describeWithTool({ name: 'the command ensemble with Apache servers', missing: missingForApache }, () => {
  test('an ensemble serves, obeys its fault API, ends with 0 on SIGINT, and is continued from its folder', async () => {
    const first = await startThree('--servers', '3');
    const addresses = await first.ready();
    const port = Number(addresses[0]!.split(':')[1]);
    expect(addresses).toEqual([port, port + 1, port + 2].map((each) => `127.0.0.1:${each}`));
    await withClient(addresses.join(','), (client) => client.create('/kept', { data: Buffer.from('kept') }));

    const leader = (await first.servers()).find(({ state }) => state === 'leader')!;
    const killed = await first.post(`/servers/${leader.sid}/kill`);
    expect(await killed.json()).toMatchObject({ sid: leader.sid, state: 'stopped', pid: null });
    await waitFor(
      'another leads',
      async () => (await first.servers()).some(({ state, sid }) => state === 'leader' && sid !== leader.sid),
      CONVERGE_MS_MAX,
    );
    expect((await first.post(`/servers/${leader.sid}/start`)).status).toBe(200);

    const pids = await pidsOf(first);
    expect(pids).toHaveLength(3);
    const { code, stdout } = await first.end('SIGINT');
    expect(code).toBe(0);
    expect(stdout).toBe(`ready ${addresses.join(',')}\n`);
    await untilGone(pids);

    const second = await startThree();
    expect(await second.ready()).toEqual(addresses);
    await withClient(addresses.join(','), async (client) => {
      expect(Buffer.from((await client.getData('/kept')).data ?? []).toString()).toBe('kept');
    });
    await second.end('SIGTERM');

    const contradiction = await startThree('--servers', '5');
    expect(await contradiction.end()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('the ensemble in this folder has servers 3'),
    });
  });

  test.runIf(process.platform === 'linux')(
    'the command is killed with SIGKILL: no server is left, not even one that was paused',
    async () => {
      const command = await startThree('--servers', '3');
      await command.ready();
      expect((await command.post('/servers/2/pause')).status).toBe(200);
      const pids = await pidsOf(command);
      expect(pids).toHaveLength(3);
      await command.end('SIGKILL');
      await untilGone(pids);
    },
  );

  test('asked to end before it serves, it ends with 0 and without its line', async () => {
    const command = await startThree('--servers', '3');
    const pids = await waitFor('a server is starting', async () => {
      const found = await pidsOf(command);
      return found.length > 0 && found;
    });
    expect(await command.end('SIGINT')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await untilGone(pids);
  });

  test('one server of an unpacked distribution serves, with its AdminServer on a free port', async () => {
    const home = path.join(folder, 'apache-zookeeper-3.8.0-bin');
    await mkdir(path.join(home, 'lib'), { recursive: true });
    for (const [name, jar] of [
      ['zookeeper-3.8.0.jar', 'zookeeper.jar'],
      ['servlet-api-4.0.1.jar', 'servlet-api.jar'],
      ['slf4j-simple-1.7.32.jar', 'slf4j-simple.jar'],
    ] as const) {
      await symlink(path.join('/usr/share/java', jar), path.join(home, 'lib', name));
    }
    const command = await startThree('--apache-home', home, '--config', 'admin.enableServer=true');
    await command.ready();
    const [server] = await command.servers();
    expect(server).toMatchObject({ sid: 1, state: 'standalone' });
    const answer = await fetch(`http://127.0.0.1:${server!.adminPort}/commands/ruok`);
    expect(await answer.json()).toMatchObject({ command: 'ruok', error: null });
  });

  test('a folder without Apache ZooKeeper, and a machine without Java, are said in words', async () => {
    const noServer = await startThree('--apache-home', folder);
    expect(await noServer.end()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${folder} holds no Apache ZooKeeper`),
    });
    const noJava = new EnsembleCommand(['--engine', 'apache'], { env: { PATH: folder } });
    expect(await noJava.end()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Java was not found'),
    });
  });

  test('settings that Apache refuses end the command with what the server said', async () => {
    const command = await startThree('--servers', '3', '--config', 'syncLimit=none');
    const { code, stdout, stderr } = await command.end();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^server\.[123] ended before it was up; it said:\n[^]*For input string: "none"/);
  });
});

/** The command `ensemble` with one builtin server: its line, its exit codes, and what it says when it cannot. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, expect, onTestFinished, test } from 'vitest';

import { findFreePort } from '../../../../embedded-server/launcher/free-port.ts';
import { EnsembleCommand, isAlive } from '../../../support/ensemble-command.ts';
import { waitFor } from '../../../support/wait.ts';

const started: EnsembleCommand[] = [];

function start(args: readonly string[], faultApiPort?: number): EnsembleCommand {
  const command = new EnsembleCommand(args, faultApiPort === undefined ? {} : { faultApiPort });
  started.push(command);
  return command;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((command) => command.end('SIGTERM')));
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('the command ends with 0 on %s', async (signal) => {
  const command = start([]);
  const [address] = await command.ready();
  expect(await command.end(signal)).toEqual({ code: 0, stdout: `ready ${address}\n`, stderr: '' });
});

test.runIf(process.platform === 'linux')(
  'the only server is killed by somebody: the command says so and ends with 1, unless it can be started again',
  async () => {
    const faultApiPort = await findFreePort();
    const [useless, useful] = [start([]), start([], faultApiPort)];
    await Promise.all([useless.ready(), useful.ready()]);
    const [pid] = await useless.childPids();
    process.kill(pid!, 'SIGKILL');
    expect(await useless.end()).toMatchObject({ code: 1, stderr: 'server.1 was killed by somebody\n' });

    process.kill((await useful.servers())[0]!.pid!, 'SIGKILL');
    await waitFor('it is stopped', async () => (await useful.servers())[0]!.state === 'stopped');
    expect((await useful.post('/servers/1/start')).status).toBe(200);
    expect(await useful.servers()).toMatchObject([{ state: 'standalone' }]);
  },
);

test.runIf(process.platform === 'linux')('a paused server ends with a command that is killed', async () => {
  // A folder that it would have to remove itself stays behind when it cannot.
  const folder = await mkdtemp(path.join(tmpdir(), 'zabra-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const command = start(['--data-dir', folder], await findFreePort());
  await command.ready();
  await command.post('/servers/1/pause');
  const pid = (await command.servers())[0]!.pid!;
  await command.end('SIGKILL');
  await waitFor('the server is gone', async () => !(await isAlive(pid)));
});

test('what the command cannot do is said on standard error, with exit code 1 and no line', async () => {
  const squatter = createServer().listen(await findFreePort(), '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as { port: number };
  const cases: [readonly string[], string][] = [
    [['--servers', '3', '--config', 'electionAlg=1'], 'electionAlg=1: must be 3'],
    [['--servers', 'x'], 'a whole number is needed.'],
    [['--engine', 'other'], 'Allowed choices are builtin, apache.'],
    [['--config', 'tickTime'], 'key=value is needed.'],
    [['--config', 'tickTme=1'], 'did you mean tickTime?'],
    [['--client-port', String(port)], `127.0.0.1:${port} is in use by another program`],
    [['--fault-api', String(port)], `the fault API cannot listen on 127.0.0.1:${port}`],
  ];
  const ended = await Promise.all(cases.map(([args]) => start(args).end()));
  for (const [index, [, sentence]] of cases.entries()) {
    expect(ended[index]).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) });
  }
  squatter.close();
});

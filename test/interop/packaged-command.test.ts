/**
 * The command `ensemble` where no sources are run: bundled as it is packaged, by Node, since there is no Electron here; and
 * as first word of `npm start`.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { EnsembleCommand, isAlive } from '../support/ensemble-command.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'zabra-bundle-'));
  await copyFile(path.join(ROOT, 'package.json'), path.join(folder, 'package.json'));
  await promisify(execFile)(
    process.execPath,
    [
      path.join(ROOT, 'node_modules/vite/bin/vite.js'),
      ...['build', '--config', 'build/vite.electron.config.ts', '--mode', 'main', '--logLevel', 'error'],
      ...['--outDir', path.join(folder, 'dist/electron'), '--emptyOutDir'],
    ],
    { cwd: ROOT },
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['bundled', () => [path.join(folder, 'dist/electron/ensemble.js')]],
  ['as first word of npm start', () => [path.join(ROOT, 'electron/start.ts'), 'ensemble']],
])('ensemble, %s: serves, has its levers, and ends with its servers', async (_how, command) => {
  const faultApiPort = await findFreePort();
  const ensemble = new EnsembleCommand(['--servers', '3'], { command: command(), faultApiPort });
  const [first = ''] = await ensemble.ready();
  const [host = '', port = ''] = first.split(':');
  const srvr = await sendFourLetterWord({ host, port: Number(port) }, 'srvr', { timeoutMs: 5000 });
  expect(srvr).toMatchObject({
    status: 'ok',
    text: expect.stringMatching(/^Zookeeper version: 3\.8\.0-zabra-/),
  });
  expect((await ensemble.post('/disks/1/slow?ms=1')).status).toBe(200);
  const pids = (await ensemble.servers()).map(({ pid }) => pid!);
  expect(await ensemble.end('SIGTERM')).toMatchObject({ code: 0 });
  for (const pid of pids) await waitFor(`${pid} has ended`, async () => !(await isAlive(pid)));
});

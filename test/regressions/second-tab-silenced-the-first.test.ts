/** Two tabs at one host: what the second one showed replaced what the first one was told of, and stayed watched for ever. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import {
  type Api,
  type TestShell,
  clientOver,
  startTestShell,
  until,
} from '../unit/electron/support/shell.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';

let shell: TestShell;
let connectionId: string;
let server: { host: string; port: number };

beforeAll(async () => {
  shell = await startTestShell();
  const ensemble = await shell.api.ensembles.create({ servers: 1, clientPort: await findFreePort() });
  ({ connectionId } = ensemble);
  server = { host: '127.0.0.1', port: ensemble.servers[0]!.clientPort };
  await shell.api.connections.open({ connectionId });
  await until(await shell.api.connections.statuses(), ([first]) => first?.state === 'connected');
}, 30_000);
afterAll(() => shell.stop());

function openTab(): { socket: WebSocket; api: Api } {
  const { port, cookie, origin } = shell;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api`, { headers: { cookie }, origin });
  return { socket, api: clientOver(socket) };
}

async function watchCount(): Promise<number> {
  const answer = await sendFourLetterWord(server, 'wchs', { timeoutMs: 2_000 });
  return Number(/Total watches:(\d+)/.exec(answer.status === 'ok' ? answer.text : '')?.[1]);
}

test('both tabs hear of what they show, and a closed one leaves no watch behind', async () => {
  const other = new ZooKeeperClient({ connectString: `${server.host}:${server.port}` });
  await other.connect();
  await other.create('/first');
  await other.create('/second');
  const [first, second] = [openTab(), openTab()];
  const changes = await first.api.watches.changes({ connectionId });
  await first.api.watches.observe({ connectionId, paths: ['/first'] });
  await second.api.watches.observe({ connectionId, paths: ['/second'] });
  await other.setData('/first', new Uint8Array([1]));
  await until(changes, (batch) => batch.changes.some(({ path }) => path === '/first'));
  expect(await watchCount()).toBe(2);

  second.socket.close();
  await waitFor("the second tab's watch is gone", async () => (await watchCount()) === 1);
  first.socket.terminate();
  await waitFor("the first tab's watch is gone", async () => (await watchCount()) === 0);
  await other.close();
});

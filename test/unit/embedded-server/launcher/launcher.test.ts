/** Server processes: they serve when they say so, say why they cannot, and never outlive who started them. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, test } from 'vitest';

import type { ServerHandle } from '../../../../embedded-server/launcher/engine.ts';
import { findFreePort } from '../../../../embedded-server/launcher/free-port.ts';
import { launchServer } from '../../../../embedded-server/launcher/launcher.ts';
import type { ToParent } from '../../../../embedded-server/server-messages.ts';

const running: ServerHandle[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.kill()));
});

interface Started {
  readonly server: ServerHandle;
  readonly clientPort: number;
}

async function start(config: Readonly<Record<string, string>> = {}): Promise<Started> {
  const clientPort = Number(config['clientPort'] ?? (await findFreePort()));
  const settings = { 'admin.enableServer': 'false', ...config, clientPort: String(clientPort) };
  const server = launchServer({ serverArguments: { name: 'test', version: '0', config: settings } });
  running.push(server);
  await server.up;
  return { server, clientPort };
}

async function ask(port: number, word: string): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write(word);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(socket, 'close');
  return text;
}

describe('launcher', () => {
  test('a server serves on a free port below 32768, and stops with exit code 0', async () => {
    const { server, clientPort } = await start();
    expect(clientPort).toBeLessThan(32_768);
    expect(await ask(clientPort, 'srvr')).toContain('Zookeeper version: 3.8.0-zabra-0, built on ');
    await server.stop();
    expect(await server.exited).toBe(0);
  });

  test('a server that is killed is gone, and that is told', async () => {
    const { server } = await start();
    await server.kill();
    expect(await server.exited).toBeNull();
  });

  test('a port in use is said in words', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    await expect(start({ clientPort: String(port) })).rejects.toThrow(
      `127.0.0.1:${port} is in use by another program`,
    );
    squatter.close();
  });

  test('a bad option is said by name', async () => {
    await expect(start({ tickTme: '1' })).rejects.toThrow('did you mean tickTime?');
  });

  test('a server ends when its parent goes away', async () => {
    const main = fileURLToPath(new URL('../../../../embedded-server/main.ts', import.meta.url));
    const config = { 'admin.enableServer': 'false', clientPort: String(await findFreePort()) };
    const child = fork(main, [JSON.stringify({ name: 'orphan', version: '0', config })], { silent: true });
    const [message] = (await once(child, 'message')) as [ToParent];
    expect(message.kind).toBe('ready');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

/**
 * A server that came back without its data closes every attempt to resume a session that has seen more, and says nothing: for
 * most of a minute people read "the server closed the connection" although it served.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionStatus } from '../../shared/api/connections.ts';
import { type Api, type TestShell, startTestShell, until } from '../unit/electron/support/shell.ts';
import { findFreePort } from '../support/ports.ts';

let shell: TestShell;
let api: Api;

beforeAll(async () => {
  shell = await startTestShell();
  ({ api } = shell);
}, 30_000);
afterAll(() => shell.stop());

async function status(isIt: (status: ConnectionStatus) => boolean): Promise<ConnectionStatus> {
  const statuses = await until(
    await api.connections.statuses(),
    ([first]) => first !== undefined && isIt(first),
  );
  return statuses[0]!;
}

test('it is said that the server is behind, and a new session helps', async () => {
  const { connectionId, ensembleId } = await api.ensembles.create({
    servers: 1,
    clientPort: await findFreePort(),
  });
  await api.connections.open({ connectionId });
  const before = await status(({ state }) => state === 'connected');
  const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
  await api.znodes.create({ connectionId, path: '/a', data: null, acl, mode: 'PERSISTENT' });
  const [ensemble] = await until(
    await api.ensembles.list(),
    ([first]) => typeof first?.servers[0]?.pid === 'number',
  );
  process.kill(ensemble!.servers[0]!.pid!, 'SIGKILL');
  await until(await api.ensembles.list(), ([first]) => first?.state === 'failed');
  await rm(path.join(shell.folder, 'data', 'local-servers', ensembleId), { recursive: true });
  await api.ensembles.start({ ensembleId });

  const refused = await status(({ failure }) => failure?.code === 'SERVER_BEHIND');
  expect(refused).toMatchObject({ state: 'suspended', sessionId: before.sessionId });
  expect(refused.failure).toMatchObject({ server: before.server, retryable: true });
  expect(refused.failure?.message).toMatch(/is at zxid 0x\w+, the session has seen 0x\w+$/);
  // The next attempts change nothing of what is said.
  const later = await status(({ attempts }) => attempts > refused.attempts + 1);
  expect(later.failure?.code).toBe('SERVER_BEHIND');

  await api.connections.close({ connectionId });
  await api.connections.open({ connectionId });
  const after = await status(({ state }) => state === 'connected');
  expect(after.sessionId).not.toBe(before.sessionId);
});

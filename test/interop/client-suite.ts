/** What every foreign client must be able to do with the embedded server. One file a client calls this. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { sessionIdToHex } from '../../shared/ids.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import type { RunningServer } from '../support/child-server.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait.ts';
import type { ForeignClient, ForeignTool } from './foreign-client.ts';
import { HandMadeLock, type Lock } from './lock-recipe.ts';
import { describeWithTool } from './missing-tool.ts';

const SESSION_TIMEOUT_MS = 8000;
const SHORT_SESSION_TIMEOUT_MS = 2000;
/** Buckets of expiry are a tick wide; the rest is a slow machine. */
const EXPIRY_MS_MAX = SHORT_SESSION_TIMEOUT_MS + 10_000;

let server: RunningServer;
/** Our own client, which looks from outside and changes things behind the other's back. */
let outsider: ZooKeeperClient;
const clients: ForeignClient[] = [];
let nextFolder = 0;

/** A folder of its own for a test. */
async function makeFolder(): Promise<string> {
  const { path } = await outsider.create(`/interop-${nextFolder++}`);
  return path;
}

async function startClient(
  tool: ForeignTool,
  { connectString = server.connectString, sessionTimeoutMs = SESSION_TIMEOUT_MS } = {},
): Promise<ForeignClient> {
  const client = await tool.start({ connectString, sessionTimeoutMs });
  clients.push(client);
  return client;
}

function lockOf(client: ForeignClient): Lock {
  return client.ownLock ?? new HandMadeLock(client);
}

async function ownerOf(path: string): Promise<string | undefined> {
  const stat = await outsider.exists(path);
  return stat === null ? undefined : sessionIdToHex(stat.ephemeralOwner);
}

export function describeClient(tool: ForeignTool): void {
  describeWithTool(tool, () => {
    beforeAll(async () => {
      server = await startBuiltin({ tickTime: '500', '4lw.commands.whitelist': '*' });
      outsider = new ZooKeeperClient({ connectString: server.connectString });
      await outsider.connect();
      return async () => {
        await outsider.close();
        await server.stop();
      };
    });

    afterEach(async () => {
      await Promise.all(clients.splice(0).map((client) => client.close()));
    });

    describe('nodes', () => {
      nodeTests(tool);
    });
    describe('watches', () => {
      watchTests(tool);
    });
    describe('sessions', () => {
      sessionTests(tool);
    });
  });
}

function nodeTests(tool: ForeignTool): void {
  test('creates, reads, writes, lists and deletes', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    expect(await client.create(`${folder}/a`, 'first', 'PERSISTENT')).toBe(`${folder}/a`);
    expect(await client.get(`${folder}/a`)).toBe('first');
    await client.set(`${folder}/a`, 'grüße');
    expect(await client.get(`${folder}/a`)).toBe('grüße');
    expect(await client.create(`${folder}/b`, 'x', 'EPHEMERAL')).toBe(`${folder}/b`);
    expect([...(await client.list(folder))].sort()).toEqual(['a', 'b']);
    await client.delete(`${folder}/a`);
    expect(await client.list(folder)).toEqual(['b']);
    await expect(client.get(`${folder}/a`)).rejects.toMatchObject({ code: 'NONODE' });
    expect(await ownerOf(`${folder}/b`)).toBe(await client.sessionId());
  });

  test('what others wrote is what it reads, and the other way round', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    await outsider.setData(folder, new TextEncoder().encode('from outside'));
    expect(await client.get(folder)).toBe('from outside');
    await client.set(folder, 'from-inside');
    const { data, stat } = await outsider.getData(folder);
    expect(new TextDecoder().decode(data ?? undefined)).toBe('from-inside');
    expect(stat.version).toBe(2);
  });

  test('sequential names count on', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    for (const number of ['0000000000', '0000000001', '0000000002']) {
      const path = await client.create(`${folder}/n-`, 'x', 'EPHEMERAL_SEQUENTIAL');
      expect(path).toBe(`${folder}/n-${number}`);
    }
  });

  test('leaving in good order takes its ephemerals along at once', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    await client.create(`${folder}/e`, 'x', 'EPHEMERAL');
    await client.close();
    await waitFor('the ephemeral is gone', async () => (await ownerOf(`${folder}/e`)) === undefined, 3000);
  });
}

function watchTests(tool: ForeignTool): void {
  test('hears of changed data and of changed children', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    await client.watchData(folder);
    await client.watchChildren(folder);
    await outsider.setData(folder, Uint8Array.of(1));
    await waitFor('the change is heard of', () => client.events.length === 1);
    await outsider.create(`${folder}/child`);
    await waitFor('the child is heard of', () => client.events.length === 2);
    expect(client.events).toEqual([
      { type: 'NodeDataChanged', path: folder },
      { type: 'NodeChildrenChanged', path: folder },
    ]);
  });

  test('hears of a deletion', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool);
    await client.watchData(folder);
    await outsider.delete(folder);
    await waitFor('the deletion is heard of', () => client.events.length > 0);
    expect(client.events).toEqual([{ type: 'NodeDeleted', path: folder }]);
  });

  test('two sessions take turns with a lock', async () => {
    const folder = await makeFolder();
    const [first, second] = await Promise.all([startClient(tool), startClient(tool)]);
    const turns: string[] = [];
    const [firstLock, secondLock] = [lockOf(first), lockOf(second)];
    await firstLock.acquire(folder);
    turns.push('first holds');
    const waiting = secondLock.acquire(folder).then(() => turns.push('second holds'));
    await waitFor(
      'both stand in line',
      async () => (await outsider.getChildren(folder)).children.length === 2,
    );
    expect(turns).toEqual(['first holds']);
    turns.push('first lets go');
    await firstLock.release(folder);
    await waiting;
    expect(turns).toEqual(['first holds', 'first lets go', 'second holds']);
    await secondLock.release(folder);
    expect((await outsider.getChildren(folder)).children).toEqual([]);
  });
}

function sessionTests(tool: ForeignTool): void {
  test('session, ephemeral and watch outlive a cut connection', async () => {
    const folder = await makeFolder();
    const proxy = await TcpProxy.start(server);
    try {
      const client = await startClient(tool, { connectString: proxy.connectString });
      await client.create(`${folder}/e`, 'x', 'EPHEMERAL');
      await client.watchData(folder);
      const sessionId = await client.sessionId();
      const connectsBefore = client.connectCount;
      proxy.refuse();
      await outsider.setData(folder, Uint8Array.of(1));
      proxy.accept();
      await waitFor('it is back', () => client.connectCount > connectsBefore, SESSION_TIMEOUT_MS);
      await waitFor('the change meanwhile is heard of', () => client.events.length > 0);
      expect(await client.sessionId()).toBe(sessionId);
      expect(await ownerOf(`${folder}/e`)).toBe(sessionId);
      // An answer comes behind every event, so none can follow.
      expect(await client.list(folder)).toEqual(['e']);
      expect(client.events).toEqual([{ type: 'NodeDataChanged', path: folder }]);
    } finally {
      await Promise.all(clients.splice(0).map((client) => client.close()));
      await proxy.stop();
    }
  });

  test('a killed client loses its ephemerals when its session expires, not before', async () => {
    const folder = await makeFolder();
    const client = await startClient(tool, { sessionTimeoutMs: SHORT_SESSION_TIMEOUT_MS });
    await client.create(`${folder}/e`, 'x', 'EPHEMERAL');
    await client.kill();
    const killedMs = performance.now();
    expect(await ownerOf(`${folder}/e`)).toBeDefined();
    const isGone = async (): Promise<boolean> => (await ownerOf(`${folder}/e`)) === undefined;
    await waitFor('the ephemeral is gone', isGone, EXPIRY_MS_MAX);
    // A ping may have been up to a third of the timeout ago.
    expect(performance.now() - killedMs).toBeGreaterThan(SHORT_SESSION_TIMEOUT_MS / 2);
  });
}

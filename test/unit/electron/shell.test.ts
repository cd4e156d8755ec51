/** The whole shell over its WebSocket, with a local server of its own: what the window will do, call by call. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transferOf } from '../../../electron/host/message-transfer.ts';
import { joinPage } from '../../../electron/services/page.ts';
import { router } from '../../../electron/services/router.ts';
import type { ConnectionStatus, TestReport } from '../../../shared/api/connections.ts';
import { customJsonSerializers } from '../../../shared/api/serializers.ts';
import type { EventDto } from '../../../shared/api/watches.ts';
import { zxidToHex } from '../../../shared/zxid.ts';
import { ZooKeeperClient } from '../../../electron/client/client.ts';
import { findFreePort } from '../../support/ports.ts';
import { waitFor } from '../../support/wait.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { type Api, type TestShell, draftOf, failureOf, startTestShell, until } from './support/shell.ts';

const OPEN_ACL = [{ perms: 31, scheme: 'world', id: 'anyone' }];

let shell: TestShell;
let api: Api;
let connectionId: string;
let servers: string;

beforeAll(async () => {
  shell = await startTestShell();
  api = shell.api;
  const ensemble = await api.ensembles.create({ servers: 1, name: 'test', clientPort: await findFreePort() });
  ({ connectionId } = ensemble);
  servers = `127.0.0.1:${ensemble.servers[0]!.clientPort}`;
  await api.connections.open({ connectionId });
  await connected(connectionId);
}, 30_000);
afterAll(() => shell.stop());

async function statusOf(id: string, isIt: (status: ConnectionStatus) => boolean): Promise<ConnectionStatus> {
  const find = (statuses: ConnectionStatus[]): ConnectionStatus | undefined =>
    statuses.find((status) => status.connectionId === id && isIt(status));
  return find(await until(await api.connections.statuses(), (statuses) => find(statuses) !== undefined))!;
}

const connected = (id: string): Promise<ConnectionStatus> =>
  statusOf(
    id,
    ({ state, serverRole, identities }) =>
      state === 'connected' && serverRole !== null && identities.length > 0,
  );

async function newConnection(
  changes: Parameters<typeof draftOf>[1] = {},
  password?: string,
): Promise<string> {
  const draft = draftOf(servers, changes);
  const profile = await api.connections.save({ draft, ...(password === undefined ? {} : { password }) });
  await api.connections.open({ connectionId: profile.connectionId });
  return profile.connectionId;
}

const create = (path: string, data: Uint8Array | null = null, id = connectionId): Promise<{ path: string }> =>
  api.znodes.create({ connectionId: id, path, data, acl: OPEN_ACL, mode: 'PERSISTENT' });

describe('connections', () => {
  test('the status knows session, role, version and who the server takes us for', async () => {
    const status = await connected(connectionId);
    expect(status).toMatchObject({
      server: servers,
      serverRole: 'standalone',
      sessionTimeoutMs: 30_000,
      identities: [{ scheme: 'ip', user: '127.0.0.1' }],
      writeGuard: { kind: 'open' },
      failure: null,
      attempts: 0,
    });
    expect(status.latencyMs).toBeGreaterThan(0);
    expect(status.sessionId).toMatch(/^0x[0-9a-f]+$/);
  });

  test('a profile that does not exist, or is not open, is said so', async () => {
    expect(await failureOf(api.znodes.get({ connectionId: 'nobody', path: '/' }))).toMatchObject({
      code: 'CONNECTION_UNKNOWN',
    });
    const { connectionId: closed } = await api.connections.save({ draft: draftOf(servers) });
    expect(await failureOf(api.znodes.get({ connectionId: closed, path: '/' }))).toMatchObject({
      code: 'CONNECTION_NOT_OPEN',
    });
    expect(await failureOf(api.watches.changes({ connectionId: closed }))).toMatchObject({
      code: 'CONNECTION_NOT_OPEN',
    });
  });

  test('a connect string that no client could use is not saved', async () => {
    expect(await failureOf(api.connections.save({ draft: draftOf('a:b:c') }))).toMatchObject({
      code: 'BAD_CONNECT_STRING',
    });
    expect(await failureOf(api.connections.save({ draft: draftOf('a:1', { chroot: '/x/' }) }))).toMatchObject(
      {
        code: 'BAD_CONNECT_STRING',
      },
    );
  });

  test('passwords prove an identity and are never given back', async () => {
    const auth = { kind: 'digest', user: 'ann' } as const;
    const id = await newConnection({ auth }, 'very-secret');
    const { identities } = await connected(id);
    expect(identities).toContainEqual({ scheme: 'digest', user: 'ann' });
    const everything = JSON.stringify([
      await api.connections.list(),
      await api.connections.open({ connectionId: id }),
    ]);
    expect(everything).not.toContain('very-secret');
    expect((await api.connections.list()).find((profile) => profile.connectionId === id)?.secret).toBe(
      'memory',
    );
    await api.connections.remove({ connectionId: id });
    expect((await api.connections.list()).some((profile) => profile.connectionId === id)).toBe(false);
  });

  test('production is locked until it is unlocked, for every kind of write', async () => {
    const id = await newConnection({ environment: 'production' });
    await connected(id);
    const writes = [
      () => create('/locked', null, id),
      () => api.znodes.setData({ connectionId: id, path: '/', data: null, version: -1 }),
      () => api.znodes.setAcl({ connectionId: id, path: '/', acl: OPEN_ACL, aversion: -1 }),
      () => api.znodes.remove({ connectionId: id, path: '/nope', version: -1 }),
      () => api.jobs.startDeleteRecursive({ connectionId: id, path: '/nope' }),
    ];
    for (const write of writes) expect(await failureOf(write())).toMatchObject({ code: 'PRODUCTION_LOCKED' });
    expect((await api.connections.unlock({ connectionId: id, minutes: 1 })).writeGuard.kind).toBe('unlocked');
    expect((await create('/locked', null, id)).path).toBe('/locked');
    expect((await api.connections.lock({ connectionId: id })).writeGuard).toEqual({ kind: 'locked' });
    expect(await failureOf(create('/locked2', null, id))).toMatchObject({ code: 'PRODUCTION_LOCKED' });
    await api.connections.close({ connectionId: id });
  });

  test('a read-only profile reads, and writes nothing', async () => {
    const id = await newConnection({ isReadOnly: true });
    await connected(id);
    expect((await api.znodes.get({ connectionId: id, path: '/' })).path).toBe('/');
    expect(await failureOf(create('/ro', null, id))).toMatchObject({ code: 'READ_ONLY_PROFILE' });
    expect(await failureOf(api.connections.unlock({ connectionId: id, minutes: 5 }))).toMatchObject({
      code: 'READ_ONLY_PROFILE',
    });
    await api.connections.close({ connectionId: id });
  });

  test('a cut connection is suspended, comes back with its session, and asks to read again', async () => {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(servers.split(':')[1]) });
    const { connectionId: id } = await api.connections.save({ draft: draftOf(proxy.connectString) });
    await api.connections.open({ connectionId: id });
    const before = await connected(id);
    const changes = await api.watches.changes({ connectionId: id });
    await api.watches.observe({ connectionId: id, paths: ['/'] });
    proxy.refuse();
    const lost = await statusOf(id, ({ state, attempts }) => state === 'suspended' && attempts > 0);
    expect(lost.failure?.code).toBe('CONNECTION_CLOSED');
    await create('/while-away');
    proxy.accept();
    expect((await connected(id)).sessionId).toBe(before.sessionId);
    await until(changes, ({ isIncomplete }) => isIncomplete);
    await api.connections.close({ connectionId: id });
    await proxy.stop();
  });

  test('closing twice is closing once, and opening meanwhile starts afresh', async () => {
    const id = await newConnection();
    const before = await connected(id);
    const closing = Promise.all([
      api.connections.close({ connectionId: id }),
      api.connections.close({ connectionId: id }),
    ]);
    await api.connections.open({ connectionId: id });
    await closing;
    expect((await connected(id)).sessionId).not.toBe(before.sessionId);
    await api.watches.watchSubtree({ connectionId: id, path: '/' });
    await api.connections.close({ connectionId: id });
  });

  test('a session that ended is asked for again with the profile as it is now', async () => {
    const proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(servers.split(':')[1]) });
    const draft = draftOf(proxy.connectString, { sessionTimeoutMs: 4_000 });
    const { connectionId: id } = await api.connections.save({ draft });
    await api.connections.open({ connectionId: id });
    const before = await connected(id);
    await api.watches.watchSubtree({ connectionId: id, path: '/' });
    proxy.refuse();
    await statusOf(id, ({ state }) => state === 'expired');
    proxy.accept();
    const auth = { kind: 'digest', user: 'bob' } as const;
    await api.connections.save({ connectionId: id, draft: { ...draft, auth }, password: 'p' });
    await api.connections.open({ connectionId: id });
    const after = await connected(id);
    expect(after.sessionId).not.toBe(before.sessionId);
    expect(after.identities).toContainEqual({ scheme: 'digest', user: 'bob' });
    await until(await api.watches.subtrees({ connectionId: id }), ([subtree]) => subtree?.isLive === true);
    await api.connections.close({ connectionId: id });
    await proxy.stop();
  }, 20_000);

  test('closing ends the streams of a connection', async () => {
    const id = await newConnection();
    await connected(id);
    const events = await api.watches.events({ connectionId: id });
    await api.connections.close({ connectionId: id });
    const types: string[] = [];
    for await (const batch of events) types.push(...batch.events.map(({ type }) => type));
    expect(types).toEqual(['SessionConnected', 'SessionClosed']);
  });
});

describe('the connection test', () => {
  const report = async (draft: ReturnType<typeof draftOf>, password = '') => {
    const last = await until(await api.connections.test({ draft, password }), ({ isDone }) => isDone);
    return last.steps.map(({ step, state, finding }) => `${step} ${state} ${finding ?? ''}`.trim());
  };

  test('a server that works, step by step', async () => {
    const draft = draftOf(servers, { auth: { kind: 'digest', user: 'u' } });
    expect(await report(draft, 'p')).toEqual([
      'resolve passed resolved',
      'tcp passed tcp-accepted',
      'session passed session-established',
      'auth passed auth-taken',
      'first-read passed read-ok',
    ]);
  });

  test('no session is left, whether it ran to its end or was broken off', async () => {
    const isLeft = async (sessionId: string | undefined): Promise<boolean> => {
      expect(sessionId).toMatch(/^0x/);
      const { sessions } = await api.sessions.list({ connectionId });
      return sessions.some((session) => session.sessionId === sessionId);
    };
    const sessionOf = ({ steps }: TestReport): string | undefined => steps[2]?.facts.sessionId;
    const draft = draftOf(servers);
    const done = await until(await api.connections.test({ draft }), ({ isDone }) => isDone);
    expect(await isLeft(sessionOf(done))).toBe(false);
    // `until` ends the stream, which cancels the test.
    const broken = await until(await api.connections.test({ draft }), (now) => sessionOf(now) !== undefined);
    await waitFor('the session is gone', async () => !(await isLeft(sessionOf(broken))));
  });

  test('where it ends: names, ports, the chroot', async () => {
    expect(await report(draftOf('nowhere.invalid:1'))).toEqual([
      'resolve failed resolved-none',
      'tcp skipped',
      'session skipped',
      'auth skipped',
      'first-read skipped',
    ]);
    const half = await report(draftOf(`${servers},127.0.0.1:1`));
    expect(half[1]).toBe('tcp warning tcp-accepted-some');
    expect((await report(draftOf('127.0.0.1:1')))[1]).toBe('tcp failed tcp-refused');
    expect((await report(draftOf(servers, { chroot: '/missing' })))[4]).toBe(
      'first-read failed read-no-node',
    );
  });

  test('a timeout that the server changes is said', async () => {
    const steps = await report(draftOf(servers, { sessionTimeoutMs: 100 }));
    expect(steps[2]).toBe('session warning session-timeout-adjusted');
    expect(steps[3]).toBe('auth skipped auth-none');
  });

  test('a program that is not ZooKeeper', async () => {
    const steps = await report(draftOf(`127.0.0.1:${shell.port}`));
    expect(steps.slice(1, 3)).toEqual(['tcp passed tcp-accepted', 'session failed session-not-zookeeper']);
  });
});

describe('znodes', () => {
  test('bytes come back as they went, and null is not empty', async () => {
    const bytes = new Uint8Array([0, 1, 127, 128, 255]);
    await create('/bytes', bytes);
    expect((await api.znodes.get({ connectionId, path: '/bytes' })).data).toEqual(bytes);
    const { version } = await api.znodes.setData({ connectionId, path: '/bytes', data: null, version: 0 });
    expect((await api.znodes.get({ connectionId, path: '/bytes' })).data).toBeNull();
    await api.znodes.setData({ connectionId, path: '/bytes', data: new Uint8Array(), version });
    expect((await api.znodes.get({ connectionId, path: '/bytes' })).data).toEqual(new Uint8Array());
  });

  test('a stale version is a conflict, with path and server', async () => {
    await create('/conflict');
    expect(
      await failureOf(api.znodes.setData({ connectionId, path: '/conflict', data: null, version: 7 })),
    ).toMatchObject({
      code: 'BADVERSION',
      number: -103,
      path: '/conflict',
      server: servers,
    });
  });

  test('a listing comes sorted, in pieces', async () => {
    await create('/list');
    const names = Array.from({ length: 12_000 }, (_, at) => String(at));
    const client = new ZooKeeperClient({ connectString: servers, queuedMax: 20_000 });
    await client.connect();
    await Promise.all(names.map((name) => client.create(`/list/${name}`)));
    await client.close();
    const pieces = [];
    for await (const piece of await api.znodes.children({ connectionId, path: '/list' })) pieces.push(piece);
    expect(pieces.map((piece) => piece.names.length)).toEqual([5_000, 5_000, 2_000]);
    expect(pieces.flatMap((piece) => piece.names)).toEqual(names);
    expect([pieces[0]?.stat?.numChildren, pieces[0]?.total, pieces[1]?.stat]).toEqual([
      12_000,
      12_000,
      undefined,
    ]);
    const { jobId } = await api.jobs.startDeleteRecursive({ connectionId, path: '/list' });
    const end = await until(await api.jobs.follow({ jobId }), ({ state }) => state !== 'running');
    expect(end).toMatchObject({ state: 'done', done: 12_001, total: 12_001, errorCount: 0 });
  }, 30_000);

  test('summaries say what rows show, also of nodes that are gone', async () => {
    await api.znodes.create({
      connectionId,
      path: '/seq-',
      data: null,
      acl: OPEN_ACL,
      mode: 'EPHEMERAL_SEQUENTIAL',
    });
    await create('/plain', new Uint8Array(3));
    const [seq, plain, gone] = await api.znodes.summaries({
      connectionId,
      paths: ['/seq-0000000000', '/plain', '/gone'],
    });
    // A list may be a second old.
    const owned = async (): Promise<string | undefined> =>
      (await api.sessions.list({ connectionId })).sessions[0]?.ephemerals?.[0];
    await expect.poll(owned, { timeout: 5000 }).toMatch(/^\/seq-\d{10}$/);
    const sequence = await owned();
    expect([seq?.kind, gone]).toEqual([expect.any(String), { kind: 'gone', path: '/gone' }]);
    expect(plain).toMatchObject({
      kind: 'node',
      dataLength: 3,
      ephemeralOwner: '0x0',
      createdAs: 'PERSISTENT',
      hasQuota: false,
    });
    const [own] = await api.znodes.summaries({ connectionId, paths: [sequence!] });
    expect(own).toMatchObject({
      kind: 'node',
      createdAs: 'EPHEMERAL_SEQUENTIAL',
      ephemeralOwner: expect.stringMatching(/^0x.+/),
    });
  });

  test('a quota is shown on its node, and a new one is noticed', async () => {
    await create('/quoted');
    const paths = ['/quoted', '/plain'];
    const hasQuota = async (): Promise<boolean[]> =>
      (await api.znodes.summaries({ connectionId, paths })).map(
        (summary) => summary.kind === 'node' && summary.hasQuota,
      );
    expect(await hasQuota()).toEqual([false, false]);
    expect(await api.znodes.quota({ connectionId, path: '/quoted' })).toBeNull();
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    await create('/zookeeper/quota/quoted');
    await create('/zookeeper/quota/quoted/zookeeper_limits', text('count=5,bytes=-1'));
    await create('/zookeeper/quota/quoted/zookeeper_stats', text('count=1,bytes=0'));
    await waitFor('the quota shows', async () => (await hasQuota())[0] === true);
    expect(await api.znodes.quota({ connectionId, path: '/quoted' })).toMatchObject({
      countLimit: 5,
      count: 1,
    });
  });

  test('a node over the limit is refused before anything is sent', async () => {
    expect(await failureOf(create('/big', new Uint8Array(1_048_575)))).toMatchObject({
      code: 'NODE_TOO_LARGE',
      path: '/big',
    });
    expect((await connected(connectionId)).state).toBe('connected');
    expect((await create('/large', new Uint8Array(1_048_000))).path).toBe('/large');
  });

  test('removing returns what is needed to make the node again', async () => {
    await create('/gone-soon', new Uint8Array([7]));
    const acl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
    expect(await api.znodes.remove({ connectionId, path: '/gone-soon', version: 0 })).toMatchObject({
      data: new Uint8Array([7]),
      acl,
      stat: { version: 0, dataLength: 1 },
    });
    expect(
      await failureOf(api.znodes.remove({ connectionId, path: '/gone-soon', version: -1 })),
    ).toMatchObject({ code: 'NONODE' });
  });

  test('an ACL that shuts us out is told as such, and the node can still be deleted', async () => {
    const { id } = await api.znodes.digest({ user: 'eve', password: 'x' });
    expect(id).toMatch(/^eve:.{28}$/);
    await create('/shut');
    await api.znodes.setAcl({
      connectionId,
      path: '/shut',
      acl: [{ perms: 31, scheme: 'digest', id }],
      aversion: 0,
    });
    expect(await failureOf(api.znodes.get({ connectionId, path: '/shut' }))).toMatchObject({
      code: 'NOAUTH',
    });
    expect(await api.znodes.remove({ connectionId, path: '/shut', version: -1 })).toMatchObject({
      data: null,
      acl: [],
    });
  });

  test('a path that breaks the rules is named, and input off the contract is a bug', async () => {
    expect(await failureOf(api.znodes.get({ connectionId, path: 'no-slash' }))).toMatchObject({
      code: 'BAD_PATH',
    });
    expect(await failureOf(api.znodes.get({ connectionId, path: '' }))).toMatchObject({ code: 'BUG' });
  });

  test("ZooKeeper's own nodes are not deleted recursively", async () => {
    expect(
      await failureOf(api.jobs.startDeleteRecursive({ connectionId, path: '/zookeeper/quota' })),
    ).toMatchObject({
      code: 'BADARGUMENTS',
    });
    expect(await failureOf(api.jobs.follow({ jobId: 'nobody' }))).toMatchObject({ code: 'JOB_UNKNOWN' });
  });
});

describe('watches', () => {
  test('a change by another client reaches tree and events', async () => {
    await create('/live');
    await api.watches.observe({ connectionId, paths: ['/live'] });
    await api.watches.watchSubtree({ connectionId, path: '/live' });
    const changes = await api.watches.changes({ connectionId });
    const events = await api.watches.events({ connectionId });
    const other = new ZooKeeperClient({ connectString: servers });
    await other.connect();
    await other.create('/live/child');
    await other.close();
    const seen = new Set<string>();
    await until(changes, (batch) => {
      for (const { kind, path } of batch.changes) seen.add(`${kind} ${path}`);
      return seen.has('children /live') && seen.has('created /live/child');
    });
    await until(events, (batch) =>
      batch.events.some(({ type, path }) => type === 'NodeCreated' && path === '/live/child'),
    );
    const [subtree] = await until(
      await api.watches.subtrees({ connectionId }),
      ([first]) => (first?.eventCount ?? 0) > 0,
    );
    expect(subtree).toMatchObject({ path: '/live', isLive: true });
  });

  test('an event has the zxid of its transaction, though the server does not say it', async () => {
    await create('/dated');
    await api.watches.watchSubtree({ connectionId, path: '/dated' });
    const other = new ZooKeeperClient({ connectString: servers });
    await other.connect();
    const made = await other.create('/dated/child');
    const written = await other.setData('/dated/child', new Uint8Array([1]));
    // So that the Stat is read before the next change.
    const listed = async (count: number): Promise<EventDto[]> => {
      const found: EventDto[] = [];
      await until(await api.watches.events({ connectionId }), ({ events }) => {
        found.push(...events.filter(({ path }) => path === '/dated/child'));
        return found.length >= count;
      });
      return found;
    };
    await listed(2);
    await other.delete('/dated/child');
    const { stat: parent } = await other.getData('/dated');
    await other.close();
    const [created, changed, deleted] = await listed(3);
    expect(created?.zxid).toBe(zxidToHex(made.stat.czxid));
    expect(changed?.zxid).toBe(zxidToHex(written.mzxid));
    expect(deleted?.zxid).toBe(zxidToHex(parent.pzxid));
    await api.watches.unwatchSubtree({ connectionId, path: '/dated' });
  });

  test('what changed between a read and its watch is not lost', async () => {
    await create('/between');
    await api.znodes.get({ connectionId, path: '/between' });
    const changes = await api.watches.changes({ connectionId });
    const other = new ZooKeeperClient({ connectString: servers });
    await other.connect();
    await other.setData('/between', null);
    await other.close();
    await api.watches.observe({ connectionId, paths: ['/between'] });
    await until(changes, (batch) =>
      batch.changes.some(({ kind, path }) => kind === 'data' && path === '/between'),
    );
  });
});

describe('sessions and cluster', () => {
  test('our own session is in the list, with its ephemerals', async () => {
    const { sessions, hidden, servers: asked } = await api.sessions.list({ connectionId });
    const own = sessions.find(({ isOwn }) => isOwn);
    expect(own).toMatchObject({ server: servers, serverRole: 'standalone', timeoutMs: 30_000 });
    expect(own?.expiresAtMs).toBeGreaterThan(Date.now());
    expect([hidden, asked]).toEqual([[], [servers]]);
  });

  test('a server that does not answer is a row with its failure; no session is needed', async () => {
    const { connectionId: id } = await api.connections.save({ draft: draftOf(`${servers},127.0.0.1:1`) });
    const { servers: rows } = await api.cluster.sample({ connectionId: id });
    expect(rows.map(({ role, isServing, failure }) => [role, isServing, failure?.code])).toEqual([
      ['standalone', true, undefined],
      [null, false, 'CONNECTION_REFUSED'],
    ]);
    expect(rows[0]?.mntr?.zk_server_state).toBe('standalone');
  });
});

describe('local servers', () => {
  test('stops, starts again on its port, and is named when its port is taken', async () => {
    const first = await api.ensembles.create({ servers: 1, clientPort: await findFreePort() });
    expect(first).toMatchObject({ state: 'running', name: 'local-1' });
    const [{ clientPort, pid } = fail()] = first.servers;
    expect(await failureOf(api.ensembles.create({ servers: 1, clientPort }))).toMatchObject({
      code: 'PORT_IN_USE',
    });
    expect((await api.ensembles.stop({ ensembleId: first.ensembleId })).state).toBe('stopped');
    expect(isAlive(pid!)).toBe(false);
    const again = await api.ensembles.start({ ensembleId: first.ensembleId });
    expect(again).toMatchObject({ state: 'running', servers: [{ clientPort }] });
    process.kill(again.servers[0]!.pid!, 'SIGKILL');
    const failed = await until(await api.ensembles.list(), (list) =>
      list.some(({ state }) => state === 'failed'),
    );
    expect(failed.find(({ ensembleId }) => ensembleId === first.ensembleId)?.failure?.code).toBe(
      'LOCAL_SERVER_FAILED',
    );
    await api.connections.remove({ connectionId: first.connectionId });
    const list = await until(await api.ensembles.list(), () => true);
    expect(list.map(({ name }) => name)).toEqual(['test']);
  });

  test('data outlives its server, and goes with the profile', async () => {
    const started = await api.ensembles.create({ servers: 1, clientPort: Number(servers.split(':')[1]) + 2 });
    const { ensembleId, connectionId: id } = started;
    const folder = path.join(shell.folder, 'data', 'local-servers', ensembleId);
    await api.connections.open({ connectionId: id });
    await connected(id);
    await create('/kept', new Uint8Array([7]), id);
    await api.connections.close({ connectionId: id });
    await api.ensembles.stop({ ensembleId });
    await api.ensembles.start({ ensembleId });
    await api.connections.open({ connectionId: id });
    await connected(id);
    expect((await api.znodes.get({ connectionId: id, path: '/kept' })).data).toEqual(new Uint8Array([7]));
    expect(existsSync(folder)).toBe(true);
    await api.connections.remove({ connectionId: id });
    expect(existsSync(folder)).toBe(false);
  });

  test('a setting that the server does not know leaves nothing behind', async () => {
    const profiles = (await api.connections.list()).length;
    expect(await failureOf(api.ensembles.create({ servers: 1, config: { nonsense: '1' } }))).toMatchObject({
      code: 'LOCAL_SERVER_FAILED',
    });
    expect(await api.connections.list()).toHaveLength(profiles);
  });
});

test('settings and drafts', async () => {
  expect((await api.app.saveSettings({ theme: 'dark' })).theme).toBe('dark');
  expect(await failureOf(api.app.saveSettings({ treeWidth: 1 }))).toMatchObject({ code: 'BUG' });
  const draft = {
    connectionId,
    path: '/d',
    baseVersion: 1,
    baseMzxid: '0x1',
    baseData: null,
    data: new Uint8Array([1]),
    editedAtMs: 5,
  };
  await api.app.saveDraft(draft);
  expect(await api.app.drafts({ connectionId })).toEqual([draft]);
  await api.app.discardDraft({ connectionId, path: '/d' });
  expect(await api.app.drafts({ connectionId })).toEqual([]);
  expect(await failureOf(api.app.saveDraft({ ...draft, connectionId: 'nobody' }))).toMatchObject({
    code: 'CONNECTION_UNKNOWN',
  });
});

test('the same router behind a MessagePort, as in Electron: bytes, streams, failures', async () => {
  const { port1, port2 } = new MessageChannel();
  const { stopShell, services } = await startServicesOnly();
  new RPCHandler(router, { customJsonSerializers, experimental_transfer: transferOf }).upgrade(port1, {
    context: joinPage(services).context,
  });
  const overPort: Api = createORPCClient(
    new RPCLink({ port: port2, customJsonSerializers, experimental_transfer: transferOf }),
  );
  const profile = await overPort.connections.save({ draft: draftOf(servers) });
  await overPort.connections.open({ connectionId: profile.connectionId });
  await until(await overPort.connections.statuses(), ([first]) => first?.state === 'connected');
  const at = { connectionId: profile.connectionId, path: '/over-port' };
  await overPort.znodes.create({ ...at, data: new Uint8Array([1, 255]), acl: OPEN_ACL, mode: 'PERSISTENT' });
  expect((await overPort.znodes.get(at)).data).toEqual(new Uint8Array([1, 255]));
  expect(await failureOf(overPort.znodes.get({ ...at, path: '/nope' }))).toMatchObject({ code: 'NONODE' });
  port2.close();
  await stopShell();
});

async function startServicesOnly() {
  const { createServices, stopServices } = await import('../../../electron/services/services.ts');
  const { openStores } = await import('../../../electron/stores/stores.ts');
  const { silentLog: log } = await import('../../../electron/log.ts');
  const { mkdtempSync, rmSync } = await import('node:fs');
  const dataFolder = mkdtempSync(`${shell.folder}/port-`);
  const stores = openStores({ dataFolder, vault: undefined, log });
  const services = createServices({ stores, identity: { version: '0', shell: 'electron' }, log });
  return {
    services,
    stopShell: async () => {
      await stopServices(services);
      stores.close();
      rmSync(dataFolder, { recursive: true });
    },
  };
}

function fail(): never {
  throw new Error('an ensemble has servers');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

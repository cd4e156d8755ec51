/** Containers and nodes with a time to live (PROTOCOL.md 2.4, 7.7). */
import { expect, test } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create, create2, createContainer, createTTL } from '../../shared/protocol/create.ts';
import { TTL_MS_MAX } from '../../shared/protocol/create-mode.ts';
import { waitFor } from '../support/wait.ts';
import { BENCH_CONFIG, bytes, conformance, eventLog, expectCode } from './bench.ts';

const CHECK_INTERVAL_MS = 100;
const CONFIG = { ...BENCH_CONFIG, 'znode.container.checkIntervalMs': String(CHECK_INTERVAL_MS) };
const UNTYPED = { data: null, acl: OPEN_ACL_UNSAFE };

conformance('containers and TTL', CONFIG, (bench) => {
  test('container: goes some time after its last child', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path, { mode: 'CONTAINER' });
    await client.create(`${path}/a`);
    await client.create(`${path}/b`);
    await client.delete(`${path}/a`);
    expect(await client.exists(path)).not.toBeNull();
    await client.delete(`${path}/b`);
    await waitFor('the container goes', async () => (await client.exists(path)) === null);
  });

  test('container: stays while it was never used', async () => {
    const client = await bench.connect();
    const [unused, used] = [bench.freshPath(), bench.freshPath()];
    await client.create(unused, { mode: 'CONTAINER' });
    await client.create(used, { mode: 'CONTAINER' });
    await client.create(`${used}/a`);
    await client.delete(`${used}/a`);
    // The other one's end shows that the reaper has been here.
    await waitFor('the used container goes', async () => (await client.exists(used)) === null);
    expect(await client.exists(unused)).not.toBeNull();
  });

  test('container: fires NodeDeleted', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path, { mode: 'CONTAINER' });
    await client.create(`${path}/a`, { mode: 'EPHEMERAL' });
    const log = eventLog();
    await client.exists(path, { watch: log.listener });
    await client.delete(`${path}/a`);
    await log.reach(1);
    expect(log.lines).toEqual([`NodeDeleted ${path}`]);
  });

  test('container: can be deleted by hand, and holds data', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const { stat } = await client.create(path, { mode: 'CONTAINER', data: bytes('x') });
    expect(stat).toMatchObject({ dataLength: 1, version: 0 });
    expect((await client.setData(path, bytes('yy'))).version).toBe(1);
    await client.delete(path);
  });

  test('TTL: goes when its time is over', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const startMs = performance.now();
    await client.create(path, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 300 });
    expect(await client.exists(path)).not.toBeNull();
    await waitFor('the node goes', async () => (await client.exists(path)) === null);
    expect(performance.now() - startMs).toBeGreaterThan(290);
  });

  test('TTL: a long one stays', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/short`, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 1 });
    await client.create(`${base}/long`, { mode: 'PERSISTENT_WITH_TTL', ttlMs: TTL_MS_MAX });
    await waitFor('the short one goes', async () => (await client.exists(`${base}/short`)) === null);
    expect(await client.exists(`${base}/long`)).not.toBeNull();
  });

  test('TTL: children keep the node alive', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 300 });
    await client.create(`${path}/child`);
    const other = bench.freshPath();
    await client.create(other, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 400 });
    await waitFor('the childless one goes', async () => (await client.exists(other)) === null);
    expect(await client.exists(path)).not.toBeNull();
    await client.delete(`${path}/child`);
    await waitFor('the node goes', async () => (await client.exists(path)) === null);
  });

  test('TTL: new data begins the time anew', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 1_000 });
    const startMs = performance.now();
    await waitFor('half the time passes', () => performance.now() - startMs > 600);
    await client.setData(path, null);
    const changedMs = performance.now();
    await waitFor('the node goes', async () => (await client.exists(path)) === null);
    expect(performance.now() - changedMs).toBeGreaterThan(950);
  });

  test.each([0, -1, TTL_MS_MAX + 1])('TTL: %i ms is BADARGUMENTS', async (ttlMs) => {
    const client = await bench.connect();
    const options = { mode: 'PERSISTENT_WITH_TTL', ttlMs } as const;
    await expectCode(client.create(bench.freshPath(), options), 'BADARGUMENTS');
  });

  test('the client: a TTL belongs to the TTL modes only', async () => {
    const client = await bench.connect();
    await expectCode(client.create(bench.freshPath(), { mode: 'PERSISTENT_WITH_TTL' }), 'BAD_VALUE');
    await expectCode(client.create(bench.freshPath(), { mode: 'PERSISTENT', ttlMs: 5 }), 'BAD_VALUE');
  });

  test.each([
    ['create with a TTL flag', create, 5],
    ['create2 with a TTL flag', create2, 6],
    ['create with an unknown flag', create, 9],
    ['create with a negative flag', create2, -1],
    ['createContainer with a TTL flag', createContainer, 5],
  ] as const)('wire: %s is BADARGUMENTS', async (_what, operation, flags) => {
    const raw = await bench.rawConnect();
    expect((await raw.request(1, operation, { ...UNTYPED, path: bench.freshPath(), flags })).err).toBe(-8);
  });

  test.each([0, 1, 4])('wire: createTTL with the flag %i is BADARGUMENTS', async (flags) => {
    const raw = await bench.rawConnect();
    const request = { ...UNTYPED, path: bench.freshPath(), flags, ttlMs: 1000n };
    expect((await raw.request(1, createTTL, request)).err).toBe(-8);
  });

  test('wire: the op without Stat makes ephemeral and sequential nodes too', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    const reply = await raw.request(1, create, { ...UNTYPED, path, flags: 3 });
    expect(reply.err).toBe(0);
    expect(create.decodeResponse(reply.body).path).toMatch(new RegExp(`^${path}\\d{10}$`));
    expect(reply.body.remaining).toBe(0);
  });
});

conformance('without extended types', { ...BENCH_CONFIG, extendedTypesEnabled: 'false' }, (bench) => {
  test('TTL: is UNIMPLEMENTED, the connection stays', async () => {
    const client = await bench.connect();
    const options = { mode: 'PERSISTENT_WITH_TTL', ttlMs: 1000 } as const;
    await expectCode(client.create(bench.freshPath(), options), 'UNIMPLEMENTED');
    expect(client.facts.state).toBe('connected');
  });

  test('containers need no extended types', async () => {
    const client = await bench.connect();
    await client.create(bench.freshPath(), { mode: 'CONTAINER' });
  });
});

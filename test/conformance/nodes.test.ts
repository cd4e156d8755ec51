/** Creating, reading, changing and deleting znodes (PROTOCOL.md 2.4, 7.2). */
import { expect, test } from 'vitest';
import { READ_ACL_UNSAFE } from '../../shared/acl.ts';
import { getChildren } from '../../shared/protocol/get-children.ts';
import { type TargetName, BENCH_CONFIG, bytes, conformance, expectCode, text } from './bench.ts';

/** In /zookeeper/config. */
const SERVERS: Readonly<Record<TargetName, number>> = {
  apache: 0,
  builtin: 0,
  'builtin-3': 3,
  'builtin-3+2': 5,
  'builtin-3-leader-killed': 3,
};

conformance('nodes', BENCH_CONFIG, (bench) => {
  test('create: answers with the path and a Stat of one zxid', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const { path: created, stat } = await client.create(path, { data: bytes('x') });
    expect(created).toBe(path);
    expect(stat.czxid).toBeGreaterThan(0n);
    expect([stat.mzxid, stat.pzxid]).toEqual([stat.czxid, stat.czxid]);
  });

  test('create: null and empty data stay two things', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/null`, { data: null });
    await client.create(`${base}/empty`, { data: new Uint8Array(0) });
    expect((await client.getData(`${base}/null`)).data).toBeNull();
    expect((await client.getData(`${base}/empty`)).data).toEqual(new Uint8Array(0));
  });

  test('create: an existing node is NODEEXISTS', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const error = await expectCode(client.create(path), 'NODEEXISTS');
    expect(error.context.path).toBe(path);
  });

  test('create: a missing parent is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.create(`${bench.freshPath()}/child`), 'NONODE');
  });

  test('create: below an ephemeral node is NOCHILDRENFOREPHEMERALS', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path, { mode: 'EPHEMERAL' });
    await expectCode(client.create(`${path}/child`), 'NOCHILDRENFOREPHEMERALS');
  });

  test('create: the root is NODEEXISTS', async () => {
    const client = await bench.connect();
    await expectCode(client.create('/'), 'NODEEXISTS');
  });

  test('create: an empty ACL is INVALIDACL', async () => {
    const client = await bench.connect();
    await expectCode(client.create(bench.freshPath(), { acl: [] }), 'INVALIDACL');
  });

  test('create: below /zookeeper is allowed', async () => {
    const client = await bench.connect();
    const path = `/zookeeper${bench.freshPath()}`;
    await client.create(path);
    expect(await client.exists(path)).not.toBeNull();
    await client.delete(path);
  });

  test('create: an ephemeral node belongs to its session, a persistent one to nobody', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const ephemeral = await client.create(`${base}/e`, { mode: 'EPHEMERAL' });
    const persistent = await client.create(`${base}/p`);
    expect(ephemeral.stat.ephemeralOwner).toBe(client.facts.sessionId);
    expect(persistent.stat.ephemeralOwner).toBe(0n);
  });

  test('create: a parent without CREATE is looked at before the node itself', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    await client.create(path);
    await client.create(`${path}/child`);
    await client.setAcl(path, READ_ACL_UNSAFE);
    await expectCode(client.create(`${path}/child`), 'NOAUTH');
  });

  test('create: unlike names are kept byte for byte', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const names = ['with space', 'ünïcödé', '中文', '...', '.hidden', 'a:b*c?', 'ﬀ'];
    for (const name of names) await client.create(`${base}/${name}`, { data: bytes(name) });
    const { children } = await client.getChildren(base);
    expect([...children].sort()).toEqual([...names].sort());
    for (const name of names) expect(text((await client.getData(`${base}/${name}`)).data)).toBe(name);
  });

  test('delete: removes the node', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.delete(path);
    expect(await client.exists(path)).toBeNull();
  });

  test('delete: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.delete(bench.freshPath()), 'NONODE');
  });

  test('delete: below a missing parent is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.delete(`${bench.freshPath()}/child`), 'NONODE');
  });

  test('delete: a node with children is NOTEMPTY', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/child`);
    await expectCode(client.delete(path), 'NOTEMPTY');
  });

  test('delete: the version must be the node’s', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.setData(path, null);
    await expectCode(client.delete(path, { version: 0 }), 'BADVERSION');
    await client.delete(path, { version: 1 });
  });

  test('delete: the version counts before the children', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/child`);
    await expectCode(client.delete(path, { version: 7 }), 'BADVERSION');
  });

  test.each(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config'])(
    'delete: %s is BADARGUMENTS',
    async (path) => {
      const client = await bench.connect();
      await expectCode(client.delete(path), 'BADARGUMENTS');
    },
  );

  test('exists: null for a missing node, a Stat for one that is there', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    expect(await client.exists(path)).toBeNull();
    const { stat } = await client.create(path);
    expect(await client.exists(path)).toEqual(stat);
  });

  test('getData: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.getData(bench.freshPath()), 'NONODE');
  });

  test('getData: every byte value comes back', async () => {
    const client = await bench.connect();
    const data = Uint8Array.from({ length: 4096 }, (_, at) => at % 256);
    const path = await bench.freshNode(client, data);
    expect((await client.getData(path)).data).toEqual(data);
  });

  test('getData: a million bytes come back', async () => {
    const client = await bench.connect();
    const data = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at * 31) % 251);
    const path = await bench.freshNode(client, data);
    const read = await client.getData(path);
    expect(read.stat.dataLength).toBe(1_000_000);
    expect(Buffer.compare(read.data ?? new Uint8Array(0), data)).toBe(0);
  });

  test('setData: replaces the data and counts the version', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client, bytes('one'));
    const stat = await client.setData(path, bytes('second'));
    expect([stat.version, stat.dataLength]).toEqual([1, 6]);
    expect(text((await client.getData(path)).data)).toBe('second');
  });

  test('setData: to null', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client, bytes('one'));
    const stat = await client.setData(path, null);
    expect(stat.dataLength).toBe(0);
    expect((await client.getData(path)).data).toBeNull();
  });

  test('setData: the same data is a change all the same', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client, bytes('same'));
    expect((await client.setData(path, bytes('same'))).version).toBe(1);
  });

  test('setData: the version must be the node’s', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await expectCode(client.setData(path, null, { version: 1 }), 'BADVERSION');
    expect((await client.setData(path, null, { version: 0 })).version).toBe(1);
  });

  test('setData: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.setData(bench.freshPath(), null), 'NONODE');
  });

  test('setData: the root has data too', async () => {
    const client = await bench.connect();
    await client.setData('/', bytes('root'));
    expect(text((await client.getData('/')).data)).toBe('root');
    await client.setData('/', new Uint8Array(0));
  });

  test('getChildren: names and the Stat of the node', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/b`);
    await client.create(`${path}/a`);
    await client.create(`${path}/a/deep`);
    const { children, stat } = await client.getChildren(path);
    expect([...children].sort()).toEqual(['a', 'b']);
    expect(stat).toEqual(await client.exists(path));
  });

  test('getChildren: none', async () => {
    const client = await bench.connect();
    expect((await client.getChildren(await bench.freshNode(client))).children).toEqual([]);
  });

  test('getChildren: of a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.getChildren(bench.freshPath()), 'NONODE');
  });

  test('getChildren: the root shows zookeeper, which holds config and quota', async () => {
    const client = await bench.connect();
    expect((await client.getChildren('/')).children).toContain('zookeeper');
    expect([...(await client.getChildren('/zookeeper')).children].sort()).toEqual(['config', 'quota']);
  });

  test('getChildren: the older op without Stat gives the same names', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    const raw = await bench.rawConnect();
    const reply = await raw.request(1, getChildren, { path, watch: false });
    expect(reply.err).toBe(0);
    expect(getChildren.decodeResponse(reply.body).children).toEqual(['a']);
    expect(reply.body.remaining).toBe(0);
  });

  test('getAllChildrenNumber: counts descendants of all depths', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    expect(await client.getAllChildrenNumber(path)).toBe(0);
    await client.create(`${path}/a`);
    await client.create(`${path}/a/b`);
    await client.create(`${path}/c`);
    expect(await client.getAllChildrenNumber(path)).toBe(3);
  });

  test('getAllChildrenNumber: a name that only begins alike does not count', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}x`);
    await client.create(`${path}x/y`);
    expect(await client.getAllChildrenNumber(path)).toBe(0);
  });

  test('getAllChildrenNumber: the root counts every node but itself', async () => {
    const client = await bench.connect();
    const before = await client.getAllChildrenNumber('/');
    await bench.freshNode(client);
    expect(await client.getAllChildrenNumber('/')).toBe(before + 1);
    expect(before).toBeGreaterThanOrEqual(3);
  });

  test('getAllChildrenNumber: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.getAllChildrenNumber(bench.freshPath()), 'NONODE');
  });

  test('getEphemerals: the session’s own, by prefix', async () => {
    const client = await bench.connect();
    const other = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/one`, { mode: 'EPHEMERAL' });
    await client.create(`${base}/two`, { mode: 'EPHEMERAL' });
    await client.create(`${base}/kept`);
    await other.create(`${base}/foreign`, { mode: 'EPHEMERAL' });
    expect([...(await client.getEphemerals())].sort()).toEqual([`${base}/one`, `${base}/two`]);
    expect(await client.getEphemerals(`${base}/o`)).toEqual([`${base}/one`]);
    expect(await client.getEphemerals('/nowhere')).toEqual([]);
  });

  test('sync: answers for any path, there or not', async () => {
    const client = await bench.connect();
    await client.sync('/');
    await client.sync(bench.freshPath());
  });

  test('getConfig: names every server of an ensemble, and is empty for one that stands alone', async () => {
    const client = await bench.connect();
    const { data, stat } = await client.getConfig();
    const lines = text(data).split('\n');
    expect(lines.filter((line) => line.startsWith('server.'))).toHaveLength(SERVERS[bench.target]);
    if (SERVERS[bench.target] === 0) expect(text(data)).toBe('');
    expect(stat.aversion).toBe(-1);
  });

  test('reconfig: is disabled', async () => {
    const client = await bench.connect();
    const nothing = { joiningServers: null, leavingServers: '1', newMembers: null, curConfigId: -1n };
    await expectCode(client.reconfig(nothing), 'RECONFIGDISABLED');
  });

  test('order: pipelined requests are answered in the order of the calls', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 500 }, async (_, at) => {
        await (at % 3 === 0 ? client.setData(path, bytes(String(at))) : client.getData(path));
        order.push(at);
      }),
    );
    expect(order).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  test('order: a read behind a write sees it, with failures in between', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const reads = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const write = client.setData(path, bytes(String(at)));
        const failure = expectCode(client.delete(path, { version: 999_999 }), 'BADVERSION');
        const read = client.getData(path);
        const [, , { data }] = await Promise.all([write, failure, read]);
        return text(data);
      }),
    );
    expect(reads).toEqual(Array.from({ length: 50 }, (_, at) => String(at)));
  });

  test('order: sync and read see what another client wrote', async () => {
    const writer = await bench.connect();
    const reader = await bench.connect();
    const path = await bench.freshNode(writer);
    await writer.setData(path, bytes('new'));
    const [, read] = await Promise.all([reader.sync(path), reader.getData(path)]);
    expect(text(read.data)).toBe('new');
  });

  test('chroot: paths go in and come out without it', async () => {
    const outside = await bench.connect();
    const chroot = await bench.freshNode(outside);
    const inside = await bench.connect({ connectString: `${bench.server.connectString}${chroot}` });
    expect((await inside.create('/a')).path).toBe('/a');
    expect((await inside.create('/s-', { mode: 'EPHEMERAL_SEQUENTIAL' })).path).toBe('/s-0000000001');
    expect((await inside.create('/', { mode: 'PERSISTENT_SEQUENTIAL' })).path).toBe('/0000000002');
    expect(await inside.getEphemerals()).toEqual(['/s-0000000001']);
    expect(await outside.exists(`${chroot}/a`)).toEqual(await inside.exists('/a'));
    expect((await inside.getChildren('/')).stat.numChildren).toBe(3);
  });

  test('chroot: one that does not exist is NONODE for every create', async () => {
    const client = await bench.connect({
      connectString: `${bench.server.connectString}${bench.freshPath()}`,
    });
    await expectCode(client.create('/a'), 'NONODE');
  });
});

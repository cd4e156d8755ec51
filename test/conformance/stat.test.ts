/** What each operation does to the Stat of a node and of its parent, and which operations take a zxid (PROTOCOL.md 7.3, 7.4). */
import { expect, test } from 'vitest';
import { OPEN_ACL_UNSAFE, Perms, ANYONE } from '../../shared/acl.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import { BENCH_CONFIG, bytes, conformance, expectCode } from './bench.ts';

async function statOf(client: ZooKeeperClient, path: string): Promise<Stat> {
  return (await client.getData(path)).stat;
}

conformance('stat', BENCH_CONFIG, (bench) => {
  test('a new node: versions and counts are 0, times are now', async () => {
    const client = await bench.connect();
    const before = Date.now();
    const { stat } = await client.create(bench.freshPath(), { data: bytes('four') });
    expect(stat).toMatchObject({ version: 0, cversion: 0, aversion: 0, numChildren: 0, dataLength: 4 });
    expect(stat.mtime).toBe(stat.ctime);
    expect(Math.abs(Number(stat.ctime) - before)).toBeLessThan(60_000);
  });

  test('setData: version, mzxid, mtime and dataLength change, nothing else', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    const stat = await client.setData(path, bytes('data'));
    expect(stat.mzxid).toBeGreaterThan(created.mzxid);
    expect(stat.mtime).toBeGreaterThanOrEqual(created.mtime);
    expect(stat).toEqual({ ...created, version: 1, mzxid: stat.mzxid, mtime: stat.mtime, dataLength: 4 });
  });

  test('setAcl: aversion changes, nothing else', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    const stat = await client.setAcl(path, [{ perms: Perms.ALL, id: ANYONE }]);
    expect(stat).toEqual({ ...created, aversion: 1 });
  });

  test('setAcl: to the same list counts as well', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.setAcl(path, OPEN_ACL_UNSAFE);
    expect((await client.setAcl(path, OPEN_ACL_UNSAFE)).aversion).toBe(2);
  });

  test('a child’s creation: cversion, pzxid and numChildren of the parent change, nothing else', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    const child = await client.create(`${path}/child`);
    const expected = { ...created, cversion: 1, numChildren: 1, pzxid: child.stat.czxid };
    expect(await statOf(client, path)).toEqual(expected);
  });

  test('a child’s deletion: cversion counts on, numChildren back, pzxid is the deletion’s', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    const child = await client.create(`${path}/child`);
    await client.delete(child.path);
    const stat = await statOf(client, path);
    expect(stat).toEqual({ ...created, cversion: 2, pzxid: stat.pzxid });
    expect(stat.pzxid).toBe(client.facts.lastZxidSeen);
    expect(stat.pzxid).toBeGreaterThan(child.stat.czxid);
  });

  test('cversion: creations plus deletions', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    for (const name of ['a', 'b', 'c']) await client.create(`${path}/${name}`);
    for (const name of ['a', 'b']) await client.delete(`${path}/${name}`);
    expect(await statOf(client, path)).toMatchObject({ cversion: 5, numChildren: 1 });
  });

  test('a child’s new data and a grandchild do not touch the node', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/child`);
    const before = await statOf(client, path);
    await client.setData(`${path}/child`, bytes('x'));
    await client.create(`${path}/child/grandchild`);
    expect(await statOf(client, path)).toEqual(before);
  });

  test('a node created anew starts again', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const before = await client.setData(path, null);
    await client.delete(path);
    const { stat } = await client.create(path);
    expect(stat.version).toBe(0);
    expect(stat.czxid).toBeGreaterThan(before.mzxid);
  });

  test('containers and TTL nodes show no owner', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const container = await client.create(`${base}/c`, { mode: 'CONTAINER' });
    const ttl = await client.create(`${base}/t`, { mode: 'PERSISTENT_WITH_TTL', ttlMs: 100_000 });
    expect([container.stat.ephemeralOwner, ttl.stat.ephemeralOwner]).toEqual([0n, 0n]);
  });

  test('the root: its own zxids stay 0, children count', async () => {
    const client = await bench.connect();
    await bench.freshNode(client);
    const stat = await statOf(client, '/');
    expect([stat.czxid, stat.ctime, stat.ephemeralOwner]).toEqual([0n, 0n, 0n]);
    expect(stat.pzxid).toBe(client.facts.lastZxidSeen);
    expect(stat.numChildren).toBe((await client.getChildren('/')).children.length);
  });

  test('zxids: one for each write', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    const changed = await client.setData(path, null);
    expect(changed.mzxid).toBe(created.czxid + 1n);
  });

  test('zxids: a failed write takes one too', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    await expectCode(client.setData(path, null, { version: 5 }), 'BADVERSION');
    const changed = await client.setData(path, null);
    expect(changed.mzxid).toBe(created.czxid + 2n);
  });

  test('zxids: reads, sync and auth take none', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    await client.getData(path);
    await client.getChildren(path);
    await client.exists(`${path}/missing`);
    await client.sync(path);
    await client.addAuth({ scheme: 'digest', auth: bytes('u:p') });
    await client.whoAmI();
    expect((await client.setData(path, null)).mzxid).toBe(created.czxid + 1n);
  });

  test('zxids: a new session takes one', async () => {
    const client = await bench.connect();
    const { path, stat: created } = await client.create(bench.freshPath());
    await bench.rawConnect();
    expect((await client.setData(path, null)).mzxid).toBe(created.czxid + 2n);
  });

  test('zxids: all ephemerals of a closed session go with one', async () => {
    const client = await bench.connect();
    const owner = await bench.connect();
    const path = await bench.freshNode(client);
    await owner.create(`${path}/a`, { mode: 'EPHEMERAL' });
    await owner.create(`${path}/b`, { mode: 'EPHEMERAL' });
    const { stat: last } = await owner.create(`${path}/c`, { mode: 'EPHEMERAL' });
    await owner.close();
    const stat = await statOf(client, path);
    expect(stat).toMatchObject({ numChildren: 0, cversion: 6, pzxid: last.czxid + 1n });
  });

  test('a reply carries the zxid that its server has applied', async () => {
    const client = await bench.connect();
    const reader = await bench.connect();
    const { path, stat } = await client.create(bench.freshPath());
    expect(client.facts.lastZxidSeen).toBe(stat.czxid);
    await reader.getData(path);
    expect(reader.facts.lastZxidSeen).toBeGreaterThanOrEqual(stat.czxid);
  });
});

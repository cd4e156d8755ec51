/**
 * Persistent and recursive watches (PROTOCOL.md 2.9), and that the client keeps them apart from one-shot ones although a
 * server of 3.8 has one mode per connection and path.
 */
import { expect, test } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create2 } from '../../shared/protocol/create.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { setWatches2 } from '../../shared/protocol/set-watches.ts';
import { AddWatchMode, addWatch, removeWatches } from '../../shared/protocol/watch-ops.ts';
import { decodeWatcherEvent } from '../../shared/protocol/watcher-event.ts';
import type { RawClient } from '../support/raw-client.ts';
import { BENCH_CONFIG, conformance, eventLog, throughReconnect } from './bench.ts';

conformance('persistent watches', BENCH_CONFIG, (bench) => {
  /** Sends a setData and tells which event types precede its reply. */
  async function eventsOfSetData(raw: RawClient, xid: number, path: string): Promise<number[]> {
    const types: number[] = [];
    let reply = await raw.request(xid, setData, { path, data: null, version: -1 });
    while (reply.xid === -1) {
      types.push(decodeWatcherEvent(reply.body).type);
      reply = await raw.nextReply();
    }
    expect(reply).toMatchObject({ xid, err: 0 });
    return types;
  }

  test('persistent: hears everything about its node, again and again', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const log = eventLog();
    await client.addWatch(path, 'persistent', log.listener);
    await client.create(path);
    await client.setData(path, null);
    await client.create(`${path}/a`);
    await client.delete(`${path}/a`);
    await client.setData(path, null);
    await client.delete(path);
    await client.create(path);
    expect(log.lines).toEqual([
      `NodeCreated ${path}`,
      `NodeDataChanged ${path}`,
      `NodeChildrenChanged ${path}`,
      `NodeChildrenChanged ${path}`,
      `NodeDataChanged ${path}`,
      `NodeDeleted ${path}`,
      `NodeCreated ${path}`,
    ]);
  });

  test('persistent: hears nothing of its children’s data and its grandchildren', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    const log = eventLog();
    await client.addWatch(path, 'persistent', log.listener);
    await client.setData(`${path}/a`, null);
    await client.create(`${path}/a/b`);
    expect(log.lines).toEqual([]);
  });

  test('recursive: hears of all descendants, never NodeChildrenChanged', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.addWatch(path, 'persistentRecursive', log.listener);
    await client.setData(path, null);
    await client.create(`${path}/a`);
    await client.create(`${path}/a/b`);
    await client.setData(`${path}/a/b`, null);
    await client.delete(`${path}/a/b`);
    await client.delete(`${path}/a`);
    expect(log.lines).toEqual([
      `NodeDataChanged ${path}`,
      `NodeCreated ${path}/a`,
      `NodeCreated ${path}/a/b`,
      `NodeDataChanged ${path}/a/b`,
      `NodeDeleted ${path}/a/b`,
      `NodeDeleted ${path}/a`,
    ]);
  });

  test('recursive: a sibling whose name begins alike is not below', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.addWatch(path, 'persistentRecursive', log.listener);
    await client.create(`${path}x`);
    await client.create(`${path}x/y`);
    expect(log.lines).toEqual([]);
  });

  test('recursive: of the root', async () => {
    const client = await bench.connect();
    const log = eventLog();
    await client.addWatch('/', 'persistentRecursive', log.listener);
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    expect(log.lines).toEqual([`NodeCreated ${path}`, `NodeCreated ${path}/a`]);
  });

  test('recursive: nested ones hear once each', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    const outer = eventLog();
    const inner = eventLog();
    const all = eventLog();
    client.onWatchEvent(all.listener);
    await client.addWatch(path, 'persistentRecursive', outer.listener);
    await client.addWatch(`${path}/a`, 'persistentRecursive', inner.listener);
    await client.setData(`${path}/a`, null);
    expect([outer.lines, inner.lines, all.lines]).toEqual(Array(3).fill([`NodeDataChanged ${path}/a`]));
  });

  test('wire: persistent below recursive: one notification for each change', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    const added = await raw.request(2, addWatch, { path: '/', mode: AddWatchMode.persistentRecursive });
    expect(added).toMatchObject({ xid: 2, err: 0 });
    expect([added.body.readInt(), added.body.remaining]).toEqual([0, 0]);
    await raw.request(3, addWatch, { path, mode: AddWatchMode.persistent });
    const child = { path: `${path}/k`, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 };
    const events = [await raw.request(4, create2, child), await raw.nextReply()];
    expect(events.map(({ body }) => decodeWatcherEvent(body))).toEqual([
      { type: 1, state: 3, path: `${path}/k` },
      { type: 4, state: 3, path },
    ]);
    expect(await raw.nextReply()).toMatchObject({ xid: 4 });
  });

  test('wire: a one-shot watch replaces a persistent one on the same path', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    await raw.request(2, addWatch, { path, mode: AddWatchMode.persistent });
    expect(await eventsOfSetData(raw, 3, path)).toEqual([3]);
    await raw.request(4, getData, { path, watch: true });
    expect(await eventsOfSetData(raw, 5, path)).toEqual([3]);
    expect(await eventsOfSetData(raw, 6, path)).toEqual([]);
  });

  test('wire: removing type any takes a persistent watch away', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    await raw.request(2, addWatch, { path, mode: AddWatchMode.persistent });
    expect((await raw.request(3, removeWatches, { path, type: 3 })).err).toBe(0);
    expect(await eventsOfSetData(raw, 4, path)).toEqual([]);
    expect((await raw.request(5, removeWatches, { path, type: 3 })).err).toBe(-121);
  });

  test('wire: setWatches2 registers persistent watches without firing them', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    const reply = await raw.request(-8, setWatches2, {
      relativeZxid: 0n as never,
      dataWatches: [],
      existWatches: [],
      childWatches: [],
      persistentWatches: [path],
      persistentRecursiveWatches: [],
    });
    expect(reply).toMatchObject({ xid: -8, err: 0 });
    expect(await eventsOfSetData(raw, 2, path)).toEqual([3]);
    expect(await eventsOfSetData(raw, 3, path)).toEqual([3]);
  });

  test('the client: one-shot watches do not harm a persistent one', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const persistent = eventLog();
    const oneShot = eventLog();
    await client.addWatch(path, 'persistent', persistent.listener);
    await client.getData(path, { watch: oneShot.listener });
    await client.getChildren(path, { watch: oneShot.listener });
    await client.setData(path, null);
    await client.setData(path, null);
    await client.create(`${path}/a`);
    await client.create(`${path}/b`);
    expect(oneShot.lines).toEqual([`NodeDataChanged ${path}`, `NodeChildrenChanged ${path}`]);
    expect(persistent.lines).toHaveLength(4);
  });

  test('the client: a persistent watch does not harm one-shot ones', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const oneShot = eventLog();
    const persistent = eventLog();
    await client.getData(path, { watch: oneShot.listener });
    await client.addWatch(path, 'persistent', persistent.listener);
    await client.setData(path, null);
    await client.setData(path, null);
    expect(oneShot.lines).toEqual([`NodeDataChanged ${path}`]);
    expect(persistent.lines).toHaveLength(2);
  });

  test.each([
    ['persistent', 'persistentRecursive'],
    ['persistentRecursive', 'persistent'],
  ] as const)('the client: %s and then %s on one path both hear all of theirs', async (first, second) => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const logs = { persistent: eventLog(), persistentRecursive: eventLog() };
    await client.addWatch(path, first, logs[first].listener);
    await client.addWatch(path, second, logs[second].listener);
    await client.create(`${path}/a`);
    await client.create(`${path}/a/b`);
    await client.setData(path, null);
    await client.delete(`${path}/a/b`);
    expect(logs.persistentRecursive.lines).toEqual([
      `NodeCreated ${path}/a`,
      `NodeCreated ${path}/a/b`,
      `NodeDataChanged ${path}`,
      `NodeDeleted ${path}/a/b`,
    ]);
    expect(logs.persistent.lines).toEqual([`NodeChildrenChanged ${path}`, `NodeDataChanged ${path}`]);
  });

  test.each([
    ['persistent', 'persistentRecursive'],
    ['persistentRecursive', 'persistent'],
  ] as const)('the client: disposing %s leaves %s alive', async (gone, stays) => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const lost = eventLog();
    const kept = eventLog();
    const subscription = await client.addWatch(path, gone, lost.listener);
    await client.addWatch(path, stays, kept.listener);
    subscription.dispose();
    await client.setData(path, null);
    await client.create(`${path}/a`);
    await client.setData(`${path}/a`, null);
    expect(lost.lines).toEqual([]);
    expect(kept.lines).toEqual(
      stays === 'persistent'
        ? [`NodeDataChanged ${path}`, `NodeChildrenChanged ${path}`]
        : [`NodeDataChanged ${path}`, `NodeCreated ${path}/a`, `NodeDataChanged ${path}/a`],
    );
  });

  test('the client: disposing a persistent watch leaves one-shot ones alive', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const persistent = eventLog();
    const oneShot = eventLog();
    const subscription = await client.addWatch(path, 'persistent', persistent.listener);
    await client.getData(path, { watch: oneShot.listener });
    subscription.dispose();
    await client.setData(path, null);
    expect([persistent.lines, oneShot.lines]).toEqual([[], [`NodeDataChanged ${path}`]]);
  });

  test('the client: after disposing the server has no watch left', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const all = eventLog();
    client.onWatchEvent(all.listener);
    const subscriptions = [
      await client.addWatch(path, 'persistent', () => undefined),
      await client.addWatch(path, 'persistentRecursive', () => undefined),
    ];
    for (const subscription of subscriptions) subscription.dispose();
    await client.setData(path, null);
    await client.create(`${path}/a`);
    expect(all.lines).toEqual([]);
    expect(client.facts.watchCount).toBe(0);
  });

  test('the client: two subscriptions with one function end each on its own', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    const first = await client.addWatch(path, 'persistent', log.listener);
    await client.addWatch(path, 'persistent', log.listener);
    await client.setData(path, null);
    first.dispose();
    await client.setData(path, null);
    expect(log.lines).toHaveLength(3);
  });

  test('removal: tells the listeners', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.addWatch(path, 'persistentRecursive', log.listener);
    await client.removeWatches(path);
    await client.setData(path, null);
    expect(log.lines).toEqual([`PersistentWatchRemoved ${path}`]);
  });

  test('reconnect: persistent and recursive watches go on; what was missed is not told', async () => {
    const other = await bench.connect();
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = await bench.freshNode(client);
    const persistent = eventLog();
    const recursive = eventLog();
    await client.addWatch(path, 'persistent', persistent.listener);
    await client.addWatch(`${path}/sub`, 'persistentRecursive', recursive.listener);
    await throughReconnect(
      client,
      () => {
        proxy.refuse();
      },
      async () => {
        await other.setData(path, null);
        await other.create(`${path}/sub`);
        proxy.accept();
      },
    );
    await client.sync(path);
    expect([persistent.lines, recursive.lines]).toEqual([[], []]);
    await client.create(`${path}/sub/a`);
    await client.setData(path, null);
    await client.setData(path, null);
    expect(recursive.lines).toEqual([`NodeCreated ${path}/sub/a`]);
    expect(persistent.lines).toEqual([`NodeDataChanged ${path}`, `NodeDataChanged ${path}`]);
  });

  test('chroot: recursive watches of its root hear relative paths', async () => {
    const outside = await bench.connect();
    const chroot = await bench.freshNode(outside);
    const client = await bench.connect({ connectString: `${bench.server.connectString}${chroot}` });
    const log = eventLog();
    await client.addWatch('/', 'persistentRecursive', log.listener);
    await outside.create(`${chroot}/a`);
    await outside.setData(chroot, null);
    await log.reach(2);
    expect(log.lines).toEqual(['NodeCreated /a', 'NodeDataChanged /']);
  });
});

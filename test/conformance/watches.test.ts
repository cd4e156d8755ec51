/** One-shot watches: which change fires which, order, removal, reconnect (PROTOCOL.md 2.8 to 2.10). */
import { expect, test } from 'vitest';
import { addWatch, checkWatches, removeWatches } from '../../shared/protocol/watch-ops.ts';
import { create2 } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { getChildren2 } from '../../shared/protocol/get-children.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { setWatches } from '../../shared/protocol/set-watches.ts';
import { decodeWatcherEvent } from '../../shared/protocol/watcher-event.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import type { RawReply } from '../support/raw-client.ts';
import { BENCH_CONFIG, bytes, conformance, eventLog, expectCode, text, throughReconnect } from './bench.ts';

function eventOf(reply: RawReply): string {
  expect(reply).toMatchObject({ xid: -1, err: 0, zxid: -1n });
  const { type, state, path } = decodeWatcherEvent(reply.body);
  expect(state).toBe(3);
  return `${type} ${path}`;
}

conformance('watches', BENCH_CONFIG, (bench) => {
  test('data: fires on setData, once', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.setData(path, null);
    await client.setData(path, null);
    expect(log.lines).toEqual([`NodeDataChanged ${path}`]);
  });

  test('data: fires on deletion', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.delete(path);
    expect(log.lines).toEqual([`NodeDeleted ${path}`]);
  });

  test('data: children and ACL do not fire it', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.create(`${path}/child`);
    await client.delete(`${path}/child`);
    await client.setAcl(path, OPEN_ACL_UNSAFE);
    expect(log.lines).toEqual([]);
  });

  test('data: a missing node leaves none', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const log = eventLog();
    await expectCode(client.getData(path, { watch: log.listener }), 'NONODE');
    await client.create(path);
    await client.setData(path, null);
    expect(log.lines).toEqual([]);
    expect(client.facts.watchCount).toBe(0);
  });

  test('exists: of a missing node fires on its creation', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const log = eventLog();
    await client.exists(path, { watch: log.listener });
    await client.create(path);
    await client.setData(path, null);
    expect(log.lines).toEqual([`NodeCreated ${path}`]);
  });

  test('exists: of a node that is there fires on change', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.exists(path, { watch: log.listener });
    await client.setData(path, null);
    expect(log.lines).toEqual([`NodeDataChanged ${path}`]);
  });

  test('exists: of a node that is there fires on deletion', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.exists(path, { watch: log.listener });
    await client.delete(path);
    expect(log.lines).toEqual([`NodeDeleted ${path}`]);
  });

  test('children: fires on a child’s creation, once', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getChildren(path, { watch: log.listener });
    await client.create(`${path}/a`);
    await client.create(`${path}/b`);
    expect(log.lines).toEqual([`NodeChildrenChanged ${path}`]);
  });

  test('children: fires on a child’s deletion', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    const log = eventLog();
    await client.getChildren(path, { watch: log.listener });
    await client.delete(`${path}/a`);
    expect(log.lines).toEqual([`NodeChildrenChanged ${path}`]);
  });

  test('children: fires as NodeDeleted on the node’s own deletion', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getChildren(path, { watch: log.listener });
    await client.delete(path);
    expect(log.lines).toEqual([`NodeDeleted ${path}`]);
  });

  test('children: data of the node or a child, and grandchildren, do not fire it', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.create(`${path}/a`);
    const log = eventLog();
    await client.getChildren(path, { watch: log.listener });
    await client.setData(path, null);
    await client.setData(`${path}/a`, null);
    await client.create(`${path}/a/b`);
    expect(log.lines).toEqual([]);
  });

  test('children: of the root', async () => {
    const client = await bench.connect();
    const log = eventLog();
    await client.getChildren('/', { watch: log.listener });
    await bench.freshNode(client);
    expect(log.lines).toEqual(['NodeChildrenChanged /']);
  });

  test('a deletion that data and child watches wait for is told once', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const data = eventLog();
    const children = eventLog();
    const all = eventLog();
    client.onWatchEvent(all.listener);
    await client.getData(path, { watch: data.listener });
    await client.getChildren(path, { watch: children.listener });
    await client.delete(path);
    expect([data.lines, children.lines, all.lines]).toEqual(Array(3).fill([`NodeDeleted ${path}`]));
  });

  test('several listeners of one watch all hear it', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const logs = [eventLog(), eventLog()];
    for (const log of logs) await client.getData(path, { watch: log.listener });
    await client.exists(path, { watch: logs[0]?.listener ?? (() => undefined) });
    await client.setData(path, null);
    expect(logs.map(({ lines }) => lines)).toEqual(Array(2).fill([`NodeDataChanged ${path}`]));
  });

  test('a failed write fires nothing', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await expectCode(client.setData(path, null, { version: 9 }), 'BADVERSION');
    await client.sync(path);
    expect(log.lines).toEqual([]);
  });

  test('ephemerals of a closed session fire like deletions', async () => {
    const client = await bench.connect();
    const owner = await bench.connect();
    const path = await bench.freshNode(client);
    await owner.create(`${path}/e`, { mode: 'EPHEMERAL' });
    const node = eventLog();
    const parent = eventLog();
    await client.exists(`${path}/e`, { watch: node.listener });
    await client.getChildren(path, { watch: parent.listener });
    await owner.close();
    await client.sync(path);
    expect([node.lines, parent.lines]).toEqual([[`NodeDeleted ${path}/e`], [`NodeChildrenChanged ${path}`]]);
  });

  test('order: an event comes before the reply of the write that caused it', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    await raw.request(2, getData, { path, watch: true });
    expect(eventOf(await raw.request(3, setData, { path, data: null, version: -1 }))).toBe(`3 ${path}`);
    expect(await raw.nextReply()).toMatchObject({ xid: 3, err: 0 });
  });

  test('order: an event comes before a read that shows the change', async () => {
    const writer = await bench.connect();
    const reader = await bench.connect();
    const path = await bench.freshNode(writer, bytes('0'));
    const seen: string[] = [];
    for (let round = 1; round <= 20; round++) {
      await reader.getData(path, { watch: () => seen.push(`event ${round}`) });
      const write = writer.setData(path, bytes(String(round)));
      let data = '';
      while (data !== String(round)) ({ data } = { data: text((await reader.getData(path)).data) });
      seen.push(`read ${round}`);
      await write;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => [`event ${at + 1}`, `read ${at + 1}`]).flat());
  });

  test('order: events of one transaction: the node, then its parent', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getChildren(path, { watch: log.listener });
    await client.exists(`${path}/a`, { watch: log.listener });
    await client.create(`${path}/a`);
    expect(log.lines).toEqual([`NodeCreated ${path}/a`, `NodeChildrenChanged ${path}`]);
  });

  test('wire: a deletion reaches a connection once, then its parent’s watch', async () => {
    const raw = await bench.rawConnect();
    const path = bench.freshPath();
    await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    await raw.request(2, getData, { path, watch: true });
    await raw.request(3, getChildren2, { path, watch: true });
    await raw.request(4, getChildren2, { path: '/', watch: true });
    expect(eventOf(await raw.request(5, deleteNode, { path, version: -1 }))).toBe(`2 ${path}`);
    expect(eventOf(await raw.nextReply())).toBe('4 /');
    expect(await raw.nextReply()).toMatchObject({ xid: 5, err: 0 });
  });

  test('chroot: events carry the path as it was asked for', async () => {
    const outside = await bench.connect();
    const chroot = await bench.freshNode(outside);
    const client = await bench.connect({ connectString: `${bench.server.connectString}${chroot}` });
    const log = eventLog();
    await client.getChildren('/', { watch: log.listener });
    await client.exists('/a', { watch: log.listener });
    await outside.create(`${chroot}/a`);
    await log.reach(2);
    expect(log.lines).toEqual(['NodeCreated /a', 'NodeChildrenChanged /']);
  });

  test('removal: a data watch, told to its listener', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.removeWatches(path, 'data');
    await client.setData(path, null);
    expect(log.lines).toEqual([`DataWatchRemoved ${path}`]);
  });

  test('removal: child watches stay when data watches go', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.getChildren(path, { watch: log.listener });
    await client.removeWatches(path, 'data');
    await client.create(`${path}/a`);
    expect(log.lines).toEqual([`DataWatchRemoved ${path}`, `NodeChildrenChanged ${path}`]);
  });

  test('removal: all of them', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const log = eventLog();
    await client.getData(path, { watch: log.listener });
    await client.getChildren(path, { watch: log.listener });
    await client.removeWatches(path);
    await client.create(`${path}/a`);
    await client.setData(path, null);
    expect([...log.lines].sort()).toEqual([`ChildWatchRemoved ${path}`, `DataWatchRemoved ${path}`]);
  });

  test('removal: of none is NOWATCHER', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await expectCode(client.removeWatches(path), 'NOWATCHER');
    await client.getData(path, { watch: () => undefined });
    await expectCode(client.removeWatches(path, 'children'), 'NOWATCHER');
  });

  test('removal: one listener of two', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const gone = eventLog();
    const stays = eventLog();
    await client.getData(path, { watch: gone.listener });
    await client.getData(path, { watch: stays.listener });
    client.removeListener(path, gone.listener);
    await client.setData(path, null);
    expect([gone.lines, stays.lines]).toEqual([[], [`NodeDataChanged ${path}`]]);
  });

  test('wire: checkWatches and removeWatches know what is there', async () => {
    const raw = await bench.rawConnect();
    const errs: number[] = [];
    let xid = 1;
    const ask = async (operation: typeof checkWatches, type: number): Promise<void> => {
      errs.push((await raw.request(xid++, operation, { path: '/', type })).err);
    };
    await ask(checkWatches, 2);
    await raw.request(xid++, getData, { path: '/', watch: true });
    await ask(checkWatches, 2);
    await ask(checkWatches, 3);
    await ask(checkWatches, 1);
    await ask(removeWatches, 1);
    await ask(removeWatches, 2);
    await ask(removeWatches, 2);
    expect(errs).toEqual([-121, 0, 0, -121, -121, 0, -121]);
  });

  test.each([0, 4, 5, 99])('wire: the watcher type %i is MARSHALLINGERROR', async (type) => {
    const raw = await bench.rawConnect();
    expect((await raw.request(1, removeWatches, { path: '/', type })).err).toBe(-5);
    expect((await raw.request(2, checkWatches, { path: '/', type })).err).toBe(-5);
    expect((await raw.request(3, exists, { path: '/', watch: false })).err).toBe(0);
  });

  test('wire: addWatch with an unknown mode is MARSHALLINGERROR', async () => {
    const raw = await bench.rawConnect();
    expect((await raw.request(1, addWatch, { path: '/', mode: 2 })).err).toBe(-5);
  });

  test('reconnect: an unchanged node does not fire, a later change does', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = await bench.freshNode(client);
    const data = eventLog();
    const children = eventLog();
    const created = eventLog();
    await client.getData(path, { watch: data.listener });
    await client.getChildren(path, { watch: children.listener });
    await client.exists(`${path}/a`, { watch: created.listener });
    await throughReconnect(client, () => {
      proxy.cut();
    });
    await client.sync(path);
    expect([data.lines, children.lines, created.lines]).toEqual([[], [], []]);
    await client.create(`${path}/a`);
    await client.setData(path, null);
    expect([data.lines, children.lines, created.lines]).toEqual([
      [`NodeDataChanged ${path}`],
      [`NodeChildrenChanged ${path}`],
      [`NodeCreated ${path}/a`],
    ]);
  });

  test('reconnect: what was missed fires', async () => {
    const other = await bench.connect();
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const path = await bench.freshNode(client);
    await client.create(`${path}/changed`);
    await client.create(`${path}/deleted`);
    await client.create(`${path}/parent`);
    const log = eventLog();
    await client.getData(`${path}/changed`, { watch: log.listener });
    await client.getData(`${path}/deleted`, { watch: log.listener });
    await client.exists(`${path}/created`, { watch: log.listener });
    await client.getChildren(`${path}/parent`, { watch: log.listener });
    await throughReconnect(
      client,
      () => {
        proxy.refuse();
      },
      async () => {
        await other.setData(`${path}/changed`, null);
        await other.delete(`${path}/deleted`);
        await other.create(`${path}/created`);
        await other.create(`${path}/parent/child`);
        proxy.accept();
      },
    );
    await log.reach(4);
    expect([...log.lines].sort()).toEqual([
      `NodeChildrenChanged ${path}/parent`,
      `NodeCreated ${path}/created`,
      `NodeDataChanged ${path}/changed`,
      `NodeDeleted ${path}/deleted`,
    ]);
  });

  test('reconnect: under a chroot', async () => {
    const other = await bench.connect();
    const chroot = await bench.freshNode(other);
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: `${proxy.connectString}${chroot}` });
    const log = eventLog();
    await client.exists('/a', { watch: log.listener });
    await throughReconnect(
      client,
      () => {
        proxy.refuse();
      },
      async () => {
        await other.create(`${chroot}/a`);
        proxy.accept();
      },
    );
    await log.reach(1);
    expect(log.lines).toEqual(['NodeCreated /a']);
  });

  test('reconnect: a hundred thousand characters of watches', async () => {
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    const base = await bench.freshNode(client);
    const paths = Array.from({ length: 600 }, (_, at) => `${base}/${'x'.repeat(300)}${at}`);
    const log = eventLog();
    await Promise.all(paths.map((path) => client.exists(path, { watch: log.listener })));
    await throughReconnect(client, () => {
      proxy.cut();
    });
    await Promise.all(paths.map((path) => client.create(path)));
    expect([...log.lines].sort()).toEqual(paths.map((path) => `NodeCreated ${path}`).sort());
  });

  test('wire: the events of setWatches come before its reply', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const before = client.facts.lastZxidSeen;
    await client.setData(path, null);
    const raw = await bench.rawConnect();
    const request = {
      relativeZxid: before,
      dataWatches: [path, `${path}/missing`],
      existWatches: [path],
      childWatches: [path],
    };
    const events = [
      eventOf(await raw.request(-8, setWatches, request)),
      eventOf(await raw.nextReply()),
      eventOf(await raw.nextReply()),
    ];
    expect(events).toEqual([`3 ${path}`, `2 ${path}/missing`, `1 ${path}`]);
    expect(await raw.nextReply()).toMatchObject({ xid: -8, err: 0 });
    expect(raw.waitingFrames).toBe(0);
  });

  test('watches end with their connection', async () => {
    const watcher = await bench.connect();
    const writer = await bench.connect();
    const path = await bench.freshNode(writer);
    const log = eventLog();
    await watcher.getData(path, { watch: log.listener });
    await watcher.close();
    await writer.setData(path, null);
    expect(log.lines).toEqual([]);
  });
});

/** The order of answers and events, and what a request may not do to the connection next door (PROTOCOL.md 2.12, 7.11). */
import { beforeEach, describe, expect, test } from 'vitest';

import { create } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { multi } from '../../../../shared/protocol/multi.ts';
import { SpecialXid } from '../../../../shared/protocol/op-code.ts';
import { ping } from '../../../../shared/protocol/ping.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { sync } from '../../../../shared/protocol/sync.ts';
import { addWatch } from '../../../../shared/protocol/watch-ops.ts';
import { EventType } from '../../../../shared/protocol/watcher-event.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

let harness: ServerHarness;
let client: HarnessClient;

beforeEach(() => {
  harness = new ServerHarness({ globalOutstandingLimit: '3' });
  client = harness.connect();
});

describe('request order', () => {
  test('nothing is visible or answered before it is durable', () => {
    const other = harness.connect();
    harness.holdLog();
    client.send(create, creation('/a'));
    expect(client.frames).toEqual([]);
    expect(other.errorOf(exists, { path: '/a', watch: false })).toBe(ErrorCode.NONODE);
    harness.releaseLog();
    expect(client.next().header.err).toBe(0);
    expect(other.errorOf(exists, { path: '/a', watch: false })).toBe(0);
  });

  test('reads, pings and syncs wait behind the writes of their own connection only', () => {
    const other = harness.connect();
    harness.holdLog();
    client.send(create, creation('/a'));
    client.send(getData, { path: '/a', watch: false });
    client.send(ping, undefined, SpecialXid.ping);
    client.send(setData, { path: '/a', data: null, version: 0 });
    client.send(sync, { path: '/' });
    client.send(exists, { path: '/a', watch: false });
    expect(client.frames).toEqual([]);
    expect(other.call(sync, { path: '/x' })).toEqual({ path: '/x' });
    harness.releaseLog();
    const replies = Array.from({ length: 6 }, () => client.next());
    expect(replies.map(({ header }) => header.xid)).toEqual([1, 2, -2, 3, 4, 5]);
    expect(replies.map(({ header }) => header.zxid)).toEqual([3n, 3n, 3n, 4n, 4n, 4n]);
    const last = replies.at(-1);
    expect(last && exists.decodeResponse(last.body).version).toBe(1);
  });

  test('an event precedes the reply to the write that caused it', () => {
    client.call(exists, { path: '/', watch: false });
    client.errorOf(exists, { path: '/a', watch: true });
    client.send(create, creation('/a'));
    expect(client.nextEvent()).toMatchObject({ type: EventType.NodeCreated, path: '/a' });
    expect(client.next().header).toMatchObject({ xid: 3, err: 0 });
  });

  test('the events of a multi come in its order, and none when it fails', () => {
    client.call(addWatch, { path: '/', mode: 1 });
    const failing = { op: 'check' as const, request: { path: '/none', version: -1 } };
    const parts = [
      { op: 'create' as const, request: creation('/a') },
      { op: 'setData' as const, request: { path: '/a', data: null, version: -1 } },
      { op: 'delete' as const, request: { path: '/a', version: -1 } },
    ];
    client.send(multi, [...parts, failing]);
    expect(client.next().header.xid).toBe(2);
    client.send(multi, parts);
    const types = [client.nextEvent(), client.nextEvent(), client.nextEvent()].map(({ type }) => type);
    expect(types).toEqual([EventType.NodeCreated, EventType.NodeDataChanged, EventType.NodeDeleted]);
    expect(client.next().header.xid).toBe(3);
  });

  test('too much outstanding stops reading from who waits, and only until it is answered', () => {
    const other = harness.connect();
    harness.holdLog();
    for (let round = 0; round < 3; round++) client.send(create, creation(`/n${round}`));
    expect(client.isPaused).toBe(false);
    client.send(create, creation('/n3'));
    expect(client.isPaused).toBe(true);
    other.call(exists, { path: '/', watch: false });
    expect(other.isPaused).toBe(false);
    harness.releaseLog();
    expect(client.isPaused).toBe(false);
    expect(harness.server.outstanding).toBe(0);
  });

  test('a connection that ends leaves nothing outstanding, and its writes are made', () => {
    harness.holdLog();
    client.send(create, creation('/a'));
    client.send(exists, { path: '/a', watch: true });
    harness.step({ kind: 'connectionClosed', connectionId: client.connectionId });
    expect(harness.server.outstanding).toBe(0);
    harness.releaseLog();
    expect(harness.server.database.tree.get('/a')).toBeDefined();
    expect(harness.server.watches.size).toBe(0);
  });
});

/** An op by its bare number, with a body that no op needs. */
function rawRequest(xid: number, type: number): Uint8Array {
  const frame = new Uint8Array(8);
  const view = new DataView(frame.buffer);
  view.setInt32(0, xid);
  view.setInt32(4, type);
  return frame;
}

describe('requests that cannot be served', () => {
  test.each([0, 10, 13, 20, 23, 55, 108, -1, -10, 0x7fff_ffff])(
    'op %i is UNIMPLEMENTED without a zxid, and closes the connection',
    (type) => {
      client.sendFrame(rawRequest(7, type));
      expect(client.next().header).toEqual({ xid: 7, zxid: -1n, err: ErrorCode.UNIMPLEMENTED });
      expect(client.isClosed).toBe(true);
    },
  );

  test.each([3, 4, 6, 8, 9, 12, 17, 18, 22, 101, 103, 104, 105, 106])(
    'op %i without its body is MARSHALLINGERROR and takes no zxid',
    (type) => {
      const before = harness.server.database.lastProcessedZxid;
      client.sendFrame(rawRequest(7, type));
      expect(client.next().header).toEqual({ xid: 7, zxid: before, err: ErrorCode.MARSHALLINGERROR });
      expect(client.isClosed).toBe(false);
    },
  );

  test('a frame too short for a header closes its connection and no other', () => {
    const other = harness.connect();
    client.sendFrame(new Uint8Array(7));
    expect(client.isClosed).toBe(true);
    expect(other.call(exists, { path: '/', watch: false }).version).toBe(0);
  });

  test('what is no ConnectRequest closes the connection without an answer', () => {
    const stranger = harness.open();
    stranger.sendFrame(new Uint8Array(20));
    expect(stranger.frames).toEqual([]);
    expect(stranger.isClosed).toBe(true);
  });

  test('deleting what somebody else deleted first is an error for one of both', () => {
    const other = harness.connect();
    client.call(create, creation('/a'));
    harness.holdLog();
    client.send(deleteNode, { path: '/a', version: -1 });
    other.send(deleteNode, { path: '/a', version: -1 });
    harness.releaseLog();
    expect([client.next().header.err, other.next().header.err]).toEqual([0, ErrorCode.NONODE]);
  });
});

/**
 * Validation: what is checked first (PROTOCOL.md 7.2), zxids of failures (7.3), and the state that writes under way make
 * for those behind them.
 */
import { beforeEach, describe, expect, test } from 'vitest';

import { type Acl, OPEN_ACL_UNSAFE, Perms } from '../../../../shared/acl.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';
import { create, create2, createContainer, createTTL } from '../../../../shared/protocol/create.ts';
import type { CreateRequest } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { type MultiResult, type MultiWriteOp, multi } from '../../../../shared/protocol/multi.ts';
import { setACL } from '../../../../shared/protocol/set-acl.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { decodeLogEntry } from '../../../../shared/storage-format/txn.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

const NOBODY: Acl[] = [{ perms: Perms.ALL, id: { scheme: 'digest', id: 'nobody:x' } }];

let harness: ServerHarness;
let client: HarnessClient;

beforeEach(() => {
  harness = new ServerHarness();
  client = harness.connect();
});

/** A request that is wrong in every way from `first` on: what is told shows what is checked first. */
function createErrors(requests: readonly CreateRequest[]): number[] {
  return requests.map((request) => client.errorOf(create2, request));
}

describe('prep: order of checks', () => {
  test('create: flags, path, ACL, parent, CREATE, full path, existence, ephemeral parent', () => {
    client.call(create, creation('/locked', { acl: NOBODY }));
    client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    client.call(create, creation('/a'));
    expect(
      createErrors([
        { ...creation('x', { acl: [] }), flags: 99 },
        creation('x', { acl: [] }),
        creation('/none/x', { acl: [] }),
        creation('/none/..'),
        creation('/locked/..'),
        creation('/e/..'),
        creation('/a'),
        creation('/e/x'),
      ]),
    ).toEqual([
      ErrorCode.BADARGUMENTS,
      ErrorCode.BADARGUMENTS,
      ErrorCode.INVALIDACL,
      ErrorCode.NONODE,
      ErrorCode.NOAUTH,
      ErrorCode.BADARGUMENTS,
      ErrorCode.NODEEXISTS,
      ErrorCode.NOCHILDRENFOREPHEMERALS,
    ]);
  });

  test('create: time to live without the feature, without a value, out of range', () => {
    const ttl = { ...creation('/t', { mode: 'PERSISTENT_WITH_TTL' }), ttlMs: 5n };
    expect(client.errorOf(createTTL, ttl)).toBe(ErrorCode.UNIMPLEMENTED);
    client = new ServerHarness({ extendedTypesEnabled: 'true' }).connect();
    expect(client.errorOf(create2, ttl)).toBe(ErrorCode.BADARGUMENTS);
    expect(client.errorOf(createTTL, { ...ttl, ttlMs: 0n })).toBe(ErrorCode.BADARGUMENTS);
    expect(client.errorOf(createTTL, { ...ttl, ttlMs: 0x100_0000_0000n })).toBe(ErrorCode.BADARGUMENTS);
    // Apache 3.8.0 takes this one, and dies of it.
    expect(client.errorOf(createTTL, { ...ttl, flags: 0, ttlMs: -1n })).toBe(ErrorCode.BADARGUMENTS);
    expect(client.errorOf(createTTL, ttl)).toBe(0);
  });

  test('delete: special nodes, parent, DELETE on the parent, existence, version, children', () => {
    client.call(create, creation('/a'));
    client.call(create, creation('/a/b'));
    client.call(create, creation('/locked', { acl: NOBODY }));
    const errors = ['/', '/zookeeper/config', '/none/x', '/locked/x', '/x'].map((path) =>
      client.errorOf(deleteNode, { path, version: 5 }),
    );
    expect(errors).toEqual([-8, -8, -101, -102, -101]);
    expect(client.errorOf(deleteNode, { path: '/a', version: 5 })).toBe(ErrorCode.BADVERSION);
    expect(client.errorOf(deleteNode, { path: '/a', version: 0 })).toBe(ErrorCode.NOTEMPTY);
  });

  test('setData and setACL: path, existence, permission, version of their own kind', () => {
    client.call(create, creation('/a'));
    client.call(create, creation('/locked', { acl: NOBODY }));
    for (const [path, version, err] of [
      ['x', 9, -8],
      ['/x', 9, -101],
      ['/locked', 9, -102],
      ['/a', 9, -103],
      ['/a', 0, 0],
    ] as const) {
      expect(client.errorOf(setData, { path, data: null, version })).toBe(err);
      expect(client.errorOf(setACL, { path, acl: OPEN_ACL_UNSAFE, version })).toBe(err);
    }
    expect(client.errorOf(setACL, { path: '/x', acl: [], version: 9 })).toBe(ErrorCode.INVALIDACL);
  });
});

describe('prep: kinds of nodes', () => {
  test('sequence numbers count creations of children and never come back', () => {
    client.call(create, creation('/s'));
    client.call(create, creation('/s/other'));
    const first = client.call(create, creation('/s/n-', { mode: 'PERSISTENT_SEQUENTIAL' }));
    client.call(deleteNode, { path: first.path, version: -1 });
    const second = client.call(create2, creation('/s/n-', { mode: 'EPHEMERAL_SEQUENTIAL' }));
    expect([first.path, second.path]).toEqual(['/s/n-0000000001', '/s/n-0000000002']);
    expect(second.stat.ephemeralOwner).toBe(client.sessionId);
  });

  test('the op code decides what is made, whatever the flags', () => {
    client.call(create, { ...creation('/plain'), flags: 4 });
    client.call(createContainer, { ...creation('/container'), flags: 0 });
    expect([...harness.server.database.tree.containers]).toEqual(['/container']);
    expect(harness.server.stats.digestMismatches).toBe(0);
  });
});

describe('prep: failures', () => {
  test('take a zxid and are logged as an error without a digest', () => {
    const before = harness.server.database.lastProcessedZxid;
    expect(client.errorOf(deleteNode, { path: '/none', version: -1 })).toBe(ErrorCode.NONODE);
    expect(harness.server.database.lastProcessedZxid).toBe(before + 1n);
    const logged = harness.persisted.at(-1) ?? new Uint8Array(0);
    expect(decodeLogEntry(new JuteReader(logged))).toMatchObject({
      txn: { op: 'error', err: ErrorCode.NONODE },
      digest: undefined,
      header: { clientId: client.sessionId, cxid: 1 },
    });
  });

  test('a body that does not fit its op is a marshalling error, and takes a zxid too', () => {
    const before = harness.server.database.lastProcessedZxid;
    client.sendFrame(client.encode(create, creation('/a')).subarray(0, 12));
    expect(client.next().header.err).toBe(ErrorCode.MARSHALLINGERROR);
    expect(harness.server.database.lastProcessedZxid).toBe(before + 1n);
    expect(client.isClosed).toBe(false);
  });
});

describe('prep: writes under way', () => {
  test('are seen by those behind them before any is durable', () => {
    harness.holdLog();
    client.send(create, creation('/a'));
    client.send(create, creation('/a'));
    client.send(create, creation('/a/b'));
    client.send(deleteNode, { path: '/a', version: -1 });
    client.send(setData, { path: '/a', data: null, version: 0 });
    client.send(setData, { path: '/a', data: null, version: 0 });
    client.send(deleteNode, { path: '/a/b', version: -1 });
    client.send(deleteNode, { path: '/a', version: 1 });
    client.send(setData, { path: '/a', data: null, version: -1 });
    expect(client.frames).toEqual([]);
    harness.releaseLog();
    const errors = client.frames.splice(0).map((frame) => new DataView(frame.buffer).getInt32(12));
    expect(errors).toEqual([0, -110, 0, -111, 0, -103, 0, 0, -101]);
    expect(harness.server.stats.digestMismatches).toBe(0);
  });

  test('a session that closes takes ephemerals along that are not durable yet, and leaves those just deleted', () => {
    client.call(create, creation('/f', { mode: 'EPHEMERAL' }));
    harness.holdLog();
    client.send(create, creation('/e', { mode: 'EPHEMERAL' }));
    client.send(deleteNode, { path: '/f', version: -1 });
    client.sendFrame(client.encode({ ...deleteNode, opCode: -11 }, { path: '', version: 0 }));
    harness.releaseLog();
    const logged = decodeLogEntry(new JuteReader(harness.persisted.at(-1) ?? new Uint8Array(0)));
    expect(logged.txn).toEqual({ op: 'closeSession', paths: ['/e'] });
    expect(harness.server.database.tree.get('/e')).toBeUndefined();
    expect(harness.server.stats.digestMismatches).toBe(0);
    expect(client.isClosed).toBe(true);
  });
});

function outcomes(results: readonly MultiResult[]): (number | string)[] {
  return results.map((result) => (result.op === 'error' ? result.err : result.op));
}

describe('prep: multi', () => {
  const set = (path: string, version: number): MultiWriteOp => ({
    op: 'setData',
    request: { path, data: encodeUtf8('new'), version },
  });

  test('every part sees what the parts before it did, under one zxid', () => {
    const results = client.call(multi, [
      { op: 'create', request: creation('/m') },
      { op: 'create', request: creation('/m/n-', { mode: 'PERSISTENT_SEQUENTIAL' }) },
      { op: 'check', request: { path: '/m', version: 0 } },
      set('/m', 0),
      { op: 'delete', request: { path: '/m/n-0000000000', version: 0 } },
    ]);
    expect(outcomes(results)).toEqual(['create', 'create', 'check', 'setData', 'delete']);
    expect(client.call(exists, { path: '/m', watch: false })).toMatchObject({
      czxid: 2n,
      mzxid: 2n,
      pzxid: 2n,
      version: 1,
    });
  });

  test('a part that fails takes back all before it, for writes under way as well', () => {
    client.call(create, creation('/m'));
    harness.holdLog();
    client.send(setData, { path: '/m', data: null, version: 0 });
    client.send(multi, [
      set('/m', 1),
      { op: 'create', request: creation('/m/x') },
      { op: 'delete', request: { path: '/none', version: -1 } },
      set('/m', -1),
    ]);
    client.send(setData, { path: '/m', data: null, version: 1 });
    client.send(create, creation('/m/x-', { mode: 'PERSISTENT_SEQUENTIAL' }));
    harness.releaseLog();
    expect(client.next().header.err).toBe(0);
    const reply = client.next();
    expect(reply.header.err).toBe(0);
    expect(outcomes(multi.decodeResponse(reply.body))).toEqual([0, 0, -101, -2]);
    expect(client.next().header.err).toBe(0);
    expect(create.decodeResponse(client.next().body).path).toBe('/m/x-0000000000');
    expect(harness.server.stats.digestMismatches).toBe(0);
  });

  test('an empty one succeeds and takes a zxid', () => {
    const before = harness.server.database.lastProcessedZxid;
    expect(client.call(multi, [])).toEqual([]);
    expect(harness.server.database.lastProcessedZxid).toBe(before + 1n);
  });

  test('the flags alone tell a container, and create2 answers as create', () => {
    const results = client.call(multi, [
      { op: 'create2', request: creation('/p') },
      { op: 'create', request: creation('/c', { mode: 'CONTAINER' }) },
    ]);
    expect(outcomes(results)).toEqual(['create', 'create2']);
    expect([...harness.server.database.tree.containers]).toEqual(['/c']);
  });
});

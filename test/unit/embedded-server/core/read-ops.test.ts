/** Reads: what each shows, and to whom (PROTOCOL.md 2.4, 2.5, 7.6). */
import { beforeEach, describe, expect, test } from 'vitest';

import { type Acl, ANYONE, Perms } from '../../../../shared/acl.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { getACL } from '../../../../shared/protocol/get-acl.ts';
import { getAllChildrenNumber } from '../../../../shared/protocol/get-all-children-number.ts';
import { getChildren, getChildren2 } from '../../../../shared/protocol/get-children.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { getEphemerals } from '../../../../shared/protocol/get-ephemerals.ts';
import { multiRead } from '../../../../shared/protocol/multi.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

const DIGEST: Acl = { perms: Perms.ALL, id: { scheme: 'digest', id: 'bob:hash' } };

let harness: ServerHarness;
let client: HarnessClient;

beforeEach(() => {
  harness = new ServerHarness();
  client = harness.connect();
});

describe('reads', () => {
  test('null and empty data are two things', () => {
    client.call(create, creation('/null', { data: null }));
    client.call(create, creation('/empty', { data: '' }));
    expect(client.call(getData, { path: '/null', watch: false }).data).toBeNull();
    expect(client.call(getData, { path: '/empty', watch: false }).data).toHaveLength(0);
  });

  test('children come with and without the stat of their parent', () => {
    for (const path of ['/a', '/a/x', '/a/y']) client.call(create, creation(path));
    expect(client.call(getChildren, { path: '/a', watch: false }).children).toEqual(['x', 'y']);
    const { children, stat } = client.call(getChildren2, { path: '/a', watch: false });
    expect(children).toEqual(['x', 'y']);
    expect(stat).toMatchObject({ numChildren: 2, cversion: 2 });
    expect(client.call(getChildren, { path: '/a/x', watch: false }).children).toEqual([]);
  });

  test('descendants of all depths are counted', () => {
    for (const path of ['/a', '/a/x', '/a/x/y', '/ab']) client.call(create, creation(path));
    expect(client.call(getAllChildrenNumber, { path: '/a' }).totalNumber).toBe(2);
    expect(client.call(getAllChildrenNumber, { path: '/' }).totalNumber).toBe(7);
  });

  test("ephemerals are the session's own, by a plain prefix", () => {
    for (const path of ['/e1', '/e2', '/f']) client.call(create, creation(path, { mode: 'EPHEMERAL' }));
    harness.connect().call(create, creation('/e3', { mode: 'EPHEMERAL' }));
    expect(client.call(getEphemerals, { prefixPath: '/e' }).ephemerals).toEqual(['/e1', '/e2']);
    expect(client.call(getEphemerals, { prefixPath: '/' }).ephemerals).toHaveLength(3);
  });

  test('every part of a multiRead succeeds or fails for itself, and leaves no watch', () => {
    client.call(create, creation('/a'));
    const results = client.call(multiRead, [
      { op: 'getData', request: { path: '/a', watch: true } },
      { op: 'getChildren', request: { path: '/none', watch: true } },
      { op: 'getChildren', request: { path: '/', watch: true } },
    ]);
    expect(results).toMatchObject([
      { op: 'getData', stat: { version: 0 } },
      { op: 'error', err: ErrorCode.NONODE },
      { op: 'getChildren', children: ['zookeeper', 'a'] },
    ]);
    expect(harness.server.watches.size).toBe(0);
  });
});

describe('reads: permissions', () => {
  test('without READ there is no data and no list, but existence shows as in 3.8.0', () => {
    client.call(create, creation('/s', { acl: [DIGEST] }));
    expect(client.errorOf(getData, { path: '/s', watch: false })).toBe(ErrorCode.NOAUTH);
    expect(client.errorOf(getChildren, { path: '/s', watch: false })).toBe(ErrorCode.NOAUTH);
    expect(client.errorOf(getAllChildrenNumber, { path: '/s' })).toBe(ErrorCode.NOAUTH);
    expect(client.errorOf(getACL, { path: '/s' })).toBe(ErrorCode.NOAUTH);
    expect(client.errorOf(exists, { path: '/s', watch: false })).toBe(0);
  });

  test('an ACL shows its hashes to who has ADMIN, and only whose they are to who has READ', () => {
    client.call(create, creation('/r', { acl: [{ perms: Perms.READ, id: ANYONE }, DIGEST] }));
    client.call(create, creation('/a', { acl: [{ perms: Perms.ADMIN, id: ANYONE }, DIGEST] }));
    expect(client.call(getACL, { path: '/r' }).acl[1]?.id.id).toBe('bob:x');
    expect(client.call(getACL, { path: '/a' }).acl[1]?.id.id).toBe('bob:hash');
  });
});

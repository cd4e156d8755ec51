/** The tree: what exists at the start, what clients see of a stat, the digest, and the rules of replay (PROTOCOL.md 6.5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DataTree, type NodeCreation } from '../../../../embedded-server/core/data-tree.ts';
import { OWNER_CONTAINER, OWNER_NONE, ttlOwner } from '../../../../embedded-server/core/ephemeral-owner.ts';
import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { assert } from '../../../../shared/assert.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import type { Stat } from '../../../../shared/protocol/stat.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const SESSION = toSessionId(0x100n);

function creation(path: string, zxid: number, more: Partial<NodeCreation> = {}): NodeCreation {
  return {
    path,
    data: new Uint8Array([1, 2]),
    acl: OPEN_ACL_UNSAFE,
    ephemeralOwner: OWNER_NONE,
    parentCVersion: -1,
    zxid: toZxid(BigInt(zxid)),
    timeMs: 1000n,
    ...more,
  };
}

function statOf(tree: DataTree, path: string): Stat {
  const node = tree.get(path);
  assert(node !== undefined, `no ${path}`);
  return tree.statOf(node);
}

describe('data tree: at the start', () => {
  test('holds five nodes as Apache counts them, 44 bytes, and the digest 0x51c6d660', () => {
    const tree = new DataTree();
    expect(tree.nodeCount).toBe(5);
    expect(tree.approximateDataBytes).toBe(44);
    expect(tree.digest).toBe(0x51c6d660n);
    expect(tree.countDescendants('/')).toBe(3);
  });

  test('the config node shows aversion -1', () => {
    expect(statOf(new DataTree(), '/zookeeper/config')).toMatchObject({
      aversion: -1,
      czxid: 0n,
      dataLength: 0,
    });
  });

  test('the empty path is the root', () => {
    const tree = new DataTree();
    expect(tree.get('')).toBe(tree.get('/'));
  });
});

test('data tree: values outlive the buffers that they came in', () => {
  const tree = new DataTree();
  const received = new Uint8Array(300).fill(1);
  tree.create(creation('/a', 1, { data: received.subarray(0, 100) }));
  tree.create(creation('/b', 2));
  tree.setData({
    path: '/b',
    data: received.subarray(100, 200),
    version: 1,
    zxid: toZxid(3n),
    timeMs: 1000n,
  });
  received.fill(9);
  const value = new Uint8Array(100).fill(1);
  expect([tree.get('/a')?.data, tree.get('/b')?.data]).toEqual([value, value]);
});

describe('data tree: stat', () => {
  test('cversion shows creations and deletions: 2 creates and 1 delete make 3', () => {
    const tree = new DataTree();
    tree.create(creation('/a', 1));
    tree.create(creation('/a/b', 2));
    tree.create(creation('/a/c', 3));
    tree.delete('/a/b', toZxid(4n));
    expect(statOf(tree, '/a')).toMatchObject({ cversion: 3, numChildren: 1, pzxid: 4n, mzxid: 1n });
  });

  test('only a session shows as the owner', () => {
    const tree = new DataTree({ extendedTypesEnabled: true });
    tree.create(creation('/e', 1, { ephemeralOwner: SESSION }));
    tree.create(creation('/c', 2, { ephemeralOwner: OWNER_CONTAINER }));
    tree.create(creation('/t', 3, { ephemeralOwner: ttlOwner(5000n) }));
    expect(statOf(tree, '/e').ephemeralOwner).toBe(SESSION);
    expect(statOf(tree, '/c').ephemeralOwner).toBe(0n);
    expect(statOf(tree, '/t').ephemeralOwner).toBe(0n);
    expect([...tree.containers]).toEqual(['/c']);
    expect([...tree.ttls]).toEqual(['/t']);
    expect(tree.ephemeralCount).toBe(1);
  });
});

describe('data tree: replay', () => {
  test('creating an existing node is an error that still brings the parent up to date', () => {
    const tree = new DataTree();
    tree.create(creation('/a', 1, { parentCVersion: 1 }));
    const again = creation('/a', 9, { parentCVersion: 5, data: null });
    expect(tree.create(again)).toBe(ErrorCode.NODEEXISTS);
    expect(tree.get('/')?.stat).toMatchObject({ cversion: 5, pzxid: 9n });
    expect(tree.get('/a')?.stat.czxid).toBe(1n);
  });

  test("an older create leaves the parent's counters alone, both of them", () => {
    const tree = new DataTree();
    tree.create(creation('/a', 9, { parentCVersion: 5 }));
    tree.create(creation('/b', 3, { parentCVersion: 2 }));
    expect(tree.get('/')?.stat).toMatchObject({ cversion: 5, pzxid: 9n });
  });

  test('deleting what is gone moves the parent, forward only', () => {
    const tree = new DataTree();
    tree.create(creation('/a', 5));
    expect(tree.delete('/a/x', toZxid(9n))).toBe(ErrorCode.NONODE);
    expect(tree.get('/a')?.stat.pzxid).toBe(9n);
    expect(tree.delete('/a/x', toZxid(7n))).toBe(ErrorCode.NONODE);
    expect(tree.get('/a')?.stat.pzxid).toBe(9n);
  });

  test('nothing is created below what does not exist', () => {
    expect(new DataTree().create(creation('/x/y', 1))).toBe(ErrorCode.NONODE);
  });
});

type Change = { readonly kind: 'create' | 'delete' | 'setData' | 'setAcl'; readonly path: string };

const paths = ['/a', '/b', '/a/c', '/a/c/d', '/zookeeper/x', '/zookeeper/x/y'];
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('create' as const, 'delete' as const, 'setData' as const, 'setAcl' as const),
  path: fc.constantFrom(...paths),
});

function apply(tree: DataTree, { kind, path }: Change, zxid: number): void {
  switch (kind) {
    case 'create':
      tree.create(creation(path, zxid, zxid % 3 === 0 ? { ephemeralOwner: SESSION } : {}));
      break;
    case 'delete':
      if (!tree.get(path)?.children) tree.delete(path, toZxid(BigInt(zxid)));
      break;
    case 'setData':
      tree.setData({
        path,
        data: new Uint8Array([zxid]),
        version: zxid,
        zxid: toZxid(BigInt(zxid)),
        timeMs: 5n,
      });
      break;
    case 'setAcl':
      tree.setAcl(path, OPEN_ACL_UNSAFE, zxid);
      break;
  }
}

test('data tree: digest, size and ephemerals always equal what a walk over the tree finds', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const tree = new DataTree();
      for (const [at, one] of changes.entries()) apply(tree, one, at + 1);
      let bytes = 0;
      let owned = 0;
      tree.forEachWithin('/', (path, node) => {
        bytes += path.length + (node.data?.length ?? 0);
        if (node.stat.ephemeralOwner === SESSION) owned++;
      });
      expect(tree.digest).toBe(tree.recomputeDigest());
      expect(tree.approximateDataBytes).toBe(bytes);
      expect(tree.ephemeralsOf(SESSION)?.size ?? 0).toBe(owned);
      expect(tree.ephemeralCount).toBe(owned);
    }),
  );
});

/** Applying transactions: idempotent, whatever the order of repetitions in a fuzzy replay (PROTOCOL.md 6.5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DataTree } from '../../../../embedded-server/core/data-tree.ts';
import { Database, type TreeObserver } from '../../../../embedded-server/core/database.ts';
import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import type { LogEntry, Txn } from '../../../../shared/storage-format/txn.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const SESSION = toSessionId(0x77n);

class Recorder implements TreeObserver {
  readonly seen: string[] = [];

  onCreated(path: string): void {
    this.seen.push(`created ${path}`);
  }

  onDeleted(path: string): void {
    this.seen.push(`deleted ${path}`);
  }

  onDataChanged(path: string): void {
    this.seen.push(`changed ${path}`);
  }
}

function fresh(): { database: Database; seen: string[] } {
  const recorder = new Recorder();
  return { database: new Database(new DataTree(), recorder), seen: recorder.seen };
}

function entry(zxid: number, txn: Txn): LogEntry {
  return {
    header: { clientId: SESSION, cxid: zxid, zxid: toZxid(BigInt(zxid)), timeMs: BigInt(zxid) },
    txn,
    digest: undefined,
  };
}

function create(path: string, parentCVersion: number, ephemeral = false): Txn {
  return { op: 'create', path, data: null, acl: OPEN_ACL_UNSAFE, ephemeral, parentCVersion };
}

describe('database', () => {
  test('an error moves the last zxid and nothing else', () => {
    const { database, seen } = fresh();
    expect(database.apply(entry(9, { op: 'error', err: -103 })).err).toBe(-103);
    expect(database.lastProcessedZxid).toBe(9n);
    expect(seen).toEqual([]);
  });

  test('an older transaction does not move the last zxid back', () => {
    const { database } = fresh();
    database.apply(entry(9, create('/a', 1)));
    database.apply(entry(4, create('/b', 1)));
    expect(database.lastProcessedZxid).toBe(9n);
  });

  test('a failed multi changes nothing and tells which part failed', () => {
    const { database, seen } = fresh();
    const txns: Txn[] = [create('/a', 1), { op: 'error', err: -101 }, { op: 'error', err: -2 }];
    const applied = database.apply(entry(1, { op: 'multi', txns }));
    expect(applied.results).toEqual([
      { op: 'error', err: 0 },
      { op: 'error', err: -101 },
      { op: 'error', err: -2 },
    ]);
    expect(database.tree.get('/a')).toBeUndefined();
    expect(seen).toEqual([]);
  });

  test('a multi shows every stat as of its own step', () => {
    const { database, seen } = fresh();
    const set = (version: number): Txn => ({ op: 'setData', path: '/a', data: null, version });
    const applied = database.apply(entry(1, { op: 'multi', txns: [create('/a', 1), set(1), set(2)] }));
    expect(applied.results).toMatchObject([
      { op: 'create', path: '/a' },
      { op: 'setData', stat: { version: 1 } },
      { op: 'setData', stat: { version: 2 } },
    ]);
    expect(seen).toEqual(['created /a', 'changed /a', 'changed /a']);
  });

  test('closing a session removes what the transaction lists and what it forgot', () => {
    const { database, seen } = fresh();
    database.apply(entry(1, { op: 'createSession', timeoutMs: 5000 }));
    expect(database.sessionTimeoutsMs.get(SESSION)).toBe(5000);
    database.apply(entry(2, create('/e', 1, true)));
    database.apply(entry(3, create('/f', 2, true)));
    database.apply(entry(4, { op: 'closeSession', paths: ['/e', '/gone'] }));
    expect(seen.slice(2)).toEqual(['deleted /e', 'deleted /f']);
    expect(database.sessionTimeoutsMs.size).toBe(0);
    expect(database.tree.get('/')?.stat.pzxid).toBe(4n);
  });

  test('creating twice is NODEEXISTS, and nobody is told twice', () => {
    const { database, seen } = fresh();
    database.apply(entry(1, create('/a', 1)));
    expect(database.apply(entry(1, create('/a', 1))).err).toBe(ErrorCode.NODEEXISTS);
    expect(seen).toEqual(['created /a']);
  });
});

test('database: a child that outlived the replayed deletion of its parent is listed again', () => {
  const { database } = fresh();
  const log = [
    create('/a', 1),
    { op: 'delete' as const, path: '/a' },
    create('/a', 2),
    create('/a/c', 1, true),
  ];
  const entries = log.map((txn, at) => entry(at + 1, txn));
  for (const one of [...entries, ...entries.slice(1)]) database.apply(one);
  expect(snapshot(database.tree)).toContain('/a c 0');
  expect(database.tree.ephemeralCount).toBe(1);
  expect(database.tree.digest).toBe(database.tree.recomputeDigest());
});

type Wish = {
  readonly kind: 'create' | 'delete' | 'setData';
  readonly path: string;
  readonly ephemeral: boolean;
};

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom('create' as const, 'delete' as const, 'setData' as const),
  path: fc.constantFrom('/a', '/b', '/a/c', '/b/d'),
  ephemeral: fc.boolean(),
});

/** What a leader would log for the wishes: only what is possible when its turn comes. */
function logOf(wishes: readonly Wish[]): LogEntry[] {
  const { database } = fresh();
  const log: LogEntry[] = [];
  for (const { kind, path, ephemeral } of wishes) {
    const txn = txnFor(database.tree, kind, path, ephemeral);
    if (!txn) continue;
    const next = entry(log.length + 1, txn);
    database.apply(next);
    log.push(next);
  }
  return log;
}

function txnFor(tree: DataTree, kind: Wish['kind'], path: string, ephemeral: boolean): Txn | undefined {
  const node = tree.get(path);
  const parent = tree.get(path.slice(0, path.lastIndexOf('/')));
  switch (kind) {
    case 'create':
      return parent && !node ? create(path, parent.stat.cversion + 1, ephemeral) : undefined;
    case 'delete':
      return node && !node.children ? { op: 'delete', path } : undefined;
    case 'setData':
      return node && { op: 'setData', path, data: new Uint8Array([1]), version: node.stat.version + 1 };
  }
}

/** Every path with its children's names and its owner. */
function snapshot(tree: DataTree): string[] {
  return [...tree.paths()].sort().map((path) => {
    const node = tree.get(path);
    return `${path} ${[...(node?.children ?? [])].sort().join()} ${node?.stat.ephemeralOwner ?? ''}`;
  });
}

test('database: replaying from anywhere over a state that has it all already leaves the same tree', () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 40 }), fc.nat(20), (wishes, from) => {
      const log = logOf(wishes);
      const { database } = fresh();
      for (const one of log) database.apply(one);
      const digest = database.tree.digest;
      const before = snapshot(database.tree);
      for (const one of log.slice(Math.min(from, log.length))) database.apply(one);
      expect(snapshot(database.tree)).toEqual(before);
      expect(database.tree.digest).toBe(digest);
      expect(database.tree.recomputeDigest()).toBe(digest);
    }),
  );
});

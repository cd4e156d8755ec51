/** Snapshots taken while the tree changes: together with the log they give the very same database (PROTOCOL.md 6.5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Database } from '../../../../embedded-server/core/database.ts';
import { SnapshotLoader } from '../../../../embedded-server/core/snapshot-loader.ts';
import { SnapshotWriter } from '../../../../embedded-server/core/snapshot-writer.ts';
import type { WriteOp } from '../../../../embedded-server/core/write-op.ts';
import { type Acl, Perms } from '../../../../shared/acl.ts';
import type { SessionId } from '../../../../shared/ids.ts';
import type { SnapshotNode } from '../../../../shared/storage-format/snapshot-body.ts';
import { SnapshotDecoder, type SnapshotDigest } from '../../../../shared/storage-format/snapshot-file.ts';
import type { Zxid } from '../../../../shared/zxid.ts';
import { TransactionMaker, creating, emptyDatabase, seeDatabase } from '../../../support/transactions.ts';

interface Snapshot {
  readonly zxid: Zxid;
  readonly bytes: Uint8Array;
}

function load({ zxid, bytes }: Snapshot): { database: Database; digest: SnapshotDigest | undefined } {
  const database = emptyDatabase();
  const loader = new SnapshotLoader(database);
  const decoder = new SnapshotDecoder(loader);
  decoder.push(bytes);
  const digest = decoder.end();
  loader.finish(zxid);
  return { database, digest };
}

/** Takes a snapshot in slices of few nodes, and lets something happen between two slices. */
function takeSnapshot(database: Database, between: () => void): Snapshot {
  const writer = new SnapshotWriter(database, 2);
  const slices: Uint8Array[] = [];
  for (let slice = writer.nextSlice(); slice !== undefined; slice = writer.nextSlice()) {
    slices.push(slice);
    between();
  }
  return { zxid: writer.zxid, bytes: Buffer.concat(slices) };
}

function acl(user: string): readonly Acl[] {
  return [{ perms: Perms.ALL, id: { scheme: 'digest', id: `${user}:x` } }];
}

const ACLS: readonly (readonly Acl[])[] = [
  [{ perms: Perms.ALL, id: { scheme: 'world', id: 'anyone' } }],
  [{ perms: Perms.ALL, id: { scheme: 'world', id: 'anyone' } }, ...acl('a')],
  [{ perms: Perms.ALL, id: { scheme: 'world', id: 'anyone' } }, ...acl('b')],
];

/** Few names, so that nodes are made, deleted and made again, with children below them. */
const anyPath = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((names) => `/${names.join('/')}`);
const anyAcl = fc.constantFrom(...ACLS);
const anyWrite: fc.Arbitrary<WriteOp> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(anyPath, anyAcl).map(([path, list]) => creating(path, { acl: list })) },
  { weight: 2, arbitrary: anyPath.map((path) => creating(path, { mode: 'EPHEMERAL' })) },
  {
    weight: 4,
    arbitrary: anyPath.map((path): WriteOp => ({ op: 'delete', request: { path, version: -1 } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyPath, fc.uint8Array({ maxLength: 5 }))
      .map(([path, data]): WriteOp => ({ op: 'setData', request: { path, data, version: -1 } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(anyPath, anyAcl)
      .map(([path, list]): WriteOp => ({ op: 'setACL', request: { path, acl: list, version: -1 } })),
  },
  {
    weight: 1,
    arbitrary: anyPath.map((path): WriteOp => ({
      op: 'multi',
      ops: [
        { op: 'delete', request: { path, version: -1 } },
        { op: 'create', request: { path, data: null, acl: ACLS[1] ?? [], flags: 0 } },
      ],
    })),
  },
  { weight: 1, arbitrary: fc.constant<WriteOp>({ op: 'closeSession' }) },
);

/** Writes on behalf of a session that is opened anew when it has ended. */
class Life {
  readonly maker = new TransactionMaker();
  readonly #writes: Iterator<WriteOp>;
  #sessionId: SessionId = this.maker.openSession();

  constructor(writes: readonly WriteOp[]) {
    this.#writes = writes[Symbol.iterator]();
  }

  /** Does so many writes, as long as there are any. */
  go(count: number): void {
    for (let done = 0; done < count; done++) {
      const next = this.#writes.next();
      if (next.done === true) return;
      this.maker.write(next.value, this.#sessionId);
      if (next.value.op === 'closeSession') this.#sessionId = this.maker.openSession();
    }
  }
}

describe('snapshot', () => {
  test('taken between any writes, it is made whole by the log behind it', () => {
    const anyWrites = fc.array(anyWrite, { minLength: 10, maxLength: 120 });
    fc.assert(
      fc.property(anyWrites, fc.nat({ max: 40 }), fc.nat({ max: 8 }), (writes, before, between) => {
        const life = new Life(writes);
        life.go(before);
        const { database: live, transactions } = life.maker;
        const snapshot = takeSnapshot(live, () => {
          life.go(between);
        });
        life.go(Infinity);

        const { database, digest } = load(snapshot);
        let isDigestChecked = digest?.zxid === snapshot.zxid && digest.treeDigest === database.tree.digest;
        for (const { entry } of transactions) {
          if (entry.header.zxid <= snapshot.zxid) continue;
          database.apply(entry);
          if (entry.header.zxid === digest?.zxid) {
            expect(database.tree.digest).toBe(digest.treeDigest);
            isDigestChecked = true;
          }
        }
        expect(isDigestChecked).toBe(true);
        expect(seeDatabase(database)).toEqual(seeDatabase(live));
        expect(database.tree.digest).toBe(live.tree.digest);
        expect(database.tree.recomputeDigest()).toBe(live.tree.digest);
        expect(database.sessionTimeoutsMs).toEqual(live.sessionTimeoutsMs);
        expect(database.lastProcessedZxid).toBe(live.lastProcessedZxid);
      }),
      { numRuns: 300 },
    );
  });

  test('a snapshot that came to nothing changed reads back as it was, with every kind of owner', () => {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    const ttl = { data: null, acl: ACLS[0] ?? [] };
    maker.write(creating('/e', { mode: 'EPHEMERAL' }), sessionId);
    maker.write({ op: 'createContainer', request: { path: '/c', ...ttl, flags: 4 } }, sessionId);
    maker.write({ op: 'createTTL', request: { path: '/t', ...ttl, flags: 5, ttlMs: 9n } }, sessionId);
    const { database } = load(takeSnapshot(maker.database, () => undefined));
    expect(seeDatabase(database)).toEqual(seeDatabase(maker.database));
    expect(database.tree.digest).toBe(maker.database.tree.digest);
    expect([...database.tree.containers]).toEqual(['/c']);
    expect([...database.tree.ttls]).toEqual(['/t']);
    expect([...(database.tree.ephemeralsOf(sessionId) ?? [])]).toEqual(['/e']);
    expect(database.tree.approximateDataBytes).toBe(maker.database.tree.approximateDataBytes);
  });

  test('a list that came after the table leaves its node closed until the log opens it', () => {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    maker.write(creating('/a'), sessionId);
    const writer = new SnapshotWriter(maker.database, 1);
    const slices = [writer.nextSlice()];
    for (const list of ACLS.slice(1)) {
      maker.write({ op: 'setACL', request: { path: '/a', acl: list, version: -1 } }, sessionId);
    }
    for (let slice = writer.nextSlice(); slice !== undefined; slice = writer.nextSlice()) slices.push(slice);
    const bytes = Buffer.concat(slices.filter((slice) => slice !== undefined));
    const { database } = load({ zxid: writer.zxid, bytes });
    expect(database.tree.get('/a')?.acl).toEqual([{ perms: Perms.ALL, id: { scheme: 'super', id: '' } }]);
    const last = maker.transactions.at(-1);
    if (last) database.apply(last.entry);
    expect(database.tree.get('/a')?.acl).toEqual(ACLS[2]);
  });

  test('a snapshot of a server that knew less nodes of its own gives one that can be read', () => {
    const { tree } = emptyDatabase();
    const old = emptyDatabase();
    for (const path of ['/', '/zookeeper', '/zookeeper/quota']) {
      const { data, acl: list, stat } = tree.get(path) ?? {};
      if (stat && list) old.tree.restore({ path, data: data ?? null, acl: list, stat });
    }
    const { database } = load(takeSnapshot(old, () => undefined));
    expect(seeDatabase(database)).toEqual(seeDatabase(old));
    // Compat: Apache demands it of every snapshot.
    const paths = [...old.tree.entries()].map(([path]) => path);
    expect(paths).toEqual([...paths].sort((a, b) => a.length - b.length));
  });

  test('lists that no node has any more are not written', () => {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    const before = maker.database.tree.acls.entries().length;
    maker.write(creating('/a', { acl: ACLS[1] ?? [] }), sessionId);
    maker.write({ op: 'setACL', request: { path: '/a', acl: ACLS[2] ?? [], version: -1 } }, sessionId);
    expect(maker.database.tree.acls.entries()).toHaveLength(before + 1);
    maker.write({ op: 'delete', request: { path: '/a', version: -1 } }, sessionId);
    expect(maker.database.tree.acls.entries()).toHaveLength(before);
  });

  test('limits of quotas are known again, and their counters right', () => {
    const maker = new TransactionMaker();
    const sessionId = maker.openSession();
    maker.write(creating('/q'), sessionId);
    for (const path of ['/zookeeper/quota/q', '/zookeeper/quota/q/zookeeper_stats']) {
      maker.write(creating(path), sessionId);
    }
    maker.write(creating('/zookeeper/quota/q/zookeeper_limits', { data: 'count=5,bytes=-1' }), sessionId);
    maker.write(creating('/q/one', { data: 'four' }), sessionId);
    const { database } = load(takeSnapshot(maker.database, () => undefined));
    expect(database.quota.limitedPathOf('/q/one')).toBe('/q');
    const counters = database.tree.get('/zookeeper/quota/q/zookeeper_stats')?.data;
    expect(new TextDecoder().decode(counters ?? undefined)).toBe('count=2,bytes=4');
  });

  test.each<{ what: string; node: Partial<SnapshotNode> }>([
    { what: 'an access control list that the table lacks', node: { aclId: 77n } },
    { what: 'a node without its parent', node: { path: '/absent/child' } },
  ])('$what is refused', ({ node }) => {
    const loader = new SnapshotLoader(emptyDatabase());
    const { stat } = emptyDatabase().tree.get('/') ?? {};
    if (!stat) throw new Error('a tree without a root');
    expect(() => {
      loader.onNode({ path: '/a', data: null, aclId: -1n, stat, ...node });
    }).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });
});

/** The pure parts of reading and writing znodes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortChildren } from '../../../../../electron/services/znodes/child-order.ts';
import { countSubtree } from '../../../../../electron/services/znodes/count-subtree.ts';
import { CreatedModes } from '../../../../../electron/services/znodes/created-modes.ts';
import { explainWriteFailure } from '../../../../../electron/services/znodes/large-writes.ts';
import { limitsPath, toQuotaDto } from '../../../../../electron/services/znodes/quota.ts';
import { SeenStats, changesSince } from '../../../../../electron/services/znodes/seen-stats.ts';
import type { ReadingClient } from '../../../../../electron/services/connections/open-connection.ts';
import { KeeperError, ProtocolError } from '../../../../../shared/errors.ts';
import type { Stat } from '../../../../../shared/protocol/stat.ts';
import { toZxid } from '../../../../../shared/zxid.ts';

describe('the order of children', () => {
  test('numbers by value, before names by code units', () => {
    expect(sortChildren(['b', '10', '9', 'a', '2', 'B', '1a', 'ä'])).toEqual([
      '2',
      '9',
      '10',
      '1a',
      'B',
      'a',
      'b',
      'ä',
    ]);
  });

  test('sequence numbers with and without padding', () => {
    expect(sortChildren(['0000000010', '0000000009', '7', '007', '0', '00'])).toEqual([
      '0',
      '00',
      '7',
      '007',
      '0000000009',
      '0000000010',
    ]);
    expect(sortChildren(['9'.repeat(30), `1${'0'.repeat(30)}`])).toEqual([
      '9'.repeat(30),
      `1${'0'.repeat(30)}`,
    ]);
  });

  test('nothing is lost, and the order does not depend on the order before', () => {
    const name = fc.oneof(fc.stringMatching(/^[0-9]{1,12}$/), fc.string({ minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        const sorted = sortChildren(names);
        expect([...sorted].sort()).toEqual([...names].sort());
        expect(sortChildren([...names].reverse())).toEqual(sorted);
      }),
    );
  });
});

test('quotas: both forms of the text', () => {
  expect(toQuotaDto('count=5,bytes=-1', 'count=3,bytes=77')).toEqual({
    countLimit: 5,
    bytesLimit: -1,
    countHardLimit: -1,
    bytesHardLimit: -1,
    count: 3,
    bytes: 77,
  });
  expect(toQuotaDto('count=5,bytes=10=;byteHardLimit=9;countHardLimit=7', undefined)).toMatchObject({
    countLimit: 5,
    bytesLimit: 10,
    bytesHardLimit: 9,
    countHardLimit: 7,
    count: -1,
  });
  expect(limitsPath('/a')).toBe('/zookeeper/quota/a/zookeeper_limits');
});

test('large writes: what the client refuses, and what makes a server close the connection, are explained', () => {
  const refused = new ProtocolError('FRAME_TOO_LARGE', 'too large');
  expect(explainWriteFailure(refused, { path: '/a', bytes: 2_000_000 })).toMatchObject({
    code: 'NODE_TOO_LARGE',
    context: { path: '/a' },
    cause: refused,
  });
  const lost = new KeeperError('CONNECTIONLOSS', { path: '/a', server: 's:1' });
  expect(explainWriteFailure(lost, { path: '/a', bytes: 900_000 })).toMatchObject({
    code: 'NODE_TOO_LARGE',
    context: { server: 's:1' },
  });
  expect(explainWriteFailure(lost, { path: '/a', bytes: 100 })).toBe(lost);
  const other = new KeeperError('NOAUTH');
  expect(explainWriteFailure(other, { path: '/a', bytes: 900_000 })).toBe(other);
});

test('created modes: the same path made again by somebody else is another node', () => {
  const modes = new CreatedModes();
  const node = { connectionId: 'c', path: '/a', czxid: toZxid(1n) };
  modes.remember({ ...node, mode: 'CONTAINER' });
  expect(modes.modeOf(node)).toBe('CONTAINER');
  expect(modes.modeOf({ ...node, czxid: toZxid(2n) })).toBeUndefined();
  expect(modes.modeOf({ ...node, connectionId: 'd' })).toBeUndefined();
});

test('seen stats: what changed since a node was shown', () => {
  const stat = (change: Partial<Stat> = {}): Stat =>
    ({ czxid: toZxid(1n), mzxid: toZxid(1n), pzxid: toZxid(1n), ...change }) as Stat;
  const seen = stat();
  expect(changesSince('/a', { seen, now: stat() })).toEqual([]);
  expect(changesSince('/a', { seen, now: null })).toEqual([{ kind: 'deleted', path: '/a' }]);
  expect(
    changesSince('/a', { seen, now: stat({ mzxid: toZxid(2n), pzxid: toZxid(3n) }) }).map(({ kind }) => kind),
  ).toEqual(['data', 'children']);
  expect(changesSince('/a', { seen, now: stat({ czxid: toZxid(2n) }) }).map(({ kind }) => kind)).toEqual([
    'deleted',
    'created',
  ]);
  const stats = new SeenStats();
  stats.remember({ connectionId: 'c', path: '/a', stat: seen, way: 'data' });
  for (let i = 0; i < 20_000; i++)
    stats.remember({ connectionId: 'c', path: `/b${i}`, stat: seen, way: 'data' });
  expect(stats.get({ connectionId: 'c', path: '/a' })).toBeUndefined();
  expect(stats.get({ connectionId: 'c', path: '/b1' })).toBeDefined();
});

test('seen stats: a newer summary does not hide that the data on screen is older', () => {
  const stat = (zxid: bigint): Stat =>
    ({ czxid: toZxid(1n), mzxid: toZxid(zxid), pzxid: toZxid(1n) }) as Stat;
  const stats = new SeenStats();
  const node = { connectionId: 'c', path: '/a' };
  stats.remember({ ...node, stat: stat(2n), way: 'data' });
  stats.remember({ ...node, stat: stat(3n), way: 'summary' });
  const seen = stats.get(node)!;
  expect(changesSince('/a', { seen, now: stat(3n) })).toEqual([{ kind: 'data', path: '/a' }]);
  stats.remember({ ...node, stat: stat(3n), way: 'data' });
  expect(changesSince('/a', { seen: stats.get(node)!, now: stat(3n) })).toEqual([]);
});

describe('counting a subtree', () => {
  const tree: Record<string, string[]> = {
    '/': ['a', 'zookeeper'],
    '/a': ['x', 'y'],
    '/a/x': ['z'],
    '/zookeeper': ['quota'],
  };
  const client = (knowsCount: boolean): ReadingClient => {
    const below = (path: string): number =>
      (tree[path] ?? []).reduce(
        (sum, name) => sum + 1 + below(path === '/' ? `/${name}` : `${path}/${name}`),
        0,
      );
    const walker: Partial<ReadingClient> = {
      getAllChildrenNumber: async (path) => {
        if (!knowsCount) throw new KeeperError('UNIMPLEMENTED', { path });
        return below(path);
      },
      getChildren: async (path) => ({ children: tree[path] ?? [], stat: {} as Stat }),
    };
    return walker as ReadingClient;
  };

  test.each([true, false])('the server counts: %s', async (knowsCount) => {
    expect(await countSubtree(client(knowsCount), { path: '/a', chroot: '' })).toBe(4);
    // Neither the root nor ZooKeeper's own nodes are ever deleted.
    expect(await countSubtree(client(knowsCount), { path: '/', chroot: '' })).toBe(4);
    expect(await countSubtree(client(knowsCount), { path: '/', chroot: '/app' })).toBe(6);
  });
});

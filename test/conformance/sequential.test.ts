/** The numbers of sequential nodes: creations in the parent so far, ten digits (PROTOCOL.md 2.4). */
import { expect, test } from 'vitest';
import { BENCH_CONFIG, conformance, expectCode } from './bench.ts';

conformance('sequential', BENCH_CONFIG, (bench) => {
  test('numbers begin with 0 and have ten digits', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const paths: string[] = [];
    for (let count = 0; count < 3; count++) {
      paths.push((await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' })).path);
    }
    expect(paths).toEqual([0, 1, 2].map((number) => `${base}/n-000000000${number}`));
  });

  test('every creation in the parent counts, whatever its name or kind', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/plain`);
    await client.create(`${base}/e`, { mode: 'EPHEMERAL' });
    await client.create(`${base}/other-`, { mode: 'EPHEMERAL_SEQUENTIAL' });
    const { path } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/n-0000000003`);
  });

  test('deletions do not turn the number back', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const { path: first } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    await client.delete(first);
    const { path } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/n-0000000001`);
  });

  test('a failed creation does not count', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/taken`);
    await expectCode(client.create(`${base}/taken`), 'NODEEXISTS');
    const { path } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/n-0000000001`);
  });

  test('a grandchild does not count', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/child`);
    await client.create(`${base}/child/grandchild`);
    const { path } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/n-0000000001`);
  });

  test('a name of nothing but the number', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const { path } = await client.create(`${base}/`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/0000000000`);
  });

  test('ephemeral sequential nodes are both', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const { path, stat } = await client.create(`${base}/lock-`, { mode: 'EPHEMERAL_SEQUENTIAL' });
    expect(path).toBe(`${base}/lock-0000000000`);
    expect(stat.ephemeralOwner).toBe(client.facts.sessionId);
  });

  test('sequential TTL nodes', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const options = { mode: 'PERSISTENT_SEQUENTIAL_WITH_TTL', ttlMs: 100_000 } as const;
    expect((await client.create(`${base}/t-`, options)).path).toBe(`${base}/t-0000000000`);
    expect((await client.create(`${base}/t-`, options)).path).toBe(`${base}/t-0000000001`);
  });

  test('pipelined creations of two clients never share a number', async () => {
    const clients = [await bench.connect(), await bench.connect()] as const;
    const base = await bench.freshNode(clients[0]);
    const created = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        clients[at % 2 === 0 ? 0 : 1].create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' }),
      ),
    );
    expect(new Set(created.map(({ path }) => path)).size).toBe(100);
    const { children } = await clients[0].getChildren(base);
    expect([...children].sort().at(-1)).toBe('n-0000000099');
  });

  test('numbers within a multi go on from part to part', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const part = { op: 'create', path: `${base}/n-`, mode: 'PERSISTENT_SEQUENTIAL' } as const;
    const results = await client.multi([part, part, part]);
    expect(results.map((result) => (result.op === 'create' ? result.path : ''))).toEqual(
      [0, 1, 2].map((number) => `${base}/n-000000000${number}`),
    );
  });

  test('numbers of a failed multi are given again', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const part = { op: 'create', path: `${base}/n-`, mode: 'PERSISTENT_SEQUENTIAL' } as const;
    await expectCode(client.multi([part, { op: 'check', path: `${base}/missing` }]), 'NONODE');
    const { path } = await client.create(`${base}/n-`, { mode: 'PERSISTENT_SEQUENTIAL' });
    expect(path).toBe(`${base}/n-0000000000`);
  });
});

/** Quotas: statistics, soft limits, enforced hard limits (PROTOCOL.md 2.14). */
import { expect, test } from 'vitest';
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import { BENCH_CONFIG, bytes, conformance, expectCode, text } from './bench.ts';

const CONFIG = { ...BENCH_CONFIG, enforceQuota: 'true' };
const QUOTA = '/zookeeper/quota';

async function setQuota(client: ZooKeeperClient, path: string, limits: string): Promise<void> {
  let node = QUOTA;
  for (const segment of path.slice(1).split('/')) {
    node += `/${segment}`;
    if ((await client.exists(node)) === null) await client.create(node);
  }
  await client.create(`${node}/zookeeper_limits`, { data: bytes(limits) });
  await client.create(`${node}/zookeeper_stats`, { data: bytes('count=0,bytes=0') });
}

/** `count` and `bytes` of the statistics; extended formats carry more behind them. */
async function usage(client: ZooKeeperClient, path: string): Promise<{ count: number; bytes: number }> {
  const { data } = await client.getData(`${QUOTA}${path}/zookeeper_stats`);
  const fields = new Map(
    text(data)
      .split(/[,;]+/)
      .map((field) => field.split('=') as [string, string]),
  );
  return { count: Number(fields.get('count')), bytes: Number(fields.get('bytes')) };
}

conformance('quota', CONFIG, (bench) => {
  test('statistics: begin with what is there, the node itself included', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client, bytes('12345'));
    await client.create(`${path}/a`, { data: bytes('123') });
    await client.create(`${path}/a/b`);
    await setQuota(client, path, 'count=100,bytes=1000');
    expect(await usage(client, path)).toEqual({ count: 3, bytes: 8 });
  });

  test('statistics: follow creations, changes and deletions', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=100,bytes=1000');
    await client.create(`${path}/a`, { data: bytes('1234') });
    expect(await usage(client, path)).toEqual({ count: 2, bytes: 4 });
    await client.setData(`${path}/a`, bytes('1234567'));
    expect(await usage(client, path)).toEqual({ count: 2, bytes: 7 });
    await client.setData(`${path}/a`, null);
    expect(await usage(client, path)).toEqual({ count: 2, bytes: 0 });
    await client.delete(`${path}/a`);
    expect(await usage(client, path)).toEqual({ count: 1, bytes: 0 });
  });

  test('statistics: ephemerals of a closed session are taken off', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=100,bytes=1000');
    const owner = await bench.connect();
    await owner.create(`${path}/e`, { mode: 'EPHEMERAL', data: bytes('12') });
    expect(await usage(client, path)).toEqual({ count: 2, bytes: 2 });
    await owner.close();
    expect(await usage(client, path)).toEqual({ count: 1, bytes: 0 });
  });

  test('statistics: a sibling whose name begins alike does not count', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=100,bytes=1000');
    await client.create(`${path}x`, { data: bytes('1') });
    expect(await usage(client, path)).toEqual({ count: 1, bytes: 0 });
  });

  test('soft limits: are only counted', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=1,bytes=1');
    await client.create(`${path}/a`, { data: bytes('12345') });
    await client.create(`${path}/b`);
    expect(await usage(client, path)).toEqual({ count: 3, bytes: 5 });
  });

  test('hard count: a creation beyond it is QUOTAEXCEEDED', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=2');
    await client.create(`${path}/a`);
    await expectCode(client.create(`${path}/b`), 'QUOTAEXCEEDED');
    expect((await client.getChildren(path)).children).toEqual(['a']);
  });

  test('hard count: a deletion makes room', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=2');
    await client.create(`${path}/a`);
    await client.delete(`${path}/a`);
    await client.create(`${path}/b`);
  });

  test('hard count: holds for all depths', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=3');
    await client.create(`${path}/a`);
    await client.create(`${path}/a/b`);
    await expectCode(client.create(`${path}/a/b/c`), 'QUOTAEXCEEDED');
  });

  test('hard bytes: data beyond it is QUOTAEXCEEDED, in create and setData', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;byteHardLimit=10');
    await expectCode(client.create(`${path}/a`, { data: bytes('12345678901') }), 'QUOTAEXCEEDED');
    await client.create(`${path}/a`, { data: bytes('1234567890') });
    await expectCode(client.setData(`${path}/a`, bytes('12345678901')), 'QUOTAEXCEEDED');
    expect((await client.setData(`${path}/a`, bytes('abcdefghij'))).version).toBe(1);
  });

  test('hard limits: a multi that exceeds one changes nothing', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=1');
    const multi = client.multi([
      { op: 'setData', path, data: bytes('x') },
      { op: 'create', path: `${path}/a` },
    ]);
    await expectCode(multi, 'QUOTAEXCEEDED');
    expect((await client.exists(path))?.version).toBe(0);
  });

  test('removing the limits ends them', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=1');
    await expectCode(client.create(`${path}/a`), 'QUOTAEXCEEDED');
    await client.delete(`${QUOTA}${path}/zookeeper_limits`);
    await client.delete(`${QUOTA}${path}/zookeeper_stats`);
    await client.create(`${path}/a`);
  });
});

conformance('quota not enforced', BENCH_CONFIG, (bench) => {
  test('hard limits are only counted without enforceQuota', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await setQuota(client, path, 'count=-1,bytes=-1=;countHardLimit=1');
    await client.create(`${path}/a`);
    expect((await usage(client, path)).count).toBe(2);
  });
});

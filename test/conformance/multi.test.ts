/** Several operations as one (PROTOCOL.md 2.5, 7.8). */
import { expect, test } from 'vitest';
import { MultiError } from '../../electron/client/multi.ts';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { multi } from '../../shared/protocol/multi.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { BENCH_CONFIG, bytes, conformance, eventLog, expectCode, text } from './bench.ts';

async function failedMulti(promise: Promise<unknown>, code: string): Promise<MultiError> {
  const error = await expectCode(promise, code);
  if (!(error instanceof MultiError)) throw new Error('expected a MultiError', { cause: error });
  return error;
}

conformance('multi', BENCH_CONFIG, (bench) => {
  test('every kind of part answers in its own way', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/old`);
    const results = await client.multi([
      { op: 'check', path: base, version: 0 },
      { op: 'create', path: `${base}/new`, data: bytes('x') },
      { op: 'setData', path: `${base}/new`, data: bytes('longer') },
      { op: 'delete', path: `${base}/old` },
    ]);
    expect(results.map(({ op }) => op)).toEqual(['check', 'create', 'setData', 'delete']);
    expect(results[1]).toEqual({ op: 'create', path: `${base}/new`, stat: undefined });
    expect(results[2]).toMatchObject({ stat: { dataLength: 6, version: 1 } });
    expect((await client.getChildren(base)).children).toEqual(['new']);
  });

  test('one zxid for all parts', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.multi([
      { op: 'create', path: `${base}/a` },
      { op: 'create', path: `${base}/b` },
      { op: 'setData', path: base, data: null },
    ]);
    const [a, b, parent] = await Promise.all([
      client.exists(`${base}/a`),
      client.exists(`${base}/b`),
      client.exists(base),
    ]);
    const zxid = client.facts.lastZxidSeen;
    expect([a?.czxid, b?.czxid, parent?.mzxid, parent?.pzxid]).toEqual([zxid, zxid, zxid, zxid]);
  });

  test('a part sees what the parts before it did', async () => {
    const client = await bench.connect();
    const base = bench.freshPath();
    await client.multi([
      { op: 'create', path: base },
      { op: 'create', path: `${base}/child` },
      { op: 'check', path: `${base}/child`, version: 0 },
      { op: 'setData', path: base, data: null, version: 0 },
      { op: 'delete', path: `${base}/child` },
      { op: 'delete', path: base, version: 1 },
      { op: 'create', path: base, data: bytes('again') },
    ]);
    expect(text((await client.getData(base)).data)).toBe('again');
    expect((await client.exists(base))?.version).toBe(0);
  });

  test('all seven modes of create', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const results = await client.multi([
      { op: 'create', path: `${base}/p` },
      { op: 'create', path: `${base}/e`, mode: 'EPHEMERAL' },
      { op: 'create', path: `${base}/s-`, mode: 'PERSISTENT_SEQUENTIAL' },
      { op: 'create', path: `${base}/es-`, mode: 'EPHEMERAL_SEQUENTIAL' },
      { op: 'create', path: `${base}/c`, mode: 'CONTAINER' },
      { op: 'create', path: `${base}/t`, mode: 'PERSISTENT_WITH_TTL', ttlMs: 100_000 },
      { op: 'create', path: `${base}/ts-`, mode: 'PERSISTENT_SEQUENTIAL_WITH_TTL', ttlMs: 100_000 },
    ]);
    const paths = results.map((result) => (result.op === 'create' ? result.path.slice(base.length) : ''));
    expect(paths).toEqual(['/p', '/e', '/s-0000000002', '/es-0000000003', '/c', '/t', '/ts-0000000006']);
    expect(await client.getEphemerals(base)).toHaveLength(2);
    const withStat = results.filter((result) => result.op === 'create' && result.stat !== undefined);
    expect(withStat).toEqual([results[4], results[5], results[6]]);
  });

  test('a failing part undoes everything and is named', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client, bytes('before'));
    const error = await failedMulti(
      client.multi([
        { op: 'setData', path: base, data: bytes('after') },
        { op: 'create', path: `${base}/child` },
        { op: 'delete', path: `${base}/missing` },
        { op: 'create', path: `${base}/never` },
      ]),
      'NONODE',
    );
    expect(error.failedIndex).toBe(2);
    expect(error.context.path).toBe(`${base}/missing`);
    expect(error.codes).toEqual([undefined, undefined, 'NONODE', 'RUNTIMEINCONSISTENCY']);
    const { data, stat } = await client.getData(base);
    expect([text(data), stat.version, stat.cversion, stat.numChildren]).toEqual(['before', 0, 0, 0]);
  });

  test('a failing first part', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const error = await failedMulti(
      client.multi([
        { op: 'create', path: base },
        { op: 'delete', path: base },
      ]),
      'NODEEXISTS',
    );
    expect(error.codes).toEqual(['NODEEXISTS', 'RUNTIMEINCONSISTENCY']);
    expect(await client.exists(base)).not.toBeNull();
  });

  test('after a failed multi later writes go on as if it had not been', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const [failed, version] = await Promise.all([
      expectCode(
        client.multi([
          { op: 'delete', path: base },
          { op: 'delete', path: base },
        ]),
        'NONODE',
      ),
      client.setData(base, null, { version: 0 }),
    ]);
    expect(failed.code).toBe('NONODE');
    expect(version.version).toBe(1);
  });

  test('check: a wrong version is BADVERSION, a missing node NONODE', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await failedMulti(client.multi([{ op: 'check', path: base, version: 3 }]), 'BADVERSION');
    await failedMulti(client.multi([{ op: 'check', path: `${base}/missing` }]), 'NONODE');
    expect(await client.multi([{ op: 'check', path: base }])).toEqual([{ op: 'check' }]);
  });

  test('the same node twice is NODEEXISTS at the second', async () => {
    const client = await bench.connect();
    const path = bench.freshPath();
    const error = await failedMulti(
      client.multi([
        { op: 'create', path },
        { op: 'create', path },
      ]),
      'NODEEXISTS',
    );
    expect(error.failedIndex).toBe(1);
    expect(await client.exists(path)).toBeNull();
  });

  test('a parent before its child is NOTEMPTY, behind it it goes', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.create(`${base}/child`);
    const parent = { op: 'delete', path: base } as const;
    const child = { op: 'delete', path: `${base}/child` } as const;
    await failedMulti(client.multi([parent, child]), 'NOTEMPTY');
    await client.multi([child, parent]);
    expect(await client.exists(base)).toBeNull();
  });

  test('a bad version in the middle', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const set = { op: 'setData', path: base, data: null } as const;
    const error = await failedMulti(client.multi([set, { ...set, version: 0 }, set]), 'BADVERSION');
    expect(error.failedIndex).toBe(1);
  });

  test('none at all is fine and takes a zxid', async () => {
    const client = await bench.connect();
    const { stat } = await client.create(bench.freshPath());
    expect(await client.multi([])).toEqual([]);
    expect(client.facts.lastZxidSeen).toBe(stat.czxid + 1n);
  });

  test('a hundred parts', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    await client.multi(
      Array.from({ length: 100 }, (_, at) => ({ op: 'create' as const, path: `${base}/n${at}` })),
    );
    expect(await client.exists(base)).toMatchObject({ numChildren: 100, cversion: 100 });
  });

  test('events of all parts come in their order; a failed multi has none', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client);
    const log = eventLog();
    await client.addWatch(base, 'persistentRecursive', log.listener);
    await expectCode(
      client.multi([
        { op: 'create', path: `${base}/no` },
        { op: 'delete', path: `${base}/x` },
      ]),
      'NONODE',
    );
    await client.multi([
      { op: 'create', path: `${base}/a` },
      { op: 'setData', path: base, data: null },
      { op: 'delete', path: `${base}/a` },
    ]);
    expect(log.lines).toEqual([`NodeCreated ${base}/a`, `NodeDataChanged ${base}`, `NodeDeleted ${base}/a`]);
  });

  test('a create2 part is answered as create, by its flags', async () => {
    const path = bench.freshPath();
    const raw = await bench.rawConnect();
    const request = { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 };
    const reply = await raw.request(1, multi, [{ op: 'create2', request }]);
    expect(multi.decodeResponse(reply.body)).toEqual([{ op: 'create', path }]);
  });

  test('multiRead: every part succeeds or fails on its own', async () => {
    const client = await bench.connect();
    const base = await bench.freshNode(client, bytes('data'));
    await client.create(`${base}/child`);
    const results = await client.multiRead([
      { op: 'getData', path: base },
      { op: 'getChildren', path: `${base}/missing` },
      { op: 'getChildren', path: base },
      { op: 'getData', path: `${base}/missing` },
    ]);
    expect(results[0]).toEqual({ op: 'getData', ...(await client.getData(base)) });
    expect(results[1]).toMatchObject({
      op: 'error',
      error: { code: 'NONODE', context: { path: `${base}/missing` } },
    });
    expect(results[2]).toEqual({ op: 'getChildren', children: ['child'] });
    expect(results[3]).toMatchObject({ op: 'error', error: { code: 'NONODE' } });
  });

  test('multiRead: none at all', async () => {
    const client = await bench.connect();
    expect(await client.multiRead([])).toEqual([]);
  });

  test('multiRead: watch flags are ignored', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    const raw = await bench.rawConnect();
    raw.send({ xid: 1, type: OpCode.multiRead }, (writer) => {
      writer.writeInt(OpCode.getData);
      writer.writeBool(false);
      writer.writeInt(-1);
      getData.encodeRequest(writer, { path, watch: true });
      writer.writeInt(-1);
      writer.writeBool(true);
      writer.writeInt(-1);
    });
    expect(await raw.nextReply()).toMatchObject({ xid: 1, err: 0 });
    await client.setData(path, null);
    expect(await raw.request(2, getData, { path, watch: false })).toMatchObject({ xid: 2, err: 0 });
  });

  test.each([
    ['multi', OpCode.multi],
    ['multiRead', OpCode.multiRead],
  ])('%s: reads and writes mixed are MARSHALLINGERROR', async (_name, type) => {
    const raw = await bench.rawConnect();
    raw.send({ xid: 1, type }, (writer) => {
      for (const [op, encode] of [
        [
          OpCode.getData,
          () => {
            getData.encodeRequest(writer, { path: '/', watch: false });
          },
        ],
        [
          OpCode.delete,
          () => {
            deleteNode.encodeRequest(writer, { path: '/nowhere', version: -1 });
          },
        ],
      ] as const) {
        writer.writeInt(op);
        writer.writeBool(false);
        writer.writeInt(-1);
        encode();
      }
      writer.writeInt(-1);
      writer.writeBool(true);
      writer.writeInt(-1);
    });
    expect(await raw.nextReply()).toMatchObject({ xid: 1, err: -5 });
  });
});

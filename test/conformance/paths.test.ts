/** Which paths a server takes when a client does not check them (PROTOCOL.md 2.13), and that ours checks them. */
import { expect, test } from 'vitest';
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create2 } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { exists } from '../../shared/protocol/exists.ts';
import { getChildren2 } from '../../shared/protocol/get-children.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { setACL } from '../../shared/protocol/set-acl.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { BENCH_CONFIG, conformance, expectCode } from './bench.ts';

const BAD_PATHS: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['relative', 'a'],
  ['ending with a slash', '/zookeeper/'],
  ['an empty segment', '//'],
  ['.', '/.'],
  ['..', '/zookeeper/..'],
  ['NUL', '/a\u0000b'],
  ['a control character', '/a\u0001b'],
  ['DEL', '/a\u007f'],
  ['a C1 control character', '/a\u009f'],
  ['a private use character', '/a\uf000'],
  ['a non-character', '/a\uffff'],
];

conformance('paths', BENCH_CONFIG, (bench) => {
  test.each(BAD_PATHS)('create: %s is BADARGUMENTS', async (_what, path) => {
    const raw = await bench.rawConnect();
    const reply = await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    expect(reply.err).toBe(-8);
  });

  test.each(['/zookeeper//a', '/zookeeper/../a', '/a/'])('create: %s has no parent', async (path) => {
    const raw = await bench.rawConnect();
    const reply = await raw.request(1, create2, { path, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    expect(reply.err).toBe(-101);
  });

  test.each(BAD_PATHS)('the client: %s is BAD_PATH before it is sent', async (_what, path) => {
    const client = await bench.connect();
    await expectCode(client.create(path), 'BAD_PATH');
    await expectCode(client.getData(path), 'BAD_PATH');
  });

  test.each([
    ['setData', setData, { data: null, version: -1 }],
    ['setACL', setACL, { acl: OPEN_ACL_UNSAFE, version: -1 }],
  ] as const)('%s: a relative path is BADARGUMENTS', async (_name, operation, rest) => {
    const raw = await bench.rawConnect();
    raw.send({ xid: 1, type: operation.opCode }, (writer) => {
      operation.encodeRequest(writer, { path: 'relative', ...rest } as never);
    });
    expect((await raw.nextReply()).err).toBe(-8);
  });

  test.each([
    ['exists', exists],
    ['getData', getData],
    ['getChildren2', getChildren2],
  ] as const)('%s: an odd path is just not there', async (_name, operation) => {
    const raw = await bench.rawConnect();
    const answers = [];
    for (const path of ['a', '/a/', '/a//b', '/..']) {
      answers.push((await raw.request(answers.length + 1, operation, { path, watch: false })).err);
    }
    expect(answers).toEqual([-101, -101, -101, -101]);
  });

  test('delete: a relative path is BADARGUMENTS, an odd one not there', async () => {
    const raw = await bench.rawConnect();
    expect((await raw.request(1, deleteNode, { path: 'a', version: -1 })).err).toBe(-8);
    expect((await raw.request(2, deleteNode, { path: '/a//b', version: -1 })).err).toBe(-101);
  });
});

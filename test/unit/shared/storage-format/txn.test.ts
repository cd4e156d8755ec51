/** Log entries: bytes that Apache 3.8.0 wrote (PROTOCOL.md 6.2), and that every transaction survives its encoding. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import {
  type LogEntry,
  type Txn,
  decodeLogEntry,
  encodeLogEntry,
} from '../../../../shared/storage-format/txn.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const HEADER = { clientId: toSessionId(0x1n), cxid: 2, zxid: toZxid(3n), timeMs: 4n };
const DIGEST = { version: 2, treeDigest: 0x51c6d660n };

function encode(entry: LogEntry): Uint8Array {
  const writer = new JuteWriter();
  encodeLogEntry(writer, entry);
  return writer.finish();
}

function hex(txn: Txn, digest: LogEntry['digest']): string {
  return Buffer.from(encode({ header: HEADER, txn, digest })).toString('hex');
}

const HEADER_HEX = '0000000000000001' + '00000002' + '0000000000000003' + '0000000000000004';

describe('txn: bytes of Apache', () => {
  test('createSession with the digest of a fresh tree', () => {
    expect(hex({ op: 'createSession', timeoutMs: 10_000 }, DIGEST)).toBe(
      `${HEADER_HEX}fffffff6` + '00002710' + '000000020000000051c6d660',
    );
  });

  test('an error has no digest and takes 36 bytes', () => {
    expect(hex({ op: 'error', err: -110 }, undefined)).toBe(`${HEADER_HEX}ffffffff` + 'ffffff92');
  });

  test('closeSession lists its paths', () => {
    expect(hex({ op: 'closeSession', paths: ['/nn'] }, undefined)).toBe(
      `${HEADER_HEX}fffffff5` + '00000001' + '000000032f6e6e',
    );
  });

  test('parts of a multi carry their length', () => {
    const txns: Txn[] = [
      { op: 'delete', path: '/a' },
      { op: 'error', err: -101 },
      { op: 'error', err: -2 },
    ];
    expect(hex({ op: 'multi', txns }, undefined)).toBe(
      `${HEADER_HEX}0000000e` +
        '00000003' +
        '0000000200000006000000022f61' +
        'ffffffff00000004ffffff9b' +
        'ffffffff00000004fffffffe',
    );
  });
});

describe('txn: old logs', () => {
  test('a create without parentCVersion means "one more"', () => {
    const full = encode({
      header: HEADER,
      txn: {
        op: 'create',
        path: '/a',
        data: null,
        acl: OPEN_ACL_UNSAFE,
        ephemeral: false,
        parentCVersion: 7,
      },
      digest: undefined,
    });
    const { txn } = decodeLogEntry(new JuteReader(full.subarray(0, full.length - 4)));
    expect(txn).toMatchObject({ op: 'create', parentCVersion: -1 });
  });

  test('a closeSession without a body lists nothing', () => {
    const bytes = encode({ header: HEADER, txn: { op: 'closeSession', paths: null }, digest: undefined });
    expect(decodeLogEntry(new JuteReader(bytes)).txn).toEqual({ op: 'closeSession', paths: null });
  });
});

test('txn: a multi inside a multi is refused, however deep', () => {
  const bytes = encode({
    header: HEADER,
    txn: { op: 'multi', txns: [{ op: 'multi', txns: [] }] },
    digest: undefined,
  });
  expect(() => decodeLogEntry(new JuteReader(bytes))).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
});

const path = fc.string({ minLength: 1 }).map((name) => `/${name.replace(/[\ud800-\udfff]/g, '')}`);
const data = fc.option(fc.uint8Array());
const int = fc.integer();
const created = { path, data, acl: fc.constant(OPEN_ACL_UNSAFE), parentCVersion: int };
const simpleTxn: fc.Arbitrary<Txn> = fc.oneof(
  fc.record({
    op: fc.constantFrom('create' as const, 'create2' as const),
    ...created,
    ephemeral: fc.boolean(),
  }),
  fc.record({ op: fc.constant('createContainer' as const), ...created }),
  fc.record({ op: fc.constant('createTTL' as const), ...created, ttlMs: fc.bigInt(1n, 0xff_ffff_ffffn) }),
  fc.record({ op: fc.constantFrom('delete' as const, 'deleteContainer' as const), path }),
  fc.record({ op: fc.constantFrom('setData' as const, 'reconfig' as const), path, data, version: int }),
  fc.record({ op: fc.constant('setACL' as const), path, acl: fc.constant(OPEN_ACL_UNSAFE), version: int }),
  fc.record({ op: fc.constant('check' as const), path, version: int }),
  fc.record({ op: fc.constant('createSession' as const), timeoutMs: int }),
  fc.record({ op: fc.constant('closeSession' as const), paths: fc.array(path) }),
  fc.record({ op: fc.constant('error' as const), err: int }),
);
const anyTxn = fc.oneof(
  simpleTxn,
  fc.record({ op: fc.constant('multi' as const), txns: fc.array(simpleTxn) }),
);

test('txn: every entry comes back as it was written', () => {
  fc.assert(
    fc.property(anyTxn, fc.boolean(), (txn, hasDigest) => {
      const entry: LogEntry = { header: HEADER, txn, digest: hasDigest ? DIGEST : undefined };
      expect(decodeLogEntry(new JuteReader(encode(entry)))).toEqual(entry);
    }),
  );
});

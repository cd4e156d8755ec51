/** What crosses the wire between shell and renderer arrives as what it was, through oRPC's own serializer. */
import { StandardRPCJsonSerializer } from '@orpc/client/standard';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BugError } from '../../../../shared/assert.ts';
import { customJsonSerializers } from '../../../../shared/api/serializers.ts';
import { ZnodeDto } from '../../../../shared/api/znodes.ts';

const serializer = new StandardRPCJsonSerializer({ customJsonSerializers });

/** Through JSON text and back, as a WebSocket does it. */
function acrossTheWire(value: unknown): unknown {
  const [json, meta] = serializer.serialize(value);
  const text = JSON.stringify({ json, meta });
  const arrived = JSON.parse(text) as { json: unknown; meta: typeof meta };
  return serializer.deserialize(arrived.json, arrived.meta);
}

const STAT = {
  czxid: '0x1',
  mzxid: '0x1',
  pzxid: '0x1',
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0x0',
  dataLength: 3,
  numChildren: 0,
};

describe('serializers', () => {
  test('any bytes arrive as those bytes, wherever they stand', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const value = { data: first, more: [second, null, { data: first }], text: 'x' };
        expect(acrossTheWire(value)).toEqual(value);
      }),
    );
  });

  test('empty bytes stay bytes, null stays null', () => {
    expect(acrossTheWire({ data: new Uint8Array(0) })).toEqual({ data: new Uint8Array(0) });
    expect(acrossTheWire({ data: null })).toEqual({ data: null });
  });

  test('a Buffer arrives as plain bytes', () => {
    expect(acrossTheWire(Buffer.from('abc'))).toEqual(Uint8Array.of(0x61, 0x62, 0x63));
  });

  test('what arrived passes the contract', () => {
    const znode = { path: '/a', data: Uint8Array.of(0, 0xff, 0x80), stat: STAT };
    expect(ZnodeDto.parse(acrossTheWire(znode))).toEqual(znode);
  });

  test('without them the contract would refuse, instead of saving an object as data', () => {
    const plain = new StandardRPCJsonSerializer();
    const [json, meta] = plain.serialize({ path: '/a', data: Uint8Array.of(1), stat: STAT });
    const arrived = plain.deserialize(JSON.parse(JSON.stringify(json)), meta);
    expect(ZnodeDto.safeParse(arrived).success).toBe(false);
  });

  test.each([[7], ['not base64!'], [undefined], [{}]])('%j in place of bytes is a bug', (serialized) => {
    expect(() => customJsonSerializers[0]!.deserialize(serialized)).toThrow(BugError);
  });
});

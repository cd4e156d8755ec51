/** Epoch and counter, hex both ways, and the sign. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ZXID_COUNTER_MAX,
  ZXID_NONE,
  formatZxid,
  makeZxid,
  parseHex64,
  toZxid,
  zxidCounter,
  zxidEpoch,
  zxidFromHex,
  zxidToHex,
} from '../../../shared/zxid.ts';

const anyZxid = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(toZxid);

describe('zxid', () => {
  test('epoch in the high half, counter in the low half', () => {
    const zxid = makeZxid({ epoch: 5, counter: 0x1c });
    expect(zxid).toBe(0x5_0000_001cn);
    expect(zxidEpoch(zxid)).toBe(5);
    expect(zxidCounter(zxid)).toBe(0x1c);
    expect(zxidToHex(zxid)).toBe('0x50000001c');
    expect(formatZxid(zxid)).toBe('0x5_0000001c');
  });

  test('any epoch and counter come apart again', () => {
    fc.assert(
      fc.property(fc.nat(0x7fff_ffff), fc.nat(ZXID_COUNTER_MAX), (epoch, counter) => {
        const zxid = makeZxid({ epoch, counter });
        expect(zxidEpoch(zxid)).toBe(epoch);
        expect(zxidCounter(zxid)).toBe(counter);
      }),
    );
  });

  test('the largest counter does not reach the epoch', () => {
    expect(makeZxid({ epoch: 1, counter: ZXID_COUNTER_MAX })).toBe(0x1_ffff_ffffn);
  });

  test('hex is read back, with and without 0x, whatever the sign', () => {
    fc.assert(
      fc.property(anyZxid, (zxid) => {
        expect(zxidFromHex(zxidToHex(zxid))).toBe(zxid);
        expect(zxidFromHex(zxidToHex(zxid).slice(2).toUpperCase())).toBe(zxid);
      }),
    );
  });

  test('-1, the zxid of notifications, is 16 times f', () => {
    expect(zxidToHex(toZxid(-1n))).toBe('0xffffffffffffffff');
    expect(formatZxid(toZxid(-1n))).toBe('0xffffffff_ffffffff');
    expect(toZxid(0xffff_ffff_ffff_ffffn)).toBe(-1n);
    expect(zxidToHex(ZXID_NONE)).toBe('0x0');
  });

  test.each(['', '0x', 'g', '0x1g', '0x12345678123456789', '-1', ' 1', '1 ', '0x0x1'])(
    '%j is not hex',
    (text) => {
      expect(() => parseHex64(text)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
    },
  );
});

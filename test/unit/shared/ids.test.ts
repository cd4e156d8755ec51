/** Session ids and the passwords that Apache's servers derive from them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  initialSessionId,
  sessionIdFromHex,
  sessionIdToHex,
  sessionPassword,
  toSessionId,
} from '../../../shared/ids.ts';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('session ids', () => {
  test('the first one has the sid on top, then time, then a counter from 0', () => {
    expect(sessionIdToHex(initialSessionId({ elapsedMs: 0, sid: 1 }))).toBe('0x100000000000000');
    expect(sessionIdToHex(initialSessionId({ elapsedMs: 1, sid: 3 }))).toBe('0x300000000010000');
    expect(sessionIdToHex(initialSessionId({ elapsedMs: 0x1f68b5, sid: 1 }))).toBe('0x100001f68b50000');
  });

  test('wall time that fills more than 40 bits loses its top, never reaches the sid', () => {
    const elapsedMs = 0x1_a1fd_1eae_b5ab;
    expect(sessionIdToHex(initialSessionId({ elapsedMs, sid: 2 }))).toBe('0x2fd1eaeb5ab0000');
  });

  test.each([1, 127, 128, 254, 255])('sid %i gives a signed 64-bit id', (sid) => {
    const first = initialSessionId({ elapsedMs: 12_345, sid });
    expect(BigInt.asIntN(64, first)).toBe(first);
    expect(BigInt.asUintN(64, first) >> 56n).toBe(BigInt(sid));
    expect(first < 0n).toBe(sid >= 128);
  });

  test('-2^63 marks containers, so no session starts there', () => {
    expect(initialSessionId({ elapsedMs: 0, sid: 128 })).toBe(-(2n ** 63n) + 1n);
  });

  test('hex both ways, whatever the sign', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const sessionId = toSessionId(value);
        expect(sessionIdFromHex(sessionIdToHex(sessionId))).toBe(sessionId);
      }),
    );
    expect(() => sessionIdFromHex('0xzz')).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
  });
});

describe('session passwords', () => {
  // Seen on the wire of Apache 3.8.0 (PROTOCOL.md 2.3, and test/fixtures/wire for the last one).
  test.each([
    ['0x100001f68b50020', 'e4e7833379a303e46ffd2edfc7c75f44'],
    ['0x100001f68b5001f', '21205d345ab5bdeffd4f4299310168a0'],
    ['0x100001f68b50000', '81c53f347a2f1a48c79e467253adcea1'],
    ['0x100001e2fb70000', '5b8b6e4b4c49be9d3149f0417578df81'],
  ])('of %s', (sessionId, password) => {
    expect(hexOf(sessionPassword(sessionIdFromHex(sessionId)))).toBe(password);
  });

  test('of a negative id is that of its 64 bits', () => {
    // java.util.Random looks at the low 48 bits only.
    const low = 0x0000_1234_5678_9abcn;
    const negative = toSessionId(low | (0xfe00n << 48n));
    expect(negative < 0n).toBe(true);
    expect(hexOf(sessionPassword(negative))).toBe(hexOf(sessionPassword(toSessionId(low))));
  });
});

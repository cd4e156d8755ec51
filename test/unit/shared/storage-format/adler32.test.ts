/** Adler-32 against known values and against its definition. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ADLER32_START, updateAdler32 } from '../../../../shared/storage-format/adler32.ts';

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** RFC 1950 word by word. */
function byDefinition(bytes: Uint8Array): number {
  let a = 1n;
  let b = 0n;
  for (const byte of bytes) {
    a = (a + BigInt(byte)) % 65_521n;
    b = (b + a) % 65_521n;
  }
  return Number((b << 16n) | a);
}

describe('adler32', () => {
  test.each([
    ['', 1],
    ['a', 0x0062_0062],
    ['Wikipedia', 0x11e6_0398],
  ])('%j', (text, expected) => {
    expect(updateAdler32(ADLER32_START, ascii(text))).toBe(expected);
  });

  test('the largest bytes, over many blocks, overflow nothing', () => {
    const bytes = new Uint8Array(1_000_003).fill(0xff);
    expect(updateAdler32(ADLER32_START, bytes)).toBe(byDefinition(bytes));
  });

  test('any bytes in any two pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000, size: 'max' }), fc.nat(), (bytes, cut) => {
        const at = bytes.length === 0 ? 0 : cut % bytes.length;
        const half = updateAdler32(ADLER32_START, bytes, 0, at);
        expect(updateAdler32(half, bytes, at)).toBe(byDefinition(bytes));
      }),
      { numRuns: 50 },
    );
  });
});

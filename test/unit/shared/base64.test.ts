/** base64.ts against Node's Buffer. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../shared/base64.ts';

describe('base64', () => {
  test('encodes as Buffer does, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test('every byte value in every position', () => {
    for (let value = 0; value < 256; value++) {
      for (const bytes of [[value], [0, value], [255, 0, value], [value, value, value, value]]) {
        expect(decodeBase64(encodeBase64(Uint8Array.from(bytes)))).toEqual(Uint8Array.from(bytes));
      }
    }
  });

  test.each(['A', 'AA', 'AAA', 'A===', '====', 'AA=A', '=AAA', 'AAA-', 'AA A', 'AAA\n', 'ÄAAA', 'AAAAA'])(
    '%j is refused',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );

  test('nothing is nothing', () => {
    expect(encodeBase64(new Uint8Array(0))).toBe('');
    expect(decodeBase64('')).toEqual(new Uint8Array(0));
  });

  test('whatever is taken is what Buffer reads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Array.from('ABz09+/=-_ é')), { maxLength: 12 }),
        (characters) => {
          const text = characters.join('');
          const bytes = decodeBase64(text);
          if (bytes !== undefined) expect(Buffer.from(bytes)).toEqual(Buffer.from(text, 'base64'));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

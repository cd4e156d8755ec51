/** utf8.ts against Node's own codecs, which shared code must do without. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, isUtf8, utf8Length, writeUtf8 } from '../../../../shared/jute/utf8.ts';

/** A byte order mark is a character of a znode's data like any other, so it is kept. */
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const encoder = new TextEncoder();

/** Bytes that are mostly UTF-8 but broken here and there: the ends of every range in the standard's table. */
const nearlyUtf8 = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf),
      fc.constantFrom(0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff),
      fc.integer({ min: 0, max: 0xff }),
    ),
    { maxLength: 40 },
  )
  .map((bytes) => Uint8Array.from(bytes));

/** Any UTF-16, lone surrogates included. */
const anyText = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800)),
    { maxLength: 60 },
  )
  .map((units) => String.fromCharCode(...units));

function isStrictlyUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe('utf8: decoding', () => {
  test.each([
    ['overlong two bytes', [0xc0, 0x80]],
    ['overlong three bytes', [0xe0, 0x80, 0x80]],
    ['a surrogate as three bytes, as Java writes it', [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a cut sequence', [0x41, 0xf0, 0x9f, 0x98]],
    ['a sequence that ASCII breaks off', [0xe2, 0x82, 0x41]],
    ['a stray continuation byte', [0x80, 0x41]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x41]],
    ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ])('%s reads as a TextDecoder reads it', (_name, values) => {
    const bytes = Uint8Array.from(values);
    expect(decodeUtf8(bytes)).toBe(lenient.decode(bytes));
  });

  test('any bytes read as a TextDecoder reads them', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyUtf8, fc.uint8Array({ maxLength: 64 })), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(lenient.decode(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  test('every pair of bytes, and every pair behind each three-byte and four-byte lead', () => {
    const wrong: string[] = [];
    for (const lead of [undefined, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4]) {
      for (let pair = 0; pair <= 0xffff; pair++) {
        const bytes = Uint8Array.from([...(lead === undefined ? [] : [lead]), pair >> 8, pair & 0xff]);
        if (decodeUtf8(bytes) !== lenient.decode(bytes)) wrong.push(Buffer.from(bytes).toString('hex'));
      }
    }
    expect(wrong).toEqual([]);
  });

  test('reads only the given range', () => {
    const bytes = encoder.encode('aäb€c');
    expect(decodeUtf8(bytes, 1, 3)).toBe('ä');
    expect(decodeUtf8(bytes, 1, 2)).toBe('\ufffd');
    expect(decodeUtf8(bytes, 4, 4)).toBe('');
  });

  test.each([4095, 4096, 4097, 12_289])(
    '%i units come through whole, on both sides of the chunk size',
    (count) => {
      const ascii = 'x'.repeat(count);
      const wide = `${'x'.repeat(count - 1)}😀€`;
      expect(decodeUtf8(encoder.encode(ascii))).toBe(ascii);
      expect(decodeUtf8(encoder.encode(wide))).toBe(wide);
      expect(decodeUtf8(encoder.encode('€'.repeat(count)))).toBe('€'.repeat(count));
    },
  );
});

describe('utf8: encoding', () => {
  test('any text gives the bytes that a TextEncoder gives, and the length foretold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const expected = encoder.encode(text);
        expect(encodeUtf8(text)).toEqual(expected);
        expect(utf8Length(text)).toBe(expected.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('writes at the offset and returns the one behind', () => {
    const bytes = new Uint8Array(8);
    expect(writeUtf8('é!', bytes, 2)).toBe(5);
    expect([...bytes]).toEqual([0, 0, 0xc3, 0xa9, 0x21, 0, 0, 0]);
  });

  test('well-formed text survives both ways', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
  });
});

describe('utf8: recognising', () => {
  test('isUtf8 agrees with a fatal TextDecoder', () => {
    fc.assert(
      fc.property(fc.oneof(nearlyUtf8, fc.string({ unit: 'binary' }).map(encodeUtf8)), (bytes) => {
        expect(isUtf8(bytes)).toBe(isStrictlyUtf8(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  test('a replacement character that was really written is well formed', () => {
    expect(isUtf8(encoder.encode('a\ufffdb'))).toBe(true);
    expect(isUtf8(Uint8Array.from([0xef, 0xbf]))).toBe(false);
  });
});

/** CRC-32 against zlib's, for every length that the four-byte steps treat differently. */
import { crc32 } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  CRC32_START,
  finishCrc32,
  updateCrc32,
  updateCrc32Text,
} from '../../../../embedded-server/core/crc32.ts';

test('crc32: of bytes, in one piece or two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, cut) => {
      const expected = crc32(bytes);
      expect(finishCrc32(updateCrc32(CRC32_START, bytes))).toBe(expected);
      const head = updateCrc32(CRC32_START, bytes.subarray(0, cut));
      expect(finishCrc32(updateCrc32(head, bytes.subarray(cut)))).toBe(expected);
    }),
  );
});

test('crc32: of text is that of its UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(finishCrc32(updateCrc32Text(CRC32_START, text))).toBe(crc32(Buffer.from(text)));
    }),
  );
});

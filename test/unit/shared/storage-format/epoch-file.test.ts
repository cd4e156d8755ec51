/** Epoch files: digits, and nothing that is not. */
import { expect, test } from 'vitest';

import { formatEpoch, parseEpoch } from '../../../../shared/storage-format/epoch-file.ts';

test.each([0, 1, 0x7fff_ffff])('epoch %d survives', (epoch) => {
  expect(parseEpoch(formatEpoch(epoch))).toBe(epoch);
});

test('a newline behind it does no harm', () => {
  expect(parseEpoch('7\n')).toBe(7);
});

test.each(['', '-1', '1.5', '0x1', '2147483648', 'one', '1 2'])('%j is refused', (text) => {
  expect(() => parseEpoch(text)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedPart, highlightJson } from '../../../../renderer/features/browse/data/highlight.ts';
import { magicOf } from '../../../../renderer/features/browse/data/magic.ts';

describe('lines of a conflict', () => {
  test('keys and values have their own colours', () => {
    const kinds = highlightJson('  "a": ["x", -1.5e3, true],').map(({ kind, text }) => `${kind} ${text}`);
    expect(kinds).toContain('key "a"');
    expect(kinds).toContain('string "x"');
    expect(kinds).toContain('number -1.5e3');
    expect(kinds).toContain('const true');
  });

  test('no letter is lost or doubled, whatever the line is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (line) => {
        expect(
          highlightJson(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  test('the changed part lies between what both lines begin and end with', () => {
    const line = '"retention.ms": "259200000"';
    const { start, end } = changedPart(line, '"retention.ms": "604800000"');
    expect(line.slice(start, end)).toBe('2592');
    expect(changedPart('same', 'same')).toEqual({ start: 4, end: 4 });
    expect(changedPart('aa', 'aaa')).toEqual({ start: 2, end: 2 });
  });
});

describe('binary data', () => {
  test.each([
    ['gzip', [0x1f, 0x8b, 8]],
    ['java', [0xac, 0xed, 0, 5]],
    ['hbase', [0xff, 0, 0, 0, 2, 0x6d, 0x3a, 0x50, 0x42, 0x55, 0x46, 8]],
    [undefined, [0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]],
    [undefined, []],
  ])('is %s', (magic, bytes) => {
    expect(magicOf(Uint8Array.from(bytes))).toBe(magic);
  });
});

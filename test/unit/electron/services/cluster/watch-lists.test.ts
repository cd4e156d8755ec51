import { expect, test } from 'vitest';
import {
  parseWchc,
  parseWchp,
} from '../../../../../electron/services/cluster/four-letter-words/watch-lists.ts';

test('wchc: paths by session, and none for a server without watches', () => {
  const text = '0x100001a2b380000\n\t/a\n\t/b c\n0x5\n\t/a\n\n';
  expect([...parseWchc(text)!]).toEqual([
    ['0x100001a2b380000', ['/a', '/b c']],
    ['0x5', ['/a']],
  ]);
  expect([...parseWchc('\n')!]).toEqual([]);
});

test('wchp: sessions by path', () => {
  expect([...parseWchp('/a\n\t0x5\n\t0x6\n/b\n\t0x5\n\n')!]).toEqual([
    ['/a', ['0x5', '0x6']],
    ['/b', ['0x5']],
  ]);
});

test('watch lists: another form is not understood', () => {
  expect(parseWchc('HTTP/1.1 400 Bad Request')).toBeUndefined();
  expect(parseWchc('\t/without/head\n')).toBeUndefined();
  expect(parseWchp('/a\n\tnot an id\n')).toBeUndefined();
});

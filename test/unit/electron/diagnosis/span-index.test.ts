import { expect, test } from 'vitest';

import { SpanIndex } from '../../../../electron/diagnosis/span-index.ts';

const members = [
  { key: 'a', atMs: 30, name: 'late' },
  { key: 'a', atMs: 10, name: 'early' },
  { key: 'a', atMs: 20, name: 'one' },
  { key: 'b', atMs: 20, name: 'other' },
  { key: 'a', atMs: 20, name: 'two' },
];
const index = new SpanIndex(
  members,
  ({ key }) => key,
  ({ atMs }) => atMs,
);
const between = (key: string, fromMs: number, toMs: number) =>
  index.between(key, fromMs, toMs).map(({ name }) => name);

test('both ends of a span belong to it, in the order of time', () => {
  expect(between('a', 10, 20)).toEqual(['early', 'one', 'two']);
  expect(between('a', 11, 29)).toEqual(['one', 'two']);
  expect(between('a', -Infinity, Infinity)).toEqual(['early', 'one', 'two', 'late']);
  expect(between('a', 31, 99)).toEqual([]);
});

test('other keys have no part in it', () => {
  expect(between('b', 0, 99)).toEqual(['other']);
  expect(between('c', 0, 99)).toEqual([]);
});

test('what comes next is later, not at the same time', () => {
  expect(index.firstAfter('a', 10)?.name).toBe('one');
  expect(index.firstAfter('a', 20)?.name).toBe('late');
  expect(index.firstAfter('a', 30)).toBeUndefined();
  expect(index.firstAfter('c', 0)).toBeUndefined();
});

test('the last is the last in time', () => {
  expect(index.last('a')?.name).toBe('late');
  expect(index.last('c')).toBeUndefined();
});

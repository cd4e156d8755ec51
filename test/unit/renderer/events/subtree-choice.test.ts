import { expect, test } from 'vitest';
import { chooseSubtree } from '../../../../renderer/features/events/subtree-choice.ts';

test('subtree choice: a path that nothing watches is free, with or without a slash at its end', () => {
  expect(chooseSubtree('/kafka', [])).toEqual({ kind: 'free', path: '/kafka' });
  expect(chooseSubtree(' /kafka/ ', [])).toEqual({ kind: 'free', path: '/kafka' });
  expect(chooseSubtree('/', ['/kafka'])).toEqual({ kind: 'free', path: '/' });
});

test('subtree choice: what is no path is refused', () => {
  for (const typed of ['', 'kafka', '/a//b', '/a/../b', '/a//']) {
    expect(chooseSubtree(typed, []).kind, typed).toBe('invalid');
  }
});

test('subtree choice: what is watched already, alone or as a part of more, is said', () => {
  expect(chooseSubtree('/kafka', ['/kafka'])).toEqual({ kind: 'watched' });
  expect(chooseSubtree('/kafka/brokers', ['/kafka'])).toEqual({ kind: 'within', ancestor: '/kafka' });
  expect(chooseSubtree('/kafka2', ['/kafka']).kind).toBe('free');
});

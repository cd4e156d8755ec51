import { expect, test } from 'vitest';
import {
  groupHidden,
  hiddenReason,
  mergeConfigLines,
} from '../../../../renderer/features/cluster/hidden-words.ts';
import type { Hidden } from '../../../../shared/api/common.ts';

const hides = (server: string, word: string): Hidden => ({
  server,
  word,
  reason: 'whitelist',
  configLine: `4lw.commands.whitelist=srvr,${word}`,
});

test('hidden words: one line allows all that a server hides, said once for servers that hide the same', () => {
  expect(
    groupHidden([
      hides('a', 'dump'),
      hides('a', 'cons'),
      hides('b', 'cons'),
      hides('b', 'dump'),
      hides('c', 'cons'),
    ]),
  ).toEqual([
    {
      reason: 'whitelist',
      words: ['cons', 'dump'],
      servers: ['a', 'b'],
      configLine: '4lw.commands.whitelist=cons,dump,srvr',
    },
    { reason: 'whitelist', words: ['cons'], servers: ['c'], configLine: '4lw.commands.whitelist=cons,srvr' },
  ]);
});

test('hidden words: servers that cannot be reached come first and have no line', () => {
  expect(groupHidden([hides('a', 'cons'), { server: 'b', word: 'cons', reason: 'unreachable' }])).toEqual([
    { reason: 'unreachable', words: ['cons'], servers: ['b'], configLine: null },
    { reason: 'whitelist', words: ['cons'], servers: ['a'], configLine: '4lw.commands.whitelist=cons,srvr' },
  ]);
});

test('hidden words: lines are merged word by word', () => {
  expect(mergeConfigLines(['4lw.commands.whitelist=srvr, mntr', '4lw.commands.whitelist=srvr,cons'])).toBe(
    '4lw.commands.whitelist=cons,mntr,srvr',
  );
  expect(mergeConfigLines(['4lw.commands.whitelist=*', '4lw.commands.whitelist=cons'])).toBe(
    '4lw.commands.whitelist=*',
  );
  expect(mergeConfigLines(['something else'])).toBeNull();
});

test('hidden words: the reason of one word of one server', () => {
  expect(hiddenReason([hides('a', 'cons')], { server: 'a', word: 'cons' })).toBe('whitelist');
  expect(hiddenReason([hides('a', 'cons')], { server: 'b', word: 'cons' })).toBeUndefined();
});

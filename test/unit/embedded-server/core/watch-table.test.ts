/** Who hears of what, and whose watch is used up by it (PROTOCOL.md 2.9, as of 3.8). */
import { describe, expect, test } from 'vitest';

import { WatchTable } from '../../../../embedded-server/core/watch-table.ts';

const a = { name: 'a' };
const b = { name: 'b' };

function heard(table: WatchTable<typeof a>, path: string, isChildrenChange = false): string[] {
  return [...(table.trigger(path, isChildrenChange) ?? [])].map(({ name }) => name).sort();
}

describe('watch table', () => {
  test('a standard watch is used up, for its watcher alone', () => {
    const table = new WatchTable<typeof a>();
    table.add('/x', a, 'standard');
    expect(heard(table, '/x')).toEqual(['a']);
    table.add('/x', b, 'standard');
    expect(heard(table, '/x')).toEqual(['b']);
    expect(table.size).toBe(0);
    expect(table.watcherCount).toBe(0);
    expect(table.pathCount).toBe(0);
  });

  test('a persistent watch stays, at its path only', () => {
    const table = new WatchTable<typeof a>();
    table.add('/x', a, 'persistent');
    expect(heard(table, '/x/y')).toEqual([]);
    expect(heard(table, '/x')).toEqual(['a']);
    expect(heard(table, '/x', true)).toEqual(['a']);
    expect(heard(table, '/x')).toEqual(['a']);
  });

  test('a recursive watch hears of all descendants, never of lists of children', () => {
    const table = new WatchTable<typeof a>();
    table.add('/x', a, 'persistentRecursive');
    expect(heard(table, '/x/y/z')).toEqual(['a']);
    expect(heard(table, '/x')).toEqual(['a']);
    expect(heard(table, '/x', true)).toEqual([]);
    expect(heard(table, '/x/y', true)).toEqual([]);
    expect(heard(table, '/xy')).toEqual([]);
    expect(heard(table, '/')).toEqual([]);
  });

  test('a recursive watch at the root hears of everything', () => {
    const table = new WatchTable<typeof a>();
    table.add('/', a, 'persistentRecursive');
    expect(heard(table, '/')).toEqual(['a']);
    expect(heard(table, '/x')).toEqual(['a']);
    expect(heard(table, '/x/y')).toEqual(['a']);
  });

  test('several watches of one watcher make one notification', () => {
    const table = new WatchTable<typeof a>();
    table.add('/', a, 'persistentRecursive');
    table.add('/x', a, 'standard');
    expect(heard(table, '/x')).toEqual(['a']);
    expect(heard(table, '/x')).toEqual(['a']);
    expect(table.size).toBe(1);
  });

  test('3.8 keeps one mode a path: a standard watch takes the place of a persistent one', () => {
    const table = new WatchTable<typeof a>();
    table.add('/x', a, 'persistentRecursive');
    table.add('/x', a, 'standard');
    expect(heard(table, '/x/y')).toEqual([]);
    expect(heard(table, '/x')).toEqual(['a']);
    expect(heard(table, '/x')).toEqual([]);
  });

  test('removing says whether there was one', () => {
    const table = new WatchTable<typeof a>();
    table.add('/x', a, 'persistent');
    expect(table.remove('/x', b)).toBe(false);
    expect(table.remove('/x', a)).toBe(true);
    expect(table.remove('/x', a)).toBe(false);
    expect(table.has('/x', a)).toBe(false);
  });

  test('a watcher that goes takes all its watches along', () => {
    const table = new WatchTable<typeof a>();
    for (const path of ['/x', '/y', '/z']) table.add(path, a, 'standard');
    table.add('/x', b, 'persistentRecursive');
    table.removeWatcher(a);
    expect(table.size).toBe(1);
    expect(heard(table, '/x')).toEqual(['b']);
    expect([...table.entriesByWatcher()].map(([watcher]) => watcher.name)).toEqual(['b']);
  });
});

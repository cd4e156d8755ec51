import { describe, expect, it } from 'vitest';
import {
  compareKnown,
  compareTexts,
  movedIndex,
  nextSort,
  sortRows,
} from '../../../../renderer/components/data-table-model.ts';

describe('data table: order', () => {
  it('sorts a copy, and keeps equal rows in their order both ways', () => {
    const rows = [
      { key: 'a', size: 2 },
      { key: 'b', size: 1 },
      { key: 'c', size: 2 },
    ];
    const bySize = (a: { size: number }, b: { size: number }): number => a.size - b.size;
    expect(sortRows(rows, bySize, false).map(({ key }) => key)).toEqual(['b', 'a', 'c']);
    expect(sortRows(rows, bySize, true).map(({ key }) => key)).toEqual(['a', 'c', 'b']);
    expect(rows.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
  });
  it('a head goes from ascending over descending to the order of the data', () => {
    const ascending = nextSort(null, 'name');
    const descending = nextSort(ascending, 'name');
    expect(ascending).toEqual({ columnId: 'name', isDescending: false });
    expect(descending).toEqual({ columnId: 'name', isDescending: true });
    expect(nextSort(descending, 'name')).toBeNull();
    expect(nextSort(descending, 'size')).toEqual({ columnId: 'size', isDescending: false });
  });
  it('numbers inside names count as numbers, and what is not known comes last', () => {
    expect(['node-10', 'node-2'].toSorted(compareTexts)).toEqual(['node-2', 'node-10']);
    expect([null, 3, 1].toSorted(compareKnown)).toEqual([1, 3, null]);
  });
});

describe('data table: keys', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowDown', 9, 9],
    ['ArrowUp', 0, 0],
    ['PageDown', 2, 7],
    ['PageDown', 8, 9],
    ['PageUp', 2, 0],
    ['Home', 5, 0],
    ['End', 5, 9],
    ['x', 5, null],
  ])('%s from %i leads to %s', (key, index, expected) => {
    expect(movedIndex(key, index, 10, 5)).toBe(expected);
  });
  it('moves nothing in an empty table', () => {
    expect(movedIndex('ArrowDown', -1, 0, 5)).toBeNull();
  });
});

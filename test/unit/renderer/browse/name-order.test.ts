import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareNames,
  indexOfName,
  mergeNames,
  sortedNames,
} from '../../../../renderer/features/browse/tree/name-order.ts';

/** Names that collide often: digits, zeros and few letters. */
const names = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', '-', '漢'), maxLength: 6 });

describe('name order', () => {
  test('numbers come in their order, other names by code units', () => {
    const sorted = ['10', '2', 'a', 'broker-10', 'broker-2', '02', 'B'].sort(compareNames);
    expect(sorted).toEqual(['2', '02', '10', 'B', 'a', 'broker-2', 'broker-10']);
  });

  test('is a total order', () => {
    fc.assert(
      fc.property(names, names, names, (a, b, c) => {
        expect(Math.sign(compareNames(a, b))).toBe(0 - Math.sign(compareNames(b, a)));
        expect(compareNames(a, b) === 0).toBe(a === b);
        if (compareNames(a, b) < 0 && compareNames(b, c) < 0) expect(compareNames(a, c)).toBeLessThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('merging sorted lists is sorting their union', () => {
    fc.assert(
      fc.property(fc.uniqueArray(names), fc.uniqueArray(names), (a, b) => {
        const merged = mergeNames(sortedNames(a), sortedNames(b));
        expect(merged).toEqual([...new Set([...a, ...b])].sort(compareNames));
        for (const name of b) expect(merged[indexOfName(merged, name)]).toBe(name);
      }),
    );
  });
});

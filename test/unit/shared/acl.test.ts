/** Permission letters and comparing lists. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Acl,
  CREATOR_ALL_ACL,
  OPEN_ACL_UNSAFE,
  Perms,
  READ_ACL_UNSAFE,
  formatPerms,
  isSameAcl,
  parsePerms,
} from '../../../shared/acl.ts';

describe('acl: permissions', () => {
  test('the numbers are those of the wire', () => {
    expect(Perms).toEqual({ READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 });
    expect(OPEN_ACL_UNSAFE).toEqual([{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]);
    expect(READ_ACL_UNSAFE).toEqual([{ perms: 1, id: { scheme: 'world', id: 'anyone' } }]);
    expect(CREATOR_ALL_ACL).toEqual([{ perms: 31, id: { scheme: 'auth', id: '' } }]);
  });

  test('letters come in the order of zkCli', () => {
    expect(formatPerms(Perms.ALL)).toBe('cdrwa');
    expect(formatPerms(Perms.READ)).toBe('r');
    expect(formatPerms(0)).toBe('');
  });

  test('all 32 sets survive their letters, in any order', () => {
    for (let perms = 0; perms <= Perms.ALL; perms++) {
      expect(parsePerms(formatPerms(perms))).toBe(perms);
      expect(parsePerms(Array.from(formatPerms(perms)).reverse().join(''))).toBe(perms);
    }
  });

  test.each(['x', 'R', 'r w', 'cdrwax'])('%j is not a set of permissions', (text) => {
    expect(parsePerms(text)).toBeUndefined();
  });
});

describe('acl: comparing', () => {
  const entry = fc.record({
    perms: fc.integer({ min: 0, max: 31 }),
    id: fc.record({ scheme: fc.constantFrom('world', 'ip'), id: fc.constantFrom('anyone', 'x') }),
  });

  test('equal exactly when every part of every entry is, in order', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 3 }),
        fc.array(entry, { maxLength: 3 }),
        (a: Acl[], b: Acl[]) => {
          expect(isSameAcl(a, structuredClone(a))).toBe(true);
          expect(isSameAcl(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        },
      ),
    );
  });

  test('a longer list is another one', () => {
    expect(isSameAcl(OPEN_ACL_UNSAFE, [...OPEN_ACL_UNSAFE, ...OPEN_ACL_UNSAFE])).toBe(false);
    expect(isSameAcl([], OPEN_ACL_UNSAFE)).toBe(false);
  });
});

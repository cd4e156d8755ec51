/** The table of access control lists: one instance each, numbers that never come back. */
import { expect, test } from 'vitest';

import { AclTable } from '../../../../embedded-server/core/acl-table.ts';
import { type Acl, Perms } from '../../../../shared/acl.ts';

function list(...users: string[]): readonly Acl[] {
  return users.map((id) => ({ perms: Perms.READ, id: { scheme: 'digest', id } }));
}

test('equal lists share one instance and one number, also when others came between', () => {
  const table = new AclTable();
  const first = table.acquire(list('a'));
  const other = table.acquire(list('b'));
  expect(table.acquire(list('a'))).toBe(first);
  expect(other).not.toBe(first);
  expect(table.aclIdOf(first)).not.toBe(table.aclIdOf(other));
  expect(table.entries()).toHaveLength(2);
});

test('a list leaves with its last node, and comes back with another number', () => {
  const table = new AclTable();
  const first = table.acquire(list('a'));
  table.acquire(list('a'));
  const aclId = table.aclIdOf(first);
  table.release(first);
  expect(table.entries()).toHaveLength(1);
  table.release(first);
  expect(table.entries()).toEqual([]);
  expect(table.aclIdOf(table.acquire(list('a')))).toBeGreaterThan(aclId);
});

test('lists that look alike when joined are told apart', () => {
  const table = new AclTable();
  expect(table.acquire(list('a', 'b'))).not.toBe(table.acquire(list('a,b')));
});

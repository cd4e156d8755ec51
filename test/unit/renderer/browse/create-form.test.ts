import { describe, expect, test } from 'vitest';
import {
  aclOfPreset,
  findNameProblem,
  previewPath,
  ttlMsOf,
} from '../../../../renderer/features/browse/dialogs/create-form.ts';
import { TTL_MS_MAX } from '../../../../shared/protocol/create-mode.ts';

describe('create: the name', () => {
  test.each([
    ['', 'PERSISTENT', 'EMPTY'],
    ['', 'EPHEMERAL_SEQUENTIAL', undefined],
    ['lock-', 'PERSISTENT_SEQUENTIAL', undefined],
    ['a/b', 'PERSISTENT', undefined],
    ['a//b', 'PERSISTENT', 'EMPTY_SEGMENT'],
    ['a/', 'PERSISTENT', 'TRAILING_SLASH'],
    ['a/', 'PERSISTENT_SEQUENTIAL', undefined],
    ['..', 'PERSISTENT', 'RELATIVE_SEGMENT'],
    ['\u0007', 'PERSISTENT', 'BAD_CHARACTER'],
    ['zookeeper', 'PERSISTENT', 'RESERVED'],
  ] as const)('%j as %s: %s', (name, mode, problem) => {
    expect(findNameProblem({ parent: '/', name, mode })).toBe(problem);
  });

  test('the preview shows where the number will be', () => {
    expect(previewPath({ parent: '/locks', name: 'lock-', mode: 'EPHEMERAL_SEQUENTIAL' })).toBe(
      '/locks/lock-##########',
    );
    expect(previewPath({ parent: '/', name: 'a', mode: 'PERSISTENT' })).toBe('/a');
  });
});

describe('create: the TTL', () => {
  test.each([
    ['1', 'h', 3_600_000],
    ['1.5', 's', 1500],
    ['0', 'ms', undefined],
    ['-1', 's', undefined],
    ['x', 's', undefined],
    [String(TTL_MS_MAX), 'ms', TTL_MS_MAX],
    [String(TTL_MS_MAX + 1), 'ms', undefined],
  ] as const)('%s %s', (ttl, ttlUnit, ttlMs) => {
    expect(ttlMsOf({ ttl, ttlUnit })).toBe(ttlMs);
  });
});

test('create: inheriting waits until the list of the parent is known', () => {
  const parentAcl = [{ perms: 1, scheme: 'world', id: 'anyone' }];
  expect(aclOfPreset('inherit', null)).toBeNull();
  expect(aclOfPreset('inherit', parentAcl)).toEqual(parentAcl);
  expect(aclOfPreset('read-for-all', null)).toHaveLength(2);
});

/** What ephemeral nodes make of their sessions, by the names that the usual libraries give them. */
import { describe, expect, test } from 'vitest';
import {
  isGroupName,
  isInstanceName,
  readOrderedName,
} from '../../../../../electron/services/sessions/recipe-names.ts';
import { Recipes } from '../../../../../electron/services/sessions/recipes.ts';

const recipesOf = (owners: Readonly<Record<string, string>>): Recipes =>
  new Recipes(Object.entries(owners).map(([path, sessionId]) => ({ path, sessionId })));

const GUID = 'c1f7d0a4-0b9e-4d0e-9a51-9e7a3f4f6a01';

describe('names', () => {
  test.each([
    [`_c_${GUID}-lock-0000000041`, 'exclusive', 41],
    ['lock-0000000000', 'exclusive', 0],
    ['x-72057594037927936-0000000003', 'exclusive', 3],
    ['8d3e0b7c5c0f4f3c9f1f__lock__0000000007', 'exclusive', 7],
    ['8d3e0b7c5c0f4f3c9f1f__rlock__0000000008', 'read', 8],
    [`_c_${GUID}-__READ__0000000009`, 'read', 9],
    [`_c_${GUID}-__WRIT__0000000010`, 'write', 10],
    ['read-0000000011', 'read', 11],
    ['write-0000000012', 'write', 12],
    [`_c_${GUID}-latch-0000000013`, 'leader', 13],
    ['n_0000000014', 'leader', 14],
    [`${GUID}-n_0000000015`, 'leader', 15],
    [`_c_${GUID}-lease-0000000016`, 'lease', 16],
    ['qn-0000000017', 'queue', 17],
  ])('%s is a place for %s', (name, kind, sequence) => {
    expect(readOrderedName(name)).toEqual({ kind, sequence });
  });

  test.each([
    'worker-0000000001',
    'lock',
    'block-0000000001x',
    'clock-0000000001',
    '0000000001',
    'wn_0000000001',
  ])('%s is a place in no order that is known', (name) => {
    expect(readOrderedName(name)).toBeUndefined();
  });

  test('instances of a service and groups', () => {
    expect(isInstanceName(GUID)).toBe(true);
    expect(isInstanceName('10.0.0.7:8080')).toBe(false);
    for (const name of ['ids', 'rs', 'live_nodes', 'workers', 'task-managers-hosts']) {
      expect(isGroupName(name), name).toBe(true);
    }
    for (const name of ['kafka', 'leader', 'idslike']) expect(isGroupName(name), name).toBe(false);
  });
});

describe('locks', () => {
  const recipes = recipesOf({
    '/l/_c_b-lock-0000000042': '0x2',
    '/l/_c_a-lock-0000000041': '0x1',
    '/l/_c_c-lock-0000000043': '0x3',
  });

  test('the first holds, each other waits behind the one before it', () => {
    expect(recipes.rolesOf('0x1')).toEqual([
      {
        recipe: 'lock',
        path: '/l',
        node: '/l/_c_a-lock-0000000041',
        holds: true,
        behind: null,
        contenders: 3,
      },
    ]);
    expect(recipes.rolesOf('0x3')[0]).toMatchObject({
      holds: false,
      behind: { node: '/l/_c_b-lock-0000000042', sessionId: '0x2' },
    });
  });

  test('it passes to the next one, or to nobody', () => {
    expect(recipes.passagesOf('0x1')).toEqual([
      { recipe: 'lock', path: '/l', next: [{ node: '/l/_c_b-lock-0000000042', sessionId: '0x2' }] },
    ]);
    expect(recipes.passagesOf('0x2')).toEqual([]);
    expect(recipesOf({ '/l/lock-0000000001': '0x1' }).passagesOf('0x1')).toEqual([
      { recipe: 'lock', path: '/l', next: [] },
    ]);
  });

  test('a session that also waits for what it holds does not pass it to itself', () => {
    const greedy = recipesOf({
      '/l/lock-0000000001': '0x1',
      '/l/lock-0000000002': '0x1',
      '/l/lock-0000000003': '0x2',
    });
    expect(greedy.passagesOf('0x1')[0]?.next).toEqual([{ node: '/l/lock-0000000003', sessionId: '0x2' }]);
  });
});

describe('read-write locks', () => {
  const recipes = recipesOf({
    '/l/_c_a-__READ__0000000001': '0x1',
    '/l/_c_b-__READ__0000000002': '0x2',
    '/l/_c_c-__WRIT__0000000003': '0x3',
    '/l/_c_d-__READ__0000000004': '0x4',
    '/l/_c_e-__READ__0000000005': '0x5',
  });
  const standing = (sessionId: string): string => {
    const [role] = recipes.rolesOf(sessionId);
    if (role === undefined || !('holds' in role)) return 'none';
    return `${role.recipe} ${role.holds ? 'held' : `behind ${role.behind?.sessionId ?? ''}`}`;
  };

  test('readers share; a writer waits for the one before it, a reader for the writer before it', () => {
    expect(['0x1', '0x2', '0x3', '0x4', '0x5'].map(standing)).toEqual([
      'read-lock held',
      'read-lock held',
      'write-lock behind 0x2',
      'read-lock behind 0x3',
      'read-lock behind 0x3',
    ]);
  });

  test('one reader of two passes nothing on; the last one passes it to the writer, that to all readers', () => {
    expect(recipes.passagesOf('0x1')).toEqual([]);
    const last = recipesOf({ '/l/read-0000000002': '0x2', '/l/write-0000000003': '0x3' });
    expect(last.passagesOf('0x2')).toMatchObject([{ recipe: 'read-lock', next: [{ sessionId: '0x3' }] }]);
    const writer = recipesOf({
      '/l/write-0000000003': '0x3',
      '/l/read-0000000004': '0x4',
      '/l/read-0000000005': '0x5',
    });
    expect(writer.passagesOf('0x3')[0]?.next.map(({ sessionId }) => sessionId)).toEqual(['0x4', '0x5']);
  });

  test("kazoo's writers are named as its locks are, and told by their readers", () => {
    const kazoo = recipesOf({ '/l/a__lock__0000000001': '0x1', '/l/b__rlock__0000000002': '0x2' });
    expect(kazoo.rolesOf('0x1')[0]).toMatchObject({ recipe: 'write-lock', holds: true });
    expect(kazoo.rolesOf('0x2')[0]).toMatchObject({ recipe: 'read-lock', holds: false });
  });
});

describe('offices, shares and members', () => {
  test('the first candidate leads, and a lock beside it is another matter', () => {
    const recipes = recipesOf({
      '/e/n_0000000002': '0x2',
      '/e/n_0000000001': '0x1',
      '/e/lock-0000000000': '0x3',
    });
    expect(recipes.rolesOf('0x1')[0]).toMatchObject({ recipe: 'leader', holds: true, contenders: 2 });
    expect(recipes.rolesOf('0x2')[0]).toMatchObject({ holds: false, behind: { sessionId: '0x1' } });
    expect(recipes.rolesOf('0x3')[0]).toMatchObject({ recipe: 'lock', holds: true, contenders: 1 });
  });

  test.each([
    ['/semaphore/leases/_c_a-lease-0000000001', { recipe: 'lease', path: '/semaphore/leases' }],
    ['/jobs/queue-0000000001', { recipe: 'queue', path: '/jobs' }],
    [`/discovery/billing/${GUID}`, { recipe: 'service', path: '/discovery/billing' }],
    ['/kafka/brokers/ids/0', { recipe: 'member', path: '/kafka/brokers/ids' }],
    ['/kafka/controller', { recipe: 'name', path: '/kafka/controller' }],
  ])('%s', (path, role) => {
    expect(recipesOf({ [path]: '0x1' }).rolesOf('0x1')).toEqual([{ ...role, node: path }]);
  });

  test('two below one parent are members of it, whatever it is called', () => {
    const recipes = recipesOf({ '/app/x': '0x1', '/app/y': '0x2' });
    expect(recipes.rolesOf('0x1')).toEqual([{ recipe: 'member', path: '/app', node: '/app/x' }]);
  });

  test('what a session holds is told before what it waits for, and that before what it is part of', () => {
    const recipes = recipesOf({
      '/brokers/ids/1': '0x1',
      '/a/lock-0000000002': '0x1',
      '/a/lock-0000000001': '0x2',
      '/b/lock-0000000001': '0x1',
    });
    expect(recipes.rolesOf('0x1').map(({ path }) => path)).toEqual(['/b', '/a', '/brokers/ids']);
    expect(recipes.rolesOf('0x7')).toEqual([]);
  });
});

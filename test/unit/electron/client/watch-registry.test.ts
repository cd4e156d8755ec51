import { beforeEach, describe, expect, test } from 'vitest';
import {
  type WatchDelivery,
  type WatchKind,
  type WatchListener,
  WatchRegistry,
} from '../../../../electron/client/watch-registry.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const KINDS: readonly WatchKind[] = ['data', 'exist', 'child', 'persistent', 'persistentRecursive'];

let names: Map<WatchListener, string>;
let registry: WatchRegistry;

beforeEach(() => {
  names = new Map();
  registry = new WatchRegistry('');
});

function listener(name: string): WatchListener {
  const made: WatchListener = () => undefined;
  names.set(made, name);
  return made;
}

function add(kind: WatchKind, path: string, name: string = kind): WatchListener {
  const made = listener(name);
  if (kind === 'persistent' || kind === 'persistentRecursive') registry.addPersistent(kind, path, made);
  else registry.addOneShot(kind, path, made);
  return made;
}

/** `NodeCreated /a: data,persistent` for each delivery that anybody hears. */
function heard(deliveries: readonly WatchDelivery[]): string[] {
  return deliveries
    .filter(({ listeners }) => listeners.length > 0)
    .map(
      ({ event, listeners }) =>
        `${event.type} ${event.path}: ${listeners.map((each) => names.get(each) ?? '?').join(',')}`,
    );
}

describe('which watches an event reaches and which of them it uses up', () => {
  test.each([
    ['NodeCreated', ['data', 'exist', 'persistent', 'persistentRecursive'], ['child']],
    ['NodeDataChanged', ['data', 'exist', 'persistent', 'persistentRecursive'], ['child']],
    ['NodeDeleted', ['data', 'exist', 'child', 'persistent', 'persistentRecursive'], []],
  ] as const)('%s', (type, expected, left) => {
    for (const kind of KINDS) add(kind, '/a');
    expect(heard(registry.onEvent(type, '/a'))).toEqual([`${type} /a: ${expected.join(',')}`]);
    expect(registry.size).toBe(left.length + 2);
    expect(heard(registry.onEvent(type, '/a'))).toEqual([`${type} /a: persistent,persistentRecursive`]);
  });

  test('NodeChildrenChanged', () => {
    for (const kind of ['data', 'exist', 'child', 'persistent'] as const) add(kind, '/a');
    expect(heard(registry.onEvent('NodeChildrenChanged', '/a'))).toEqual([
      'NodeChildrenChanged /a: child,persistent',
    ]);
    expect(heard(registry.onEvent('NodeChildrenChanged', '/a'))).toEqual([
      'NodeChildrenChanged /a: persistent',
    ]);
  });

  test('recursive ones hear of every descendant, of NodeChildrenChanged never', () => {
    add('persistentRecursive', '/', 'root');
    add('persistentRecursive', '/a', 'a');
    add('persistentRecursive', '/a/b/c', 'c');
    expect(heard(registry.onEvent('NodeCreated', '/a/b/x'))).toEqual(['NodeCreated /a/b/x: root,a']);
    expect(heard(registry.onEvent('NodeDataChanged', '/ab'))).toEqual(['NodeDataChanged /ab: root']);
    expect(heard(registry.onEvent('NodeChildrenChanged', '/a/b'))).toEqual([]);
    expect(heard(registry.onEvent('NodeDeleted', '/'))).toEqual(['NodeDeleted /: root']);
  });

  test('a listener that waits in two ways hears once', () => {
    const both = listener('both');
    registry.addOneShot('data', '/a', both);
    registry.addOneShot('exist', '/a', both);
    registry.addPersistent('persistentRecursive', '/', both);
    expect(heard(registry.onEvent('NodeDataChanged', '/a'))).toEqual(['NodeDataChanged /a: both']);
  });

  test('other paths hear nothing', () => {
    add('data', '/a');
    add('persistent', '/a/b');
    expect(heard(registry.onEvent('NodeDataChanged', '/b'))).toEqual([]);
    expect(registry.size).toBe(2);
  });
});

describe('one server mode for each path', () => {
  test('the first persistent watch asks for itself', () => {
    expect(registry.addPersistent('persistent', '/a', listener('p'))).toEqual([
      { type: 'addWatch', path: '/a', mode: 'persistent' },
    ]);
    expect(registry.isCovered('/a')).toBe(true);
    expect(registry.isCovered('/a/b')).toBe(false);
  });

  test('recursive over persistent: replaces it, and takes the old one away where both would stand', () => {
    add('persistent', '/a');
    expect(registry.addPersistent('persistentRecursive', '/a', listener('r'))).toEqual([
      { type: 'addWatch', path: '/a', mode: 'persistentRecursive' },
      { type: 'removeWatches', path: '/a', watches: 'persistent', isOptional: true },
    ]);
  });

  test('persistent under recursive: the server keeps the recursive one', () => {
    add('persistentRecursive', '/a');
    expect(registry.addPersistent('persistent', '/a', listener('p'))).toEqual([
      { type: 'addWatch', path: '/a', mode: 'persistentRecursive' },
    ]);
  });

  test('children’s events come to the persistent one through the recursive one', () => {
    add('persistent', '/a', 'p');
    add('persistentRecursive', '/a', 'r');
    add('child', '/a', 'c');
    expect(heard(registry.onEvent('NodeCreated', '/a/b'))).toEqual([
      'NodeCreated /a/b: r',
      'NodeChildrenChanged /a: c,p',
    ]);
    expect(heard(registry.onEvent('NodeDeleted', '/a/b'))).toEqual([
      'NodeDeleted /a/b: r',
      'NodeChildrenChanged /a: p',
    ]);
    expect(heard(registry.onEvent('NodeDataChanged', '/a/b'))).toEqual(['NodeDataChanged /a/b: r']);
    expect(heard(registry.onEvent('NodeCreated', '/a/b/c'))).toEqual(['NodeCreated /a/b/c: r']);
  });

  test('what the server says of children where a recursive one stands reaches one-shot watches only', () => {
    add('persistent', '/a', 'p');
    add('persistentRecursive', '/a', 'r');
    add('child', '/a', 'c');
    expect(heard(registry.onEvent('NodeChildrenChanged', '/a'))).toEqual(['NodeChildrenChanged /a: c']);
  });

  test('removing the recursive one: the persistent one is asked for again', () => {
    add('persistent', '/a');
    const recursive = add('persistentRecursive', '/a');
    expect(registry.removeListener('/a', recursive)).toEqual([
      { type: 'addWatch', path: '/a', mode: 'persistent' },
      { type: 'removeWatches', path: '/a', watches: 'persistentRecursive', isOptional: true },
    ]);
  });

  test('removing the persistent one under a recursive one: nothing to ask', () => {
    const persistent = add('persistent', '/a');
    add('persistentRecursive', '/a');
    expect(registry.removeListener('/a', persistent)).toEqual([]);
  });

  test('removing the last persistent one: everything goes, one-shot watches are set anew', () => {
    const persistent = add('persistent', '/a');
    add('data', '/a');
    add('child', '/a');
    expect(registry.removeListener('/a', persistent)).toEqual([
      { type: 'removeWatches', path: '/a', watches: 'any', isOptional: false },
      { type: 'setWatches', path: '/a', kinds: ['data', 'child'] },
    ]);
  });

  test('removing one of two listeners: nothing to ask', () => {
    const first = add('persistent', '/a', 'one');
    add('persistent', '/a', 'two');
    expect(registry.removeListener('/a', first)).toEqual([]);
  });

  test('removing a one-shot watch that a persistent one covers: nothing to ask', () => {
    add('persistent', '/a');
    const data = add('data', '/a');
    expect(registry.removeListener('/a', data)).toEqual([]);
  });

  test.each([
    [['data'], [], 'data'],
    [['data', 'exist'], [], 'data'],
    [['child'], ['data'], 'children'],
    [['data', 'child'], [], 'any'],
  ] as const)('removing the one-shot watches %j while %j stay asks for %s', (gone, stay, watches) => {
    const shared = listener('shared');
    for (const kind of gone) registry.addOneShot(kind, '/a', shared);
    for (const kind of stay) add(kind, '/a');
    expect(registry.removeListener('/a', shared)).toEqual([
      { type: 'removeWatches', path: '/a', watches, isOptional: false },
    ]);
    expect(registry.size).toBe(stay.length);
  });

  test('removing a listener that does not wait: nothing', () => {
    add('data', '/a');
    expect(registry.removeListener('/a', listener('stranger'))).toEqual([]);
    expect(registry.removeListener('/b', listener('stranger'))).toEqual([]);
    expect(registry.size).toBe(1);
  });
});

describe('removing by type', () => {
  test.each([
    ['children', ['ChildWatchRemoved /a: child'], 4],
    ['data', ['DataWatchRemoved /a: data,exist'], 3],
    ['persistent', ['PersistentWatchRemoved /a: persistent'], 4],
    ['persistentRecursive', ['PersistentWatchRemoved /a: persistentRecursive'], 4],
    [
      'any',
      [
        'DataWatchRemoved /a: data,exist',
        'ChildWatchRemoved /a: child',
        'PersistentWatchRemoved /a: persistent,persistentRecursive',
      ],
      0,
    ],
  ] as const)('%s: tells the listeners by kind', (type, expected, left) => {
    for (const kind of KINDS) add(kind, '/a');
    const removed = registry.removeAll('/a', type) ?? expect.fail('there was a watch');
    expect(heard(removed.deliveries)).toEqual(expected);
    expect(registry.size).toBe(left);
  });

  test('none there: undefined', () => {
    add('data', '/a');
    expect(registry.removeAll('/a', 'children')).toBeUndefined();
    expect(registry.removeAll('/b', 'any')).toBeUndefined();
  });
});

describe('setWatches', () => {
  test('nothing to register: no packet', () => {
    expect(registry.setWatchesBatches(toZxid(1n))).toEqual([]);
  });

  test('every kind in its list; a persistent one under a recursive one not at all', () => {
    for (const kind of KINDS) add(kind, `/${kind}`);
    add('persistent', '/both');
    add('persistentRecursive', '/both');
    expect(registry.setWatchesBatches(toZxid(7n))).toEqual([
      {
        relativeZxid: 7n,
        dataWatches: ['/data'],
        existWatches: ['/exist'],
        childWatches: ['/child'],
        persistentWatches: ['/persistent'],
        persistentRecursiveWatches: ['/persistentRecursive', '/both'],
      },
    ]);
  });

  test('a batch is closed when its paths reach 128 KiB', () => {
    const long = 'x'.repeat(64 * 1024 - 1);
    for (const name of ['a', 'b', 'c']) add('data', `/${name}${long}`);
    const batches = registry.setWatchesBatches(toZxid(0n));
    expect(batches.map(({ dataWatches }) => dataWatches.length)).toEqual([2, 1]);
  });

  test('a last batch that is full leaves no empty one behind', () => {
    add('data', `/${'x'.repeat(128 * 1024)}`);
    expect(registry.setWatchesBatches(toZxid(0n))).toHaveLength(1);
  });
});

describe('chroot', () => {
  test('is added to what is registered and taken off what arrives', () => {
    registry = new WatchRegistry('/app');
    add('child', '/', 'root');
    add('data', '/a', 'a');
    expect(registry.setWatchesBatches(toZxid(0n))).toMatchObject([
      { dataWatches: ['/app/a'], childWatches: ['/app'] },
    ]);
    expect(heard(registry.onEvent('NodeDataChanged', '/app/a'))).toEqual(['NodeDataChanged /a: a']);
    expect(heard(registry.onEvent('NodeChildrenChanged', '/app'))).toEqual(['NodeChildrenChanged /: root']);
  });

  test('what lies outside keeps its path', () => {
    registry = new WatchRegistry('/app');
    add('data', '/zookeeper/config', 'config');
    expect(heard(registry.onEvent('NodeDataChanged', '/zookeeper/config'))).toEqual([
      'NodeDataChanged /zookeeper/config: config',
    ]);
  });
});

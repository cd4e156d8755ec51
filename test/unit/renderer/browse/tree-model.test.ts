import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareNames } from '../../../../renderer/features/browse/tree/name-order.ts';
import { TreeModel } from '../../../../renderer/features/browse/tree/tree-model.ts';
import { joinPath } from '../../../../shared/path.ts';

/** The tree as text, two spaces a level; notices in brackets. */
function draw(tree: TreeModel): string[] {
  return Array.from({ length: tree.rowCount }, (_, index) => {
    const row = tree.rowAt(index);
    const indent = '  '.repeat(row?.depth ?? 0);
    return row?.kind === 'node' ? indent + row.name : `${indent}[${row?.notice.kind ?? 'nothing'}]`;
  });
}

function treeOf(listing: Record<string, string[]>): TreeModel {
  const tree = new TreeModel();
  for (const [path, names] of Object.entries(listing)) {
    tree.expand(path);
    tree.addChildren(path, names);
  }
  return tree;
}

const KAFKA = {
  '/': ['kafka', 'hbase'],
  '/kafka': ['config', 'brokers'],
  '/kafka/brokers': ['ids', 'topics'],
};

describe('tree model: rows', () => {
  test('begins with the closed root', () => {
    const tree = new TreeModel();
    expect(draw(tree)).toEqual(['/']);
    expect(tree.rowAt(1)).toBeUndefined();
  });

  test('expanded nodes show their children in order', () => {
    expect(draw(treeOf(KAFKA))).toEqual([
      '/',
      '  hbase',
      '  kafka',
      '    brokers',
      '      ids',
      '      topics',
      '    config',
    ]);
  });

  test('a collapsed node keeps what was loaded below it', () => {
    const tree = treeOf(KAFKA);
    tree.collapse('/kafka');
    expect(draw(tree)).toEqual(['/', '  hbase', '  kafka']);
    expect(tree.indexOf('/kafka/brokers')).toBe(-1);
    tree.expand('/kafka');
    expect(tree.indexOf('/kafka/brokers/topics')).toBe(5);
  });

  test('a notice stands before the children', () => {
    const tree = treeOf(KAFKA);
    tree.setNotice('/kafka', { kind: 'loading', loaded: 2, total: 9 });
    expect(draw(tree).slice(2, 5)).toEqual(['  kafka', '    [loading]', '    brokers']);
    expect(tree.indexOf('/kafka/brokers')).toBe(4);
    tree.setNotice('/kafka', undefined);
    expect(tree.indexOf('/kafka/brokers')).toBe(3);
  });

  test('a new listing drops what is gone with everything below, and keeps what stayed open', () => {
    const tree = treeOf(KAFKA);
    const difference = tree.replaceChildren('/', ['kafka', 'locks']);
    expect(difference).toEqual({ added: ['locks'], removed: ['hbase'] });
    expect(tree.isExpanded('/kafka/brokers')).toBe(true);
    tree.replaceChildren('/', ['locks']);
    expect(draw(tree)).toEqual(['/', '  locks']);
    expect(tree.hasChildrenOf('/kafka/brokers')).toBe(false);
  });

  test('nodes that nobody listed are neither expanded nor inserted', () => {
    const tree = treeOf(KAFKA);
    tree.expand('/nowhere');
    expect(tree.insert('/hbase/x')).toBe(false);
    expect(tree.remove('/nowhere')).toBe(false);
    expect(tree.rowCount).toBe(7);
  });

  test('rows tell their place among siblings', () => {
    expect(treeOf(KAFKA).rowAt(6)).toMatchObject({ name: 'config', position: 2, siblings: 2 });
  });
});

describe('tree model: filter', () => {
  test('keeps the ancestors of what matches, whatever its case', () => {
    const tree = treeOf(KAFKA);
    tree.setFilter('TOPIC');
    expect(draw(tree)).toEqual(['/', '  kafka', '    brokers', '      topics']);
    expect(tree.matchCount).toBe(1);
    tree.setFilter('');
    expect(tree.rowCount).toBe(7);
  });

  test('opens closed nodes that have matches, and the person may close them again', () => {
    const tree = treeOf(KAFKA);
    tree.collapse('/kafka');
    tree.setFilter('ids');
    expect(draw(tree)).toEqual(['/', '  kafka', '    brokers', '      ids']);
    tree.collapse('/kafka');
    expect(draw(tree)).toEqual(['/', '  kafka']);
    tree.setFilter('id');
    expect(tree.rowCount).toBe(4);
  });

  test('names that arrive while filtering appear with their ancestors, and go with the last match', () => {
    const tree = treeOf(KAFKA);
    tree.setFilter('orders');
    expect(draw(tree)).toEqual(['/']);
    tree.expand('/kafka/brokers/topics');
    tree.addChildren('/kafka/brokers/topics', ['audit', 'orders.v2']);
    expect(draw(tree)).toEqual(['/', '  kafka', '    brokers', '      topics', '        orders.v2']);
    tree.remove('/kafka/brokers/topics/orders.v2');
    expect(draw(tree)).toEqual(['/']);
  });
});

interface Step {
  readonly act: 'expand' | 'collapse' | 'insert' | 'remove' | 'replace' | 'add' | 'filter' | 'notice';
  readonly path: string;
  readonly names: string[];
}

/** Few names, so that steps meet at the same nodes. */
const segment = fc.constantFrom('a', 'ab', 'c10', 'c2');
const path = fc.array(segment, { maxLength: 3 }).map((names) => names.reduce(joinPath, '/'));
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(
    'expand',
    'expand',
    'collapse',
    'insert',
    'remove',
    'replace',
    'add',
    'filter',
    'notice',
  ),
  path,
  names: fc.uniqueArray(segment),
});

/** The same tree the slow way: a map of sets, walked from the root for every question. */
class NaiveTree {
  readonly children = new Map<string, Set<string>>([['/', new Set()]]);
  readonly expanded = new Set<string>();
  readonly notices = new Set<string>();

  isListed(path: string): boolean {
    return (
      path === '/' ||
      (this.children
        .get(path.slice(0, path.lastIndexOf('/')) || '/')
        ?.has(path.slice(path.lastIndexOf('/') + 1)) ??
        false)
    );
  }

  apply({ act, path, names }: Step): void {
    if (!this.isListed(path) && act !== 'insert' && act !== 'remove') return;
    const known = this.children.get(path);
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    const name = path.slice(path.lastIndexOf('/') + 1);
    switch (act) {
      case 'expand':
        this.children.set(path, known ?? new Set());
        this.expanded.add(path);
        break;
      case 'collapse':
        this.expanded.delete(path);
        break;
      case 'notice':
        this.children.set(path, known ?? new Set());
        this.notices.add(path);
        break;
      case 'insert':
        if (path !== '/') this.children.get(parent)?.add(name);
        break;
      case 'remove':
        if (path !== '/' && this.children.get(parent)?.delete(name)) this.forget(path);
        break;
      case 'add':
        if (names.length > 0) this.children.set(path, new Set([...(known ?? []), ...names]));
        break;
      case 'replace':
        for (const old of known ?? []) if (!names.includes(old)) this.forget(joinPath(path, old));
        this.children.set(path, new Set(names));
        break;
      case 'filter':
        break;
    }
  }

  forget(path: string): void {
    for (const known of [...this.children.keys()]) {
      if (known !== path && !known.startsWith(`${path}/`)) continue;
      this.children.delete(known);
      this.expanded.delete(known);
      this.notices.delete(known);
    }
  }

  draw(path = '/', name = '/', depth = 0): string[] {
    const rows = ['  '.repeat(depth) + name];
    if (!this.expanded.has(path)) return rows;
    if (this.notices.has(path)) rows.push(`${'  '.repeat(depth + 1)}[failed]`);
    for (const child of [...(this.children.get(path) ?? [])].sort(compareNames)) {
      rows.push(...this.draw(joinPath(path, child), child, depth + 1));
    }
    return rows;
  }
}

/** Histories begin with something open on two levels, or most steps would find nothing to act on. */
const BEGINNING: readonly Step[] = [
  { act: 'expand', path: '/', names: [] },
  { act: 'add', path: '/', names: ['ab', 'c2'] },
  { act: 'expand', path: '/ab', names: [] },
  { act: 'add', path: '/ab', names: ['a', 'c10'] },
  { act: 'expand', path: '/c2', names: [] },
  { act: 'add', path: '/c2', names: ['ab'] },
];
const history = fc.array(step, { maxLength: 40 }).map((steps) => [...BEGINNING, ...steps]);

function applyStep(tree: TreeModel, { act, path, names }: Step): void {
  if (act === 'expand') tree.expand(path);
  if (act === 'collapse') tree.collapse(path);
  if (act === 'insert') tree.insert(path);
  if (act === 'remove') tree.remove(path);
  if (act === 'replace') tree.replaceChildren(path, names);
  if (act === 'add') tree.addChildren(path, names);
  if (act === 'filter') tree.setFilter(names[0] ?? '');
  if (act === 'notice') tree.setNotice(path, { kind: 'failed', code: 'NOAUTH' });
}

describe('tree model: any history', () => {
  test('shows what a naive tree shows, and finds every row again by its path', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const tree = new TreeModel();
        const naive = new NaiveTree();
        for (const next of steps.filter(({ act }) => act !== 'filter')) {
          applyStep(tree, next);
          naive.apply(next);
          expect(draw(tree)).toEqual(naive.draw());
        }
        for (let index = 0; index < tree.rowCount; index++) {
          const row = tree.rowAt(index);
          if (row?.kind === 'node') expect(tree.indexOf(row.path)).toBe(index);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a node that was deleted comes back closed and without its former children', () => {
    const tree = treeOf(KAFKA);
    tree.remove('/kafka');
    tree.insert('/kafka');
    expect(draw(tree)).toEqual(['/', '  hbase', '  kafka']);
    expect(tree.isExpanded('/kafka')).toBe(false);
  });

  test('a filter that grew with the tree shows what the same filter set at the end shows', () => {
    fc.assert(
      fc.property(history, segment, (steps, filter) => {
        const early = new TreeModel();
        const late = new TreeModel();
        early.setFilter(filter);
        for (const next of steps.filter(({ act }) => act !== 'filter' && act !== 'collapse')) {
          applyStep(early, next);
          applyStep(late, next);
          late.setFilter(filter);
          expect(draw(early)).toEqual(draw(late));
          late.setFilter('');
        }
        for (let index = 0; index < early.rowCount; index++) {
          const row = early.rowAt(index);
          if (row?.kind === 'node') expect(early.indexOf(row.path)).toBe(index);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('tree model: size', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `node-${String(at * 2).padStart(10, '0')}`);

  test('one of 100,000 children comes and goes without a look at the others', () => {
    const tree = treeOf({ '/': many });
    const startedMs = performance.now();
    for (let at = 0; at < 1000; at++) tree.insert(`/node-${String(at * 150 + 1).padStart(10, '0')}`);
    for (let at = 0; at < 1000; at++) tree.remove(`/node-${String(at * 150 + 1).padStart(10, '0')}`);
    const tookMs = performance.now() - startedMs;
    expect(tree.rowCount).toBe(100_001);
    // 2,000 changes; a rebuild of 100,000 rows for each would take minutes.
    expect(tookMs).toBeLessThan(2_000);
  });

  test('200 levels deep, rows are found both ways', () => {
    const tree = new TreeModel();
    let path = '/';
    for (let depth = 0; depth < 200; depth++) {
      tree.expand(path);
      tree.addChildren(path, ['before', 'deeper', 'zzz']);
      path = joinPath(path, 'deeper');
    }
    expect(tree.rowCount).toBe(601);
    expect(tree.rowAt(tree.indexOf(path))).toMatchObject({ path, depth: 200 });
  });
});

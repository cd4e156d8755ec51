import { describe, expect, test } from 'vitest';
import type { Timers } from '../../../../renderer/features/browse/tree/listings.ts';
import { type TreeSource, TreeStore } from '../../../../renderer/features/browse/tree/tree-store.ts';
import type { Failure } from '../../../../shared/api/failure.ts';

/** Time that passes only when a test says so. */
class FakeTimers implements Timers {
  #nowMs = 0;
  #waiting: { atMs: number; run: () => void }[] = [];

  after(delayMs: number, run: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, run };
    this.#waiting.push(entry);
    return () => (this.#waiting = this.#waiting.filter((other) => other !== entry));
  }

  pass(durationMs: number): void {
    this.#nowMs += durationMs;
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { run } of due) run();
  }
}

/** Lets every promise that can settle settle, and runs what is due. */
async function settle(timers: FakeTimers, passMs = 0): Promise<void> {
  for (let round = 0; round < 20; round++) {
    timers.pass(round === 0 ? passMs : 0);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class FakeCluster implements TreeSource {
  readonly listings = new Map<string, string[]>();
  readonly counts = new Map<string, number>();
  readonly failing = new Map<string, Failure['code']>();
  readonly listed: string[] = [];
  readonly summarised: string[][] = [];
  observed: string[] = [];
  observeCalls = 0;
  /** Holds pieces back until released. */
  gate: Promise<void> = Promise.resolve();

  constructor(listings: Record<string, string[]>) {
    for (const [path, names] of Object.entries(listings)) this.listings.set(path, names);
  }

  async children(
    path: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<{ total: number; names: string[] }>> {
    this.listed.push(path);
    const code = this.failing.get(path) ?? (this.listings.has(path) ? undefined : 'NONODE');
    if (code !== undefined) throw new Error(code);
    const names = this.listings.get(path) ?? [];
    const { gate } = this;
    return (async function* pieces() {
      const half = Math.ceil(names.length / 2);
      yield { total: names.length, names: names.slice(0, half) };
      await gate;
      if (signal.aborted) return;
      yield { total: names.length, names: names.slice(half) };
    })();
  }

  async summaries(paths: string[]) {
    this.summarised.push(paths);
    return paths.map((path) => ({
      kind: 'node' as const,
      path,
      numChildren: this.counts.get(path) ?? this.listings.get(path)?.length ?? 0,
      dataLength: 0,
      version: 0,
      ephemeralOwner: '0x0',
      hasQuota: false,
    }));
  }

  async observe(paths: string[]): Promise<void> {
    this.observed = paths;
    this.observeCalls += 1;
  }

  failureOf(error: unknown): Failure {
    const code = (error as Error).message as Failure['code'];
    return { code, message: code, retryable: false };
  }
}

function rows(store: TreeStore): string[] {
  return Array.from({ length: store.model.rowCount }, (_, index) => {
    const row = store.model.rowAt(index);
    return row?.kind === 'node' ? row.path : `${row?.path ?? ''} [${row?.notice.kind ?? ''}]`;
  });
}

async function open(
  cluster: FakeCluster,
  { askAbove = 10_000 } = {},
): Promise<{ store: TreeStore; timers: FakeTimers }> {
  const timers = new FakeTimers();
  const store = new TreeStore({ source: cluster, timers });
  store.start(askAbove);
  await settle(timers);
  return { store, timers };
}

describe('tree: reading', () => {
  test('the root is read at the start, other nodes when they are expanded', async () => {
    const cluster = new FakeCluster({ '/': ['kafka', 'hbase'], '/kafka': ['brokers'] });
    const { store, timers } = await open(cluster);
    expect(rows(store)).toEqual(['/', '/hbase', '/kafka']);
    store.expand('/kafka');
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/hbase', '/kafka', '/kafka/brokers']);
    expect(cluster.listed).toEqual(['/', '/kafka']);
  });

  test('the expanded nodes and the cursor are observed', async () => {
    const cluster = new FakeCluster({ '/': ['kafka', 'hbase'], '/kafka': [] });
    const { store, timers } = await open(cluster);
    store.expand('/kafka');
    store.moveCursor('/hbase');
    await settle(timers, 200);
    expect(cluster.observed.sort()).toEqual(['/', '/hbase', '/kafka']);
    store.collapse('/kafka');
    await settle(timers, 200);
    expect(cluster.observed.sort()).toEqual(['/', '/hbase']);
  });

  test('rows in sight are observed as well, once scrolling has come to rest', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'b', 'c'] });
    const { store, timers } = await open(cluster);
    await settle(timers, 200);
    store.showRows(['/', '/a']);
    await settle(timers, 200);
    store.showRows(['/a', '/b']);
    await settle(timers, 200);
    expect(cluster.observed).toEqual(['/']);
    await settle(timers, 200);
    expect(cluster.observed.sort()).toEqual(['/', '/a', '/b']);
  });

  test('the same rows are told once, however often they are shown', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'b'] });
    const { store, timers } = await open(cluster);
    store.showRows(['/', '/a']);
    await settle(timers, 400);
    const calls = cluster.observeCalls;
    store.showRows(['/', '/a']);
    store.applyChanges({ changes: [{ kind: 'data', path: '/a' }], isIncomplete: false });
    await settle(timers, 3_000);
    expect(cluster.observeCalls).toBe(calls);
  });

  test('a tree that never comes to rest is observed all the same', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'b'], '/a': [] });
    const { store, timers } = await open(cluster);
    await settle(timers, 200);
    store.expand('/a');
    for (let step = 0; step < 25; step++) {
      store.applyChanges({ changes: [{ kind: 'data', path: '/b' }], isIncomplete: false });
      await settle(timers, 100);
    }
    expect(cluster.observed).toContain('/a');
  });

  test('a closed row in sight learns that children came and went below it', async () => {
    const cluster = new FakeCluster({ '/': ['a'] });
    const { store, timers } = await open(cluster);
    store.showRows(['/', '/a']);
    await settle(timers, 400);
    expect(cluster.observed).toContain('/a');
    cluster.counts.set('/a', 3);
    store.applyChanges({ changes: [{ kind: 'children', path: '/a' }], isIncomplete: false });
    await settle(timers, 400);
    expect(store.summaryOf('/a')).toMatchObject({ numChildren: 3 });
  });

  test('a node with many children asks first, and loads when told to', async () => {
    const cluster = new FakeCluster({ '/': ['many'], '/many': ['a', 'b', 'c'] });
    const { store, timers } = await open(cluster, { askAbove: 2 });
    store.expand('/many');
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/many', '/many [ask]']);
    store.loadAnyway('/many');
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/many', '/many/a', '/many/b', '/many/c']);
  });

  test('a listing that was under way when the tree left the screen is read again when it is back', async () => {
    const cluster = new FakeCluster({ '/': ['kafka', 'hbase'] });
    const timers = new FakeTimers();
    const store = new TreeStore({ source: cluster, timers });
    let release = (): void => undefined;
    cluster.gate = new Promise((resolve) => (release = resolve));
    store.start(10_000);
    await settle(timers);
    store.stop();
    store.start(10_000);
    cluster.gate = Promise.resolve();
    release();
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/hbase', '/kafka']);
    expect(cluster.listed).toEqual(['/', '/']);
  });

  test('a tree that has left the screen reads nothing', async () => {
    const cluster = new FakeCluster({ '/': ['kafka'] });
    const timers = new FakeTimers();
    const store = new TreeStore({ source: cluster, timers });
    let release = (): void => undefined;
    cluster.gate = new Promise((resolve) => (release = resolve));
    store.start(10_000);
    await settle(timers);
    store.stop();
    release();
    await settle(timers);
    expect(cluster.listed).toEqual(['/']);
  });

  test('a slow listing shows its progress, can be filtered meanwhile, and cancelled', async () => {
    const cluster = new FakeCluster({ '/': ['slow'], '/slow': ['a1', 'b1', 'a2', 'b2'] });
    const { store, timers } = await open(cluster);
    let release = (): void => undefined;
    cluster.gate = new Promise((resolve) => (release = resolve));
    store.expand('/slow');
    await settle(timers);
    await settle(timers, 200);
    expect(store.model.noticeOf('/slow')).toEqual({ kind: 'loading', loaded: 2, total: 4 });
    store.setFilter('a');
    expect(rows(store)).toContain('/slow/a1');
    expect(rows(store)).not.toContain('/slow/b1');
    store.cancelLoad('/slow');
    release();
    await settle(timers);
    store.setFilter('');
    expect(rows(store).slice(1, 3)).toEqual(['/slow', '/slow [cancelled]']);
  });

  test('a refused listing says so in its place, and opening it again tries again', async () => {
    const cluster = new FakeCluster({ '/': ['secret'], '/secret': ['x'] });
    cluster.failing.set('/secret', 'NOAUTH');
    const { store, timers } = await open(cluster);
    store.expand('/secret');
    await settle(timers);
    expect(store.model.noticeOf('/secret')).toEqual({ kind: 'failed', code: 'NOAUTH' });
    cluster.failing.clear();
    store.collapse('/secret');
    store.expand('/secret');
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/secret', '/secret/x']);
  });

  test('a root that does not exist says so, and is read when it is created', async () => {
    const cluster = new FakeCluster({});
    const { store, timers } = await open(cluster);
    expect(rows(store)).toEqual(['/', '/ [failed]']);
    cluster.listings.set('/', ['a']);
    store.applyChanges({ changes: [{ kind: 'created', path: '/' }], isIncomplete: false });
    await settle(timers, 400);
    expect(rows(store)).toEqual(['/', '/a']);
  });

  test('summaries are read for rows on screen only, once, in one batch', async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `n${at}`);
    const cluster = new FakeCluster({ '/': names });
    const { store, timers } = await open(cluster);
    cluster.summarised.length = 0;
    store.showRows(['/n1', '/n2']);
    store.showRows(['/n3', '/n4', '/n5']);
    await settle(timers);
    store.showRows(['/n4', '/n5']);
    await settle(timers);
    expect(cluster.summarised).toEqual([['/n3', '/n4', '/n5']]);
  });
});

describe('tree: changes', () => {
  test('created and deleted nodes come and go without another listing', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'c'] });
    const { store } = await open(cluster);
    store.applyChanges({
      changes: [
        { kind: 'created', path: '/b' },
        { kind: 'deleted', path: '/a' },
      ],
      isIncomplete: false,
    });
    expect(rows(store)).toEqual(['/', '/b', '/c']);
    expect(store.flashOf('/b')).toBeDefined();
    expect(cluster.listed).toEqual(['/']);
  });

  test('a flash lasts 900 ms', async () => {
    const cluster = new FakeCluster({ '/': ['a'] });
    const { store, timers } = await open(cluster);
    store.applyChanges({ changes: [{ kind: 'data', path: '/a' }], isIncomplete: false });
    timers.pass(899);
    expect(store.flashOf('/a')).toBeDefined();
    timers.pass(1);
    expect(store.flashOf('/a')).toBeUndefined();
  });

  test('a children event reads the listing again and flashes what is new', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'b'] });
    const { store, timers } = await open(cluster);
    cluster.listings.set('/', ['b', 'c']);
    store.applyChanges({ changes: [{ kind: 'children', path: '/' }], isIncomplete: false });
    await settle(timers, 10);
    expect(rows(store)).toEqual(['/', '/b', '/c']);
    expect(store.flashOf('/c')).toBeDefined();
    expect(store.flashOf('/b')).toBeUndefined();
  });

  test('a busy large parent is read again at most every few seconds', async () => {
    const names = Array.from({ length: 40_000 }, (_, at) => `n${at}`);
    const cluster = new FakeCluster({ '/': names });
    const { store, timers } = await open(cluster, { askAbove: 1_000_000 });
    for (let burst = 0; burst < 5; burst++) {
      store.applyChanges({ changes: [{ kind: 'children', path: '/' }], isIncomplete: false });
      await settle(timers, 100);
    }
    expect(cluster.listed).toEqual(['/']);
    await settle(timers, 2_000);
    expect(cluster.listed).toEqual(['/', '/']);
  });

  test('a change during a listing makes it be read once more', async () => {
    const cluster = new FakeCluster({ '/': ['a', 'b'] });
    let release = (): void => undefined;
    cluster.gate = new Promise((resolve) => (release = resolve));
    const { store, timers } = await open(cluster);
    store.applyChanges({ changes: [{ kind: 'children', path: '/' }], isIncomplete: false });
    cluster.listings.set('/', ['a', 'b', 'c']);
    release();
    await settle(timers, 10);
    await settle(timers, 10);
    expect(rows(store)).toEqual(['/', '/a', '/b', '/c']);
  });

  test('after lost watches everything that is open is read again', async () => {
    const cluster = new FakeCluster({ '/': ['a'], '/a': ['x'] });
    const { store, timers } = await open(cluster);
    store.expand('/a');
    await settle(timers);
    cluster.listings.set('/a', ['y']);
    store.applyChanges({ changes: [], isIncomplete: true });
    await settle(timers, 10);
    expect(rows(store)).toEqual(['/', '/a', '/a/y']);
  });
});

describe('tree: where one is', () => {
  const cluster = (): FakeCluster =>
    new FakeCluster({
      '/': ['alpha', 'beta', 'bravo'],
      '/beta': ['one'],
      '/beta/one': ['two'],
      '/beta/one/two': [],
    });

  test('a path from elsewhere is revealed', async () => {
    const { store, timers } = await open(cluster());
    void store.reveal('/beta/one/two');
    await settle(timers);
    expect(store.model.indexOf('/beta/one/two')).toBe(4);
  });

  test('a path below too many siblings is revealed alone, under the question', async () => {
    const { store, timers } = await open(cluster(), { askAbove: 2 });
    void store.reveal('/beta/one');
    await settle(timers);
    expect(rows(store)).toEqual(['/', '/ [ask]', '/beta', '/beta/one']);
  });

  test('the first child of a node that is being read is gone to when it is there', async () => {
    const { store, timers } = await open(cluster());
    store.moveCursor('/beta');
    store.expand('/beta');
    void store.enter('/beta');
    expect(store.cursor).toBe('/beta');
    await settle(timers);
    expect(store.cursor).toBe('/beta/one');
  });

  test('the first child is not gone to when the cursor has gone elsewhere meanwhile', async () => {
    const { store, timers } = await open(cluster());
    store.moveCursor('/beta');
    store.expand('/beta');
    void store.enter('/beta');
    store.moveCursor('/alpha');
    await settle(timers);
    expect(store.cursor).toBe('/alpha');
  });

  test('letters jump to the next name that begins with them, around the end', async () => {
    const { store } = await open(cluster());
    expect(store.findByPrefix('b')).toBe('/beta');
    store.moveCursor('/beta');
    expect(store.findByPrefix('b')).toBe('/bravo');
    expect(store.findByPrefix('be')).toBe('/beta');
    store.moveCursor('/bravo');
    expect(store.findByPrefix('a')).toBe('/alpha');
    expect(store.findByPrefix('zz')).toBeUndefined();
  });

  test('rows are marked singly and by range, and a deleted one is no longer marked', async () => {
    const { store } = await open(cluster());
    store.moveCursor('/alpha');
    store.markRange('/bravo');
    expect([...store.marked]).toEqual(['/alpha', '/beta', '/bravo']);
    store.toggleMark('/beta');
    store.applyChanges({ changes: [{ kind: 'deleted', path: '/alpha' }], isIncomplete: false });
    expect([...store.marked]).toEqual(['/bravo']);
  });

  test('everything below a node opens, level by level', async () => {
    const { store, timers } = await open(cluster());
    void store.expandAll('/beta');
    await settle(timers);
    expect(rows(store)).toContain('/beta/one/two');
    expect(store.model.isExpanded('/beta/one/two')).toBe(false);
  });
});

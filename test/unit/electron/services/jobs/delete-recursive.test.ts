/** The recursive delete against a tree in memory that others change meanwhile. */
import { describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../../../../electron/log.ts';
import { Job } from '../../../../../electron/services/jobs/job.ts';
import { deleteRecursive } from '../../../../../electron/services/jobs/delete-recursive.ts';
import { ShellError } from '../../../../../electron/services/shell-error.ts';
import type { JobState } from '../../../../../shared/api/znodes.ts';
import { KeeperError } from '../../../../../shared/errors.ts';
import { baseName, parentPath } from '../../../../../shared/path.ts';
import type { Stat } from '../../../../../shared/protocol/stat.ts';

/** A tree of znodes whose requests are answered a turn later; hooks run before an answer. */
class FakeTree {
  readonly nodes = new Set<string>(['/']);
  readonly deleted: string[] = [];
  readonly denied = new Set<string>();
  onList: (path: string) => void = () => undefined;
  onDelete: (path: string) => void = () => undefined;
  isCancelled = false;
  outstanding = 0;
  outstandingMax = 0;

  constructor(paths: readonly string[]) {
    for (const path of paths) this.add(path);
  }

  add(path: string): void {
    for (let at = path; at !== '/'; at = parentPath(at)) this.nodes.add(at);
  }

  childrenOf(path: string): string[] {
    return [...this.nodes].filter((node) => node !== '/' && parentPath(node) === path).map(baseName);
  }

  readonly getChildren = async (path: string): Promise<{ children: string[]; stat: Stat }> =>
    this.#answer(() => {
      this.onList(path);
      if (!this.nodes.has(path)) throw new KeeperError('NONODE', { path });
      return { children: this.childrenOf(path), stat: {} as Stat };
    });

  readonly delete = async (path: string): Promise<void> =>
    this.#answer(() => {
      this.onDelete(path);
      if (!this.nodes.has(path)) throw new KeeperError('NONODE', { path });
      if (this.denied.has(path)) throw new KeeperError('NOAUTH', { path });
      if (this.childrenOf(path).length > 0) throw new KeeperError('NOTEMPTY', { path });
      this.nodes.delete(path);
      this.deleted.push(path);
    });

  async #answer<T>(work: () => T): Promise<T> {
    this.outstandingMax = Math.max(this.outstandingMax, ++this.outstanding);
    await new Promise((resolve) => setImmediate(resolve));
    this.outstanding--;
    return work();
  }
}

const IDENTITY = { jobId: 'j', kind: 'delete-recursive', connectionId: 'c' } as const;

async function runJob(
  tree: FakeTree,
  { path = '/a', chroot = '', writer = () => tree, cancelAt = '' } = {},
): Promise<JobState> {
  const job = new Job({ ...IDENTITY, path }, silentLog);
  if (cancelAt !== '') {
    tree.onDelete = (deleted) => {
      if (deleted !== cancelAt) return;
      job.cancel();
      tree.isCancelled = true;
    };
  }
  await job.run((reporter) => deleteRecursive({ reader: tree, writer, path, chroot, reporter }));
  const { value } = await job.follow().next();
  expect(tree.outstanding).toBe(0);
  return value!;
}

describe('delete recursive', () => {
  test('children go before their parents, and every node is counted', async () => {
    const tree = new FakeTree(['/a/b/c', '/a/b/d', '/a/e', '/other']);
    const state = await runJob(tree);
    expect(state).toMatchObject({ state: 'done', done: 5, errorCount: 0 });
    expect([...tree.nodes].sort()).toEqual(['/', '/other']);
    for (const path of tree.deleted) {
      const below = tree.deleted.filter((other) => other.startsWith(`${path}/`));
      for (const child of below) expect(tree.deleted.indexOf(child)).toBeLessThan(tree.deleted.indexOf(path));
    }
  });

  test('many requests are on the wire, but never more than the bound', async () => {
    const tree = new FakeTree(Array.from({ length: 1_000 }, (_, at) => `/a/n${at % 10}/m${at}`));
    expect(await runJob(tree)).toMatchObject({ state: 'done', done: 1_011 });
    expect(tree.outstandingMax).toBeGreaterThan(30);
    expect(tree.outstandingMax).toBeLessThanOrEqual(65);
  });

  test('nodes that vanish meanwhile count as deleted', async () => {
    const tree = new FakeTree(['/a/b', '/a/c']);
    tree.onDelete = (path) => {
      if (path === '/a/b') tree.nodes.delete(path);
    };
    tree.onList = (path) => {
      if (path === '/a/c') tree.nodes.delete(path);
    };
    expect(await runJob(tree)).toMatchObject({ state: 'done', done: 3, errorCount: 0 });
  });

  test('nodes that appear meanwhile are deleted too', async () => {
    const tree = new FakeTree(['/a/b']);
    tree.onDelete = (path) => {
      if (path === '/a' && tree.deleted.length === 1) tree.add('/a/new/deep');
    };
    expect(await runJob(tree)).toMatchObject({ state: 'done', errorCount: 0 });
    expect([...tree.nodes]).toEqual(['/']);
  });

  test('a node that is filled again and again is given up, with its error', async () => {
    const tree = new FakeTree(['/a']);
    let count = 0;
    tree.onDelete = (path) => {
      if (path === '/a') tree.add(`/a/n${count++}`);
    };
    expect(await runJob(tree)).toMatchObject({
      state: 'done',
      errors: [{ path: '/a', failure: { code: 'NOTEMPTY' } }],
      errorCount: 1,
    });
  });

  test('a refusal is noted, the rest is deleted, and its ancestors stay without errors of their own', async () => {
    const tree = new FakeTree(['/a/b/keep', '/a/b/go', '/a/c']);
    tree.denied.add('/a/b/keep');
    expect(await runJob(tree)).toMatchObject({
      state: 'done',
      done: 2,
      errorCount: 1,
      errors: [{ path: '/a/b/keep', failure: { code: 'NOAUTH', path: '/a/b/keep' } }],
    });
    expect([...tree.nodes].sort()).toEqual(['/', '/a', '/a/b', '/a/b/keep']);
  });

  test('of many errors a hundred are kept, and all are counted', async () => {
    const paths = Array.from({ length: 150 }, (_, at) => `/a/n${at}`);
    const tree = new FakeTree(paths);
    for (const path of paths) tree.denied.add(path);
    const state = await runJob(tree);
    expect([state.errors.length, state.errorCount]).toEqual([100, 150]);
  });

  test('a lost connection ends the job with its cause', async () => {
    const tree = new FakeTree(Array.from({ length: 200 }, (_, at) => `/a/n${at}`));
    tree.onDelete = () => {
      if (tree.deleted.length >= 50) throw new KeeperError('CONNECTIONLOSS', { server: 's:1' });
    };
    const state = await runJob(tree);
    expect(state).toMatchObject({
      state: 'failed',
      done: 50,
      failure: { code: 'CONNECTIONLOSS', server: 's:1' },
    });
    expect(state.endedAtMs).not.toBeNull();
  });

  test('a lock that comes back stops it: each write asks the guard', async () => {
    const tree = new FakeTree(['/a/b', '/a/c', '/a/d']);
    let writes = 0;
    const writer = (): FakeTree => {
      if (++writes > 2) throw new ShellError('PRODUCTION_LOCKED', 'locked');
      return tree;
    };
    expect(await runJob(tree, { writer })).toMatchObject({
      state: 'failed',
      done: 2,
      failure: { code: 'PRODUCTION_LOCKED' },
    });
  });

  test('cancelling stops after what is sent', async () => {
    const tree = new FakeTree(Array.from({ length: 500 }, (_, at) => `/a/n${at}`));
    let deletesAfterCancel = 0;
    const writer = (): FakeTree => {
      deletesAfterCancel += tree.isCancelled ? 1 : 0;
      return tree;
    };
    const state = await runJob(tree, { cancelAt: '/a/n10', writer });
    expect(state.state).toBe('cancelled');
    expect(deletesAfterCancel).toBe(0);
    expect(tree.nodes.size).toBeGreaterThan(300);
    expect(state.done).toBe(tree.deleted.length);
  });

  test("the root and ZooKeeper's own nodes are never touched", async () => {
    const tree = new FakeTree(['/a/b', '/zookeeper/quota', '/c']);
    expect(await runJob(tree, { path: '/' })).toMatchObject({ state: 'done', done: 3, errorCount: 0 });
    expect([...tree.nodes].sort()).toEqual(['/', '/zookeeper', '/zookeeper/quota']);
    const chrooted = new FakeTree(['/zookeeper/x']);
    await runJob(chrooted, { path: '/', chroot: '/app' });
    expect([...chrooted.nodes]).toEqual(['/']);
  });

  test('a bug in the work is a failed job, and is logged', async () => {
    const error = vi.fn();
    const job = new Job({ ...IDENTITY, path: '/a' }, { ...silentLog, error });
    await job.run(() => Promise.reject(new TypeError('oops')));
    expect((await job.follow().next()).value).toMatchObject({ state: 'failed', failure: { code: 'BUG' } });
    expect(error).toHaveBeenCalledOnce();
  });
});

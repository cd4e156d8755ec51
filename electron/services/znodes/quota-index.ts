/**
 * Which nodes of one connection have a quota of their own: one walk over /zookeeper/quota, kept until a watch says that it
 * changed. A connection with a chroot cannot see that part of the tree, so it knows of none.
 */
import { joinPath } from '../../../shared/path.ts';
import { AppError, KeeperError } from '../../../shared/errors.ts';
import type { ReadingClient } from '../connections/open-connection.ts';
import { LIMITS_NAME, QUOTA_ROOT } from './quota.ts';

const NODES_MAX = 20_000;
/** How long a listing holds that no watch guards (a server before 3.6). */
const UNGUARDED_HOLDS_MS = 30_000;

export class QuotaIndex {
  readonly #client: ReadingClient;
  #paths: Promise<ReadonlySet<string>> | undefined;
  #holdsUntilMs = Infinity;
  #watched: Promise<boolean> | undefined;

  constructor(client: ReadingClient) {
    this.#client = client;
  }

  /** Never rejects for what a server may refuse: no quota is known then. */
  async paths(): Promise<ReadonlySet<string>> {
    if (performance.now() >= this.#holdsUntilMs) this.forget();
    this.#paths ??= this.#read();
    try {
      return await this.#paths;
    } catch (error) {
      this.forget();
      if (error instanceof AppError) return new Set();
      throw error;
    }
  }

  forget(): void {
    this.#paths = undefined;
  }

  async #read(): Promise<ReadonlySet<string>> {
    // The watch first: what changes while the walk is under way must not be missed.
    this.#watched ??= this.#watch();
    const isWatched = await this.#watched;
    this.#holdsUntilMs = isWatched ? Infinity : performance.now() + UNGUARDED_HOLDS_MS;
    const found = new Set<string>();
    let level = [QUOTA_ROOT];
    for (let visited = 0; level.length > 0 && visited < NODES_MAX; visited += level.length) {
      const listings = await Promise.all(level.map((path) => this.#childrenOf(path)));
      const next: string[] = [];
      for (const [at, names] of listings.entries()) {
        const parent = level[at] ?? QUOTA_ROOT;
        if (names.includes(LIMITS_NAME)) found.add(parent.slice(QUOTA_ROOT.length) || '/');
        next.push(
          ...names.filter((name) => !name.startsWith('zookeeper_')).map((name) => joinPath(parent, name)),
        );
      }
      level = next;
    }
    return found;
  }

  async #watch(): Promise<boolean> {
    try {
      await this.#client.addWatch(QUOTA_ROOT, 'persistentRecursive', () => this.forget());
      return true;
    } catch (error) {
      this.#watched = undefined;
      if (error instanceof KeeperError && error.code === 'UNIMPLEMENTED') return false;
      throw error;
    }
  }

  async #childrenOf(path: string): Promise<readonly string[]> {
    try {
      return (await this.#client.getChildren(path)).children;
    } catch (error) {
      if (error instanceof KeeperError && error.code === 'NONODE') return [];
      throw error;
    }
  }
}

/**
 * ZooKeeper's recipe of a lock, made by hand with what every client has: a sequential ephemeral node each, the lowest holds
 * the lock, and everybody else watches the one before.
 */
import { joinPath, parentPath } from '../../shared/path.ts';
import { waitFor } from '../support/wait.ts';
import { type ForeignClient, ForeignError } from './foreign-client.ts';

const ACQUIRE_MS_MAX = 20_000;

export interface Lock {
  acquire(path: string): Promise<void>;
  release(path: string): Promise<void>;
}

export class HandMadeLock implements Lock {
  readonly #client: ForeignClient;
  #node = '';

  constructor(client: ForeignClient) {
    this.#client = client;
  }

  async acquire(path: string): Promise<void> {
    this.#node = await this.#client.create(joinPath(path, 'lock-'), '', 'EPHEMERAL_SEQUENTIAL');
    for (;;) {
      const before = await this.#nodeBefore();
      if (before === undefined) return;
      await this.#untilGone(before);
    }
  }

  async release(): Promise<void> {
    await this.#client.delete(this.#node);
  }

  async #nodeBefore(): Promise<string | undefined> {
    const folder = parentPath(this.#node);
    const paths = (await this.#client.list(folder)).map((name) => joinPath(folder, name)).sort();
    return paths[paths.indexOf(this.#node) - 1];
  }

  async #untilGone(path: string): Promise<void> {
    const heardBefore = this.#client.events.length;
    try {
      await this.#client.watchData(path);
    } catch (error) {
      if (error instanceof ForeignError && error.code === 'NONODE') return;
      throw error;
    }
    const isGone = (): boolean => this.#client.events.slice(heardBefore).some((event) => event.path === path);
    await waitFor(`${path} is released`, isGone, ACQUIRE_MS_MAX);
  }
}

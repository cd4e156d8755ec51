/**
 * Finds containers that were left empty and nodes whose time to live is over (ZooKeeper's ContainerManager; PROTOCOL.md
 * 7.7), and spreads their deletion so that it never floods the log. Deleting is done by transactions, which check again.
 */
import type { DataTree } from './data-tree.ts';
import { ttlMsOf } from './ephemeral-owner.ts';
import { Fifo } from './fifo.ts';
import type { Now } from './effects.ts';

export interface ContainerOptions {
  readonly containerCheckIntervalMs: number;
  readonly containerDeletesPerMinuteMax: number;
  /** How long a container that never had a child may stay; 0 for ever. */
  readonly containerNeverUsedMsMax: number;
}

export class ContainerReaper {
  readonly #tree: DataTree;
  readonly #options: ContainerOptions;
  readonly #spacingMs: number;
  readonly #candidates = new Fifo<string>();
  #nextCheckMs: number;
  #nextDeleteMs = 0;

  constructor(tree: DataTree, options: ContainerOptions, elapsedMs: number) {
    this.#tree = tree;
    this.#options = options;
    this.#spacingMs = Math.max(1, Math.floor(60_000 / options.containerDeletesPerMinuteMax));
    this.#nextCheckMs = elapsedMs + options.containerCheckIntervalMs;
  }

  /** When {@link tick} can next have something to do. */
  get nextMs(): number {
    return this.#candidates.length > 0 ? this.#nextDeleteMs : this.#nextCheckMs;
  }

  /** The path whose deletion is due now, if any. */
  tick(now: Now): string | undefined {
    if (this.#candidates.length === 0 && now.elapsedMs >= this.#nextCheckMs) {
      this.#nextCheckMs = now.elapsedMs + this.#options.containerCheckIntervalMs;
      this.#collect(BigInt(now.wallMs));
    }
    if (now.elapsedMs < this.#nextDeleteMs) return undefined;
    const path = this.#candidates.shift();
    if (path !== undefined) this.#nextDeleteMs = now.elapsedMs + this.#spacingMs;
    return path;
  }

  #collect(wallMs: bigint): void {
    const neverUsedMsMax = BigInt(this.#options.containerNeverUsedMsMax);
    for (const path of this.#tree.containers) {
      const node = this.#tree.get(path);
      if (!node || node.children) continue;
      const wasUsed = node.stat.cversion > 0;
      const isForgotten = neverUsedMsMax > 0n && wallMs - node.stat.mtime > neverUsedMsMax;
      if (wasUsed || isForgotten) this.#candidates.push(path);
    }
    for (const path of this.#tree.ttls) {
      const node = this.#tree.get(path);
      if (!node || node.children) continue;
      if (wallMs - node.stat.mtime > ttlMsOf(node.stat.ephemeralOwner)) this.#candidates.push(path);
    }
  }
}

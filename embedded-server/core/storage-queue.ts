/**
 * Hands operations to the disk in order and remembers what has to happen once each is durable. Whatever came of a role
 * meanwhile, what is on disk is on disk: every operation's continuation runs, and minds itself whether its role is over.
 */
import { assert } from '../../shared/assert.ts';
import type { QuorumEffect, RestoredData, StorageOperation } from './quorum-effects.ts';
import { Fifo } from './fifo.ts';

interface Waiting {
  readonly storageId: number;
  readonly onStored: (reloaded: RestoredData | undefined) => void;
}

export class StorageQueue {
  readonly #waiting = new Fifo<Waiting>();
  readonly #emit: (effect: QuorumEffect) => void;
  #lastStorageId = 0;

  constructor(emit: (effect: QuorumEffect) => void) {
    this.#emit = emit;
  }

  /** Whether everything handed over is durable. */
  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  run(operation: StorageOperation, onStored: (reloaded: RestoredData | undefined) => void): void {
    const storageId = ++this.#lastStorageId;
    this.#waiting.push({ storageId, onStored });
    this.#emit({ kind: 'store', storageId, operation });
  }

  onStored(storageId: number, reloaded: RestoredData | undefined): void {
    assert(storageId <= this.#lastStorageId, 'something is stored that nobody handed over');
    for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
      if (next.storageId > storageId) return;
      this.#waiting.shift();
      next.onStored(next.storageId === storageId ? reloaded : undefined);
    }
  }
}

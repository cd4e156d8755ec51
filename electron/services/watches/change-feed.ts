/** Changes of the nodes that the tree shows, gathered between two batches. Bounded: beyond the bound, "read all again". */
import type { ChangeBatch } from '../../../shared/api/watches.ts';
import { PacedStream } from '../paced-stream.ts';
import type { TreeChange } from './watch-plan.ts';

const CHANGES_MAX = 2_000;
const BATCH_INTERVAL_MS = 50;

interface Reader {
  readonly stream: PacedStream<ChangeBatch>;
  /** By kind and path: a node that changes twice between two batches is read once. */
  changes: Map<string, TreeChange>;
  isIncomplete: boolean;
}

export class ChangeFeed {
  readonly #readers = new Set<Reader>();

  add(changes: readonly TreeChange[]): void {
    for (const reader of this.#readers) {
      for (const change of changes) reader.changes.set(`${change.kind} ${change.path}`, change);
      if (reader.changes.size > CHANGES_MAX) forgetAll(reader);
      reader.stream.wake();
    }
  }

  /** Changes may have been missed: everything on screen must be read again. */
  addIncomplete(): void {
    for (const reader of this.#readers) {
      forgetAll(reader);
      reader.stream.wake();
    }
  }

  follow(): PacedStream<ChangeBatch> {
    const reader: Reader = {
      changes: new Map(),
      isIncomplete: false,
      stream: new PacedStream<ChangeBatch>({
        intervalMs: BATCH_INTERVAL_MS,
        take: () => takeBatch(reader),
        onEnd: () => this.#readers.delete(reader),
      }),
    };
    this.#readers.add(reader);
    return reader.stream;
  }

  finish(): void {
    for (const { stream } of [...this.#readers]) stream.finish();
  }
}

function takeBatch(reader: Reader): ChangeBatch | undefined {
  if (reader.changes.size === 0 && !reader.isIncomplete) return undefined;
  const batch = { changes: [...reader.changes.values()], isIncomplete: reader.isIncomplete };
  reader.changes = new Map();
  reader.isIncomplete = false;
  return batch;
}

function forgetAll(reader: Reader): void {
  reader.changes = new Map();
  reader.isIncomplete = true;
}

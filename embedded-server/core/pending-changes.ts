/**
 * What nodes will look like once every transaction under way is applied (ZooKeeper's outstandingChanges; PROTOCOL.md
 * 7.2): prep validates against this, so that it need not wait for the log. One transaction's changes can be taken back
 * as long as it is the newest, which is how a multi fails without a trace.
 */
import type { Acl } from '../../shared/acl.ts';
import type { PersistedStat } from '../../shared/storage-format/persisted-stat.ts';
import type { DataTree } from './data-tree.ts';
import { nodeDigest } from './znode.ts';

/** A node as of a transaction under way. Never changed once it is stored: a later change makes a new one. */
export interface ChangeRecord {
  readonly path: string;
  /** Undefined when the transaction deletes the node. */
  readonly stat: PersistedStat | undefined;
  readonly childCount: number;
  readonly acl: readonly Acl[];
  readonly data: Uint8Array | null;
  readonly digest: number;
}

/** A node that exists. */
export interface LiveRecord extends ChangeRecord {
  readonly stat: PersistedStat;
}

interface Undo {
  readonly path: string;
  readonly previous: ChangeRecord | undefined;
}

export class PendingChanges {
  readonly #tree: DataTree;
  readonly #isDigestEnabled: boolean;
  readonly #newest = new Map<string, ChangeRecord>();
  /** Of the transaction that began last. */
  #records: ChangeRecord[] = [];
  #undo: Undo[] = [];
  #digestBefore = 0n;
  #digest: bigint;

  constructor(tree: DataTree, isDigestEnabled: boolean) {
    this.#tree = tree;
    this.#isDigestEnabled = isDigestEnabled;
    this.#digest = tree.digest;
  }

  /** Paths with changes under way. */
  get size(): number {
    return this.#newest.size;
  }

  /** The digest of the tree behind all changes under way, signed 64 bits. */
  get digest(): bigint {
    return BigInt.asIntN(64, this.#digest);
  }

  /** The node as it will be, undefined when it will not exist. */
  find(path: string): LiveRecord | undefined {
    const pending = this.#newest.get(path);
    if (pending) return isLive(pending) ? pending : undefined;
    const node = this.#tree.get(path);
    if (!node) return undefined;
    return {
      path,
      stat: node.stat,
      childCount: node.children === undefined ? 0 : node.children.size,
      acl: node.acl,
      data: node.data,
      digest: node.digest,
    };
  }

  /** The newest change of every path under way. */
  newest(): IterableIterator<ChangeRecord> {
    return this.#newest.values();
  }

  /** Opens a transaction; what is put from now on can be rolled back. */
  begin(): void {
    this.#records = [];
    this.#undo = [];
    this.#digestBefore = this.#digest;
  }

  put(change: Omit<ChangeRecord, 'digest'>): void {
    const { path, stat } = change;
    const previous = this.#newest.get(path);
    const digest = stat && this.#isDigestEnabled ? nodeDigest(path, change.data, stat) : 0;
    const before = previous ?? this.#tree.get(path);
    this.#digest += BigInt(digest - (before === undefined ? 0 : before.digest));
    const record: ChangeRecord = { ...change, digest };
    this.#undo.push({ path, previous });
    this.#records.push(record);
    this.#newest.set(path, record);
  }

  /** Takes back everything since {@link begin}. */
  rollBack(): void {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      if (undo.previous) this.#newest.set(undo.path, undo.previous);
      else this.#newest.delete(undo.path);
    }
    this.#records = [];
    this.#digest = this.#digestBefore;
  }

  /** What was put since {@link begin}; to be handed to {@link release} once the tree has it. */
  get records(): readonly ChangeRecord[] {
    return this.#records;
  }

  /** Forgets changes that are applied by now. */
  release(records: readonly ChangeRecord[]): void {
    for (const record of records) {
      if (this.#newest.get(record.path) === record) this.#newest.delete(record.path);
    }
    if (this.#newest.size === 0) this.#digest = this.#tree.digest;
  }
}

function isLive(record: ChangeRecord): record is LiveRecord {
  return record.stat !== undefined;
}

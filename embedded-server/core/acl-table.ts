/**
 * The access control lists in use, each once (ZooKeeper's ReferenceCountedACLCache): nodes with equal lists share one
 * instance, and a snapshot writes the table in place of a list a node. Numbers are given once and never again, so that a
 * number tells which lists were there at a moment.
 */
import { type Acl, isSameAcl } from '../../shared/acl.ts';
import { assert } from '../../shared/assert.ts';
import type { SnapshotAcl } from '../../shared/storage-format/snapshot-body.ts';

interface Entry extends SnapshotAcl {
  readonly key: string;
  useCount: number;
}

export class AclTable {
  readonly #byKey = new Map<string, Entry>();
  readonly #byInstance = new Map<readonly Acl[], Entry>();
  /** Most nodes have the list that the node before them had. */
  #last: Entry | undefined;
  #nextAclId = 1n;

  /** The shared instance equal to `acl`, for one more node. */
  acquire(acl: readonly Acl[]): readonly Acl[] {
    const entry = this.#find(acl) ?? this.#add(acl);
    entry.useCount++;
    this.#last = entry;
    return entry.acl;
  }

  #find(acl: readonly Acl[]): Entry | undefined {
    const last = this.#last;
    if (last && last.useCount > 0 && isSameAcl(last.acl, acl)) return last;
    return this.#byInstance.get(acl) ?? this.#byKey.get(keyOf(acl));
  }

  #add(acl: readonly Acl[]): Entry {
    const entry: Entry = { aclId: this.#nextAclId++, acl, key: keyOf(acl), useCount: 0 };
    this.#byKey.set(entry.key, entry);
    this.#byInstance.set(acl, entry);
    return entry;
  }

  /** One node less has it. Demands what {@link acquire} returned. */
  release(acl: readonly Acl[]): void {
    const entry = this.#byInstance.get(acl);
    assert(entry !== undefined, 'an access control list that is not in the table');
    entry.useCount--;
    if (entry.useCount > 0) return;
    this.#byKey.delete(entry.key);
    this.#byInstance.delete(acl);
  }

  /** Demands what {@link acquire} returned. */
  aclIdOf(acl: readonly Acl[]): bigint {
    const entry = this.#byInstance.get(acl);
    assert(entry !== undefined, 'an access control list that is not in the table');
    return entry.aclId;
  }

  /** Every list, with its number. */
  entries(): SnapshotAcl[] {
    return [...this.#byInstance.values()].map(({ aclId, acl }) => ({ aclId, acl }));
  }
}

/** Equal for equal lists only. */
function keyOf(acl: readonly Acl[]): string {
  return JSON.stringify(acl.map(({ perms, id }) => [perms, id.scheme, id.id]));
}

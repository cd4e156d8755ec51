/** Fills a fresh database with what a snapshot holds (ZooKeeper's DataTree.deserialize; PROTOCOL.md 6.4). */
import { type Acl, OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { StorageError } from '../../shared/errors.ts';
import {
  ACL_ID_OPEN,
  type SnapshotAcl,
  type SnapshotNode,
  type SnapshotSession,
  type SnapshotSink,
} from '../../shared/storage-format/snapshot-body.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Database } from './database.ts';

export class SnapshotLoader implements SnapshotSink {
  readonly #database: Database;
  readonly #acls = new Map<bigint, readonly Acl[]>([[ACL_ID_OPEN, OPEN_ACL_UNSAFE]]);

  constructor(database: Database) {
    this.#database = database;
  }

  onSession({ sessionId, timeoutMs }: SnapshotSession): void {
    this.#database.restoreSession(sessionId, timeoutMs);
  }

  onAcl({ aclId, acl }: SnapshotAcl): void {
    this.#acls.set(aclId, acl);
  }

  /** Throws StorageError CORRUPT when its list is not in the table, or its parent has not come. */
  onNode({ path, data, aclId, stat }: SnapshotNode): void {
    const acl = this.#acls.get(aclId);
    if (!acl) throw new StorageError('CORRUPT', `${path} has the unknown access control list ${aclId}`);
    this.#database.tree.restore({ path: path === '' ? '/' : path, data, acl, stat });
  }

  /** Everything is loaded, of a snapshot that is whole up to `zxid`. */
  finish(zxid: Zxid): void {
    this.#database.onRestored(zxid);
  }
}

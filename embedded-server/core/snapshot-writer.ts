/**
 * Writes a snapshot of a database while the database goes on (ZooKeeper's fuzzy snapshot; PROTOCOL.md 6.4, 6.5). The caller
 * asks for one slice after the other; between them the tree may change, and what a slice then misses or has too early,
 * replaying the log from the snapshot's zxid on puts right. A snapshot is of use only together with that log.
 */
import { type Acl, Perms } from '../../shared/acl.ts';
import { SnapshotEncoder } from '../../shared/storage-format/snapshot-file.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Database } from './database.ts';
import { DIGEST_VERSION, type Znode } from './znode.ts';

/** How many nodes a slice holds at most: a millisecond's work or so. */
const SLICE_NODES_MAX = 500;
/** Where a slice ends before that; its last node may go beyond. */
const SLICE_BYTES_MAX = 256 * 1024;

/**
 * In place of a list that came into use after the table was written: only replaying the setACL that brought it opens the
 * node, and until then nobody gets in.
 */
const CLOSED_ACL: readonly Acl[] = [{ perms: Perms.ALL, id: { scheme: 'super', id: '' } }];

export class SnapshotWriter {
  /** Everything up to it is in the snapshot. */
  readonly zxid: Zxid;
  readonly #database: Database;
  readonly #encoder = new SnapshotEncoder();
  readonly #nodes: IterableIterator<[path: string, node: Znode]>;
  readonly #aclIds: ReadonlySet<bigint>;
  readonly #closedAclId: bigint;
  readonly #sliceNodesMax: number;
  #isDone = false;

  constructor(database: Database, sliceNodesMax = SLICE_NODES_MAX) {
    const { tree, sessionTimeoutsMs, lastProcessedZxid } = database;
    this.zxid = lastProcessedZxid;
    this.#database = database;
    this.#sliceNodesMax = sliceNodesMax;
    const sessions = [...sessionTimeoutsMs].map(([sessionId, timeoutMs]) => ({ sessionId, timeoutMs }));
    const acls = tree.acls.entries();
    this.#aclIds = new Set(acls.map(({ aclId }) => aclId));
    this.#closedAclId = acls.reduce((max, { aclId }) => (aclId > max ? aclId : max), 0n) + 1n;
    this.#encoder.begin({ sessions, acls: [...acls, { aclId: this.#closedAclId, acl: CLOSED_ACL }] });
    this.#nodes = tree.entries();
  }

  /** The next bytes of the file, undefined behind the last. */
  nextSlice(): Uint8Array | undefined {
    if (this.#isDone) return undefined;
    for (
      let count = 0;
      count < this.#sliceNodesMax && this.#encoder.pendingBytes < SLICE_BYTES_MAX;
      count++
    ) {
      const next = this.#nodes.next();
      if (next.done === true) return this.#end();
      this.#encode(next.value);
    }
    return this.#encoder.take();
  }

  #encode([path, node]: [path: string, node: Znode]): void {
    // Younger than the snapshot: replay creates it, with an access control list that the table may not have.
    if (node.stat.czxid > this.zxid) return;
    const aclId = this.#database.tree.acls.aclIdOf(node.acl);
    this.#encoder.node({
      path: path === '/' ? '' : path,
      data: node.data,
      aclId: this.#aclIds.has(aclId) ? aclId : this.#closedAclId,
      stat: node.stat,
    });
  }

  #end(): Uint8Array {
    this.#isDone = true;
    const { tree, lastProcessedZxid } = this.#database;
    if (!tree.isDigestEnabled) return this.#encoder.end(undefined);
    // As of now: what replaying up to this zxid must lead to.
    return this.#encoder.end({ zxid: lastProcessedZxid, version: DIGEST_VERSION, treeDigest: tree.digest });
  }
}

/**
 * The tree of znodes: every node by its path, who owns which ephemerals, which nodes are containers or have a time to
 * live, and the digest over all (ZooKeeper's DataTree; PROTOCOL.md 6.5, 6.6, 7.4). It changes by the idempotent rules
 * of replay, checks nothing that prep.ts has checked, and knows neither transactions, sessions, quotas nor watches:
 * database.ts joins those.
 */
import { type Acl, OPEN_ACL_UNSAFE, READ_ACL_UNSAFE } from '../../shared/acl.ts';
import { assert } from '../../shared/assert.ts';
import { StorageError } from '../../shared/errors.ts';
import type { SessionId } from '../../shared/ids.ts';
import { baseName, joinPath, parentPath } from '../../shared/path.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import type { PersistedStat } from '../../shared/storage-format/persisted-stat.ts';
import type { Zxid } from '../../shared/zxid.ts';
import { AclTable } from './acl-table.ts';
import { ByteSlabs } from './byte-slabs.ts';
import { ownerKind } from './ephemeral-owner.ts';
import { type Znode, newStat, nodeDigest, statOf, zeroStat } from './znode.ts';

export const CONFIG_PATH = '/zookeeper/config';
export const QUOTA_PATH = '/zookeeper/quota';

/** The most that a value of a node can hold on to when those beside it are gone. */
const SLAB_BYTES = 2048;
const SHARED_BYTES_MAX = 512;

export interface NodeCreation {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly ephemeralOwner: SessionId;
  /** The parent's cversion behind this creation, -1 for "one more". */
  readonly parentCVersion: number;
  readonly zxid: Zxid;
  readonly timeMs: bigint;
}

/** A node as a snapshot holds it. */
export interface StoredNode {
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly stat: PersistedStat;
}

export class DataTree {
  readonly extendedTypesEnabled: boolean;
  readonly acls = new AclTable();
  readonly #isDigestEnabled: boolean;
  readonly #nodes = new Map<string, Znode>();
  readonly #values = new ByteSlabs(SLAB_BYTES, SHARED_BYTES_MAX);
  readonly #ephemerals = new Map<SessionId, Set<string>>();
  readonly #containers = new Set<string>();
  readonly #ttls = new Set<string>();
  #digest = 0n;
  #dataBytes = 0;
  #ephemeralCount = 0;

  constructor({
    extendedTypesEnabled = false,
    isDigestEnabled = true,
  }: { extendedTypesEnabled?: boolean; isDigestEnabled?: boolean } = {}) {
    this.extendedTypesEnabled = extendedTypesEnabled;
    this.#isDigestEnabled = isDigestEnabled;
    this.#plant('/', OPEN_ACL_UNSAFE);
    this.#plant('/zookeeper', OPEN_ACL_UNSAFE);
    this.#plant(QUOTA_PATH, OPEN_ACL_UNSAFE);
    this.#plant(CONFIG_PATH, READ_ACL_UNSAFE).stat.aversion = -1;
  }

  /** Adds a node that exists before the first transaction: its stat is all zero and its parent's does not move. */
  #plant(path: string, acl: readonly Acl[]): Znode {
    const node: Znode = {
      data: new Uint8Array(0),
      acl: this.acls.acquire(acl),
      stat: zeroStat(),
      children: undefined,
      digest: 0,
    };
    this.#nodes.set(path, node);
    if (path !== '/') addChild(this.#require(parentPath(path)), baseName(path));
    this.#dataBytes += path.length;
    this.#refreshDigest(path, node);
    return node;
  }

  /**
   * Puts in a node of a snapshot, in place of what a fresh tree has there. Throws StorageError CORRUPT when its parent is
   * missing.
   */
  restore({ path, data, acl, stat }: StoredNode): void {
    const planted = this.#nodes.get(path);
    // In its place: whoever walks all nodes must meet it before its children.
    if (planted) this.#forget(path, planted);
    const node: Znode = {
      data: this.#own(data),
      acl: this.acls.acquire(acl),
      stat,
      children: planted?.children,
      digest: 0,
    };
    this.#nodes.set(path, node);
    if (path !== '/') {
      const parent = this.#nodes.get(parentPath(path));
      if (!parent) throw new StorageError('CORRUPT', `${path} comes before its parent`, { path });
      addChild(parent, baseName(path));
    }
    this.#dataBytes += path.length + (data?.length ?? 0);
    this.#trackOwner(path, stat.ephemeralOwner);
    this.#refreshDigest(path, node);
  }

  /** Data comes as a view into what a client or the disk sent, and outlives it. */
  #own(data: Uint8Array | null): Uint8Array | null {
    return data === null ? null : this.#values.copy(data);
  }

  get(path: string): Znode | undefined {
    // Compat: Apache knows the root by the empty path as well.
    return this.#nodes.get(path === '' ? '/' : path);
  }

  #require(path: string): Znode {
    const node = this.#nodes.get(path);
    assert(node !== undefined, `the tree has no ${path}`);
    return node;
  }

  /** As ZooKeeper counts: the root twice, as '' and as '/'. */
  get nodeCount(): number {
    return this.#nodes.size + 1;
  }

  /** Bytes of all paths and data. */
  get approximateDataBytes(): number {
    return this.#dataBytes;
  }

  get ephemeralCount(): number {
    return this.#ephemeralCount;
  }

  /** The sum of all nodes' digests, signed 64 bits. */
  get digest(): bigint {
    return BigInt.asIntN(64, this.#digest);
  }

  get isDigestEnabled(): boolean {
    return this.#isDigestEnabled;
  }

  get containers(): ReadonlySet<string> {
    return this.#containers;
  }

  get ttls(): ReadonlySet<string> {
    return this.#ttls;
  }

  get ephemeralOwners(): ReadonlyMap<SessionId, ReadonlySet<string>> {
    return this.#ephemerals;
  }

  ephemeralsOf(sessionId: SessionId): ReadonlySet<string> | undefined {
    return this.#ephemerals.get(sessionId);
  }

  paths(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  /**
   * Every node, parents before their children. The iterator stays good while the tree changes: it then skips what is deleted
   * before its turn, and ends with what was created meanwhile.
   */
  entries(): IterableIterator<[path: string, node: Znode]> {
    return this.#nodes.entries();
  }

  statOf(node: Znode): Stat {
    return statOf(node, this.extendedTypesEnabled);
  }

  /** Descendants of all depths. Demands that `path` exists. */
  countDescendants(path: string): number {
    if (path === '/' || path === '') return this.#nodes.size - 1;
    let count = 0;
    this.forEachWithin(path, () => count++);
    return count - 1;
  }

  /** Calls `visit` for `path` and all its descendants. */
  forEachWithin(path: string, visit: (path: string, node: Znode) => void): void {
    const stack = [path];
    for (let current = stack.pop(); current !== undefined; current = stack.pop()) {
      const node = this.#nodes.get(current);
      if (!node) continue;
      visit(current, node);
      if (node.children) for (const name of node.children) stack.push(joinPath(current, name));
    }
  }

  /**
   * Returns 0, or the error that replaying logs records and ignores: NONODE for a missing parent, NODEEXISTS, in which
   * case the parent's counters still catch up (PROTOCOL.md 6.5, rules 1 to 3).
   */
  create(creation: NodeCreation): number {
    const { path, zxid } = creation;
    const parent = this.#nodes.get(parentPath(path));
    if (!parent) return ErrorCode.NONODE;
    const name = baseName(path);
    // By its parent's word: a replay may have deleted and made anew a parent whose old children are still here.
    const isPresent = parent.children?.has(name) === true;
    const cversion =
      creation.parentCVersion === -1 ? (parent.stat.cversion + 1) | 0 : creation.parentCVersion;
    if (cversion > parent.stat.cversion) {
      parent.stat.cversion = cversion;
      parent.stat.pzxid = zxid;
      this.#refreshDigest(parentPath(path), parent);
    }
    if (isPresent) return ErrorCode.NODEEXISTS;
    const orphan = this.#nodes.get(path);
    if (orphan) this.#remove(path, orphan);
    const node: Znode = {
      data: this.#own(creation.data),
      acl: this.acls.acquire(creation.acl),
      stat: newStat({ zxid, timeMs: creation.timeMs, ephemeralOwner: creation.ephemeralOwner }),
      children: undefined,
      digest: 0,
    };
    this.#nodes.set(path, node);
    addChild(parent, name);
    this.#dataBytes += path.length + (node.data?.length ?? 0);
    this.#trackOwner(path, node.stat.ephemeralOwner);
    this.#refreshDigest(path, node);
    return ErrorCode.OK;
  }

  /** Returns 0 or NONODE. The parent's pzxid moves even when the node is gone already (6.5, rule 4). */
  delete(path: string, zxid: Zxid): number {
    const parent = this.#nodes.get(parentPath(path));
    if (!parent || path === '/') return ErrorCode.NONODE;
    if (zxid > parent.stat.pzxid) {
      parent.stat.pzxid = zxid;
      this.#refreshDigest(parentPath(path), parent);
    }
    const node = this.#nodes.get(path);
    if (!node) return ErrorCode.NONODE;
    this.#remove(path, node);
    parent.children?.delete(baseName(path));
    if (parent.children?.size === 0) parent.children = undefined;
    return ErrorCode.OK;
  }

  #remove(path: string, node: Znode): void {
    this.#nodes.delete(path);
    this.#forget(path, node);
  }

  /** Takes the node out of everything that is kept beside the nodes. */
  #forget(path: string, node: Znode): void {
    this.acls.release(node.acl);
    this.#dataBytes -= path.length + (node.data?.length ?? 0);
    this.#forgetOwner(path, node.stat.ephemeralOwner);
    this.#digest -= BigInt(node.digest);
  }

  /** Returns 0 or NONODE. */
  setData({
    path,
    data,
    version,
    zxid,
    timeMs,
  }: {
    path: string;
    data: Uint8Array | null;
    version: number;
    zxid: Zxid;
    timeMs: bigint;
  }): number {
    const node = this.get(path);
    if (!node) return ErrorCode.NONODE;
    this.#dataBytes += (data?.length ?? 0) - (node.data?.length ?? 0);
    node.data = this.#own(data);
    node.stat.version = version;
    node.stat.mzxid = zxid;
    node.stat.mtime = timeMs;
    this.#refreshDigest(path, node);
    return ErrorCode.OK;
  }

  /** Returns 0 or NONODE. */
  setAcl(path: string, acl: readonly Acl[], version: number): number {
    const node = this.get(path);
    if (!node) return ErrorCode.NONODE;
    const former = node.acl;
    node.acl = this.acls.acquire(acl);
    this.acls.release(former);
    node.stat.aversion = version;
    this.#refreshDigest(path, node);
    return ErrorCode.OK;
  }

  /** Replaces data behind the back of stat and transactions; only for the counters of quotas, which no digest covers. */
  overwriteData(path: string, data: Uint8Array): void {
    const node = this.#nodes.get(path);
    if (!node) return;
    this.#dataBytes += data.length - (node.data?.length ?? 0);
    node.data = data;
  }

  /** What {@link digest} must be, from scratch. */
  recomputeDigest(): bigint {
    let sum = 0n;
    for (const [path, node] of this.#nodes) sum += BigInt(nodeDigest(path, node.data, node.stat));
    return BigInt.asIntN(64, sum);
  }

  #refreshDigest(path: string, node: Znode): void {
    if (!this.#isDigestEnabled) return;
    const digest = nodeDigest(path === '' ? '/' : path, node.data, node.stat);
    this.#digest += BigInt(digest - node.digest);
    node.digest = digest;
  }

  #trackOwner(path: string, owner: SessionId): void {
    switch (ownerKind(owner, this.extendedTypesEnabled)) {
      case 'persistent':
        break;
      case 'container':
        this.#containers.add(path);
        break;
      case 'ttl':
        this.#ttls.add(path);
        break;
      case 'ephemeral': {
        const paths = this.#ephemerals.get(owner);
        if (paths) paths.add(path);
        else this.#ephemerals.set(owner, new Set([path]));
        this.#ephemeralCount++;
        break;
      }
    }
  }

  #forgetOwner(path: string, owner: SessionId): void {
    switch (ownerKind(owner, this.extendedTypesEnabled)) {
      case 'persistent':
        break;
      case 'container':
        this.#containers.delete(path);
        break;
      case 'ttl':
        this.#ttls.delete(path);
        break;
      case 'ephemeral': {
        const paths = this.#ephemerals.get(owner);
        assert(
          paths !== undefined && paths.delete(path),
          `${path} is missing among its session's ephemerals`,
        );
        if (paths.size === 0) this.#ephemerals.delete(owner);
        this.#ephemeralCount--;
        break;
      }
    }
  }
}

function addChild(parent: Znode, name: string): void {
  if (parent.children) parent.children.add(name);
  else parent.children = new Set([name]);
}

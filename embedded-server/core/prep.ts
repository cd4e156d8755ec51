/**
 * Turns a write into a transaction, or into an error that is logged as one (ZooKeeper's PrepRequestProcessor;
 * PROTOCOL.md 7.2, 7.3). Runs on a leader or a standalone server only, one write at a time, against the tree as it will
 * be when everything under way is applied. Nothing here touches the tree. The order of the checks is part of the
 * protocol: the first that fails decides what the client is told.
 */
import { type Acl, type Id, Perms } from '../../shared/acl.ts';
import { assertNever } from '../../shared/assert.ts';
import type { SessionId } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { encodeUtf8 } from '../../shared/jute/utf8.ts';
import { findPathProblem, formatSequence } from '../../shared/path.ts';
import {
  TTL_MS_MAX,
  createModeFromFlags,
  hasTtl,
  isEphemeral,
  isSequential,
  type CreateMode,
} from '../../shared/protocol/create-mode.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { MultiWriteOp } from '../../shared/protocol/multi.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import type { VersionedPath } from '../../shared/protocol/operation.ts';
import type { SetAclRequest } from '../../shared/protocol/set-acl.ts';
import type { SetDataRequest } from '../../shared/protocol/set-data.ts';
import { type CreateTxn, type LogEntry, type Txn, encodeLogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, toZxid } from '../../shared/zxid.ts';
import { fixupAcl, isAllowed } from './acl-check.ts';
import { ByteSlabs } from './byte-slabs.ts';
import { CONFIG_PATH, type DataTree, QUOTA_PATH } from './data-tree.ts';
import type { EnsembleConfig } from './ensemble-config.ts';
import { type CreatedTxn, OWNER_NONE, ownerKind, ownerOfCreated } from './ephemeral-owner.ts';
import { type ChangeRecord, type LiveRecord, PendingChanges } from './pending-changes.ts';
import type { QuotaLedger } from './quota.ts';
import type { SessionTracker } from './session-tracker.ts';
import type { CreateOp, WriteOp } from './write-op.ts';
import { DIGEST_VERSION, newStat } from './znode.ts';

/** Entries are on their way together, and forgotten in their order. */
const ENTRY_SLAB_BYTES = 64 * 1024;
const ENTRY_BYTES_MAX = 4096;

/** Who asks: a client's session, or the server itself, which has session id 0 and may do anything. */
export interface Asker {
  readonly sessionId: SessionId;
  readonly xid: number;
  readonly ids: readonly Id[];
  /** Through whom the request came; undefined when that does not matter (session-tracker.ts, Session.owner). */
  readonly owner?: number;
}

export interface PreparedTxn {
  readonly entry: LogEntry;
  /** The entry as it goes into the log. */
  readonly bytes: Uint8Array;
  /** To be released from the pending changes once the entry is applied. */
  readonly changes: readonly ChangeRecord[];
}

export interface PrepOptions {
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly digestEnabled: boolean;
  readonly reconfigEnabled: boolean;
}

/** The configuration that a reconfig makes as transaction `zxid`, or the code of why it cannot be made now. */
export type Reconfigure = (request: ReconfigRequest, zxid: Zxid) => EnsembleConfig | number;

/** A transaction, or the code of the first check that failed. */
type Outcome = Txn | number;

export class Prep {
  readonly #tree: DataTree;
  readonly #quota: QuotaLedger;
  readonly #sessions: SessionTracker;
  readonly #options: PrepOptions;
  readonly #reconfigure: Reconfigure | undefined;
  readonly #pending: PendingChanges;
  readonly #writer = new JuteWriter();
  readonly #entries = new ByteSlabs(ENTRY_SLAB_BYTES, ENTRY_BYTES_MAX);
  #lastZxid: Zxid;
  /** Of the transaction being prepared. */
  #asker: Asker = { sessionId: OWNER_NONE, xid: 0, ids: [] };
  #timeMs = 0n;

  constructor({
    tree,
    quota,
    sessions,
    options,
    reconfigure,
    lastZxid,
  }: {
    tree: DataTree;
    quota: QuotaLedger;
    sessions: SessionTracker;
    options: PrepOptions;
    /** Left out by a server that has no ensemble to change. */
    reconfigure?: Reconfigure;
    lastZxid: Zxid;
  }) {
    this.#tree = tree;
    this.#quota = quota;
    this.#sessions = sessions;
    this.#options = options;
    this.#reconfigure = reconfigure;
    this.#pending = new PendingChanges(tree, options.digestEnabled);
    this.#lastZxid = lastZxid;
  }

  /** Gives the write its zxid, valid or not. `op` is undefined when the request could not be decoded. */
  prepare({ asker, op, wallMs }: { asker: Asker; op: WriteOp | undefined; wallMs: number }): PreparedTxn {
    this.#lastZxid = toZxid(this.#lastZxid + 1n);
    this.#asker = asker;
    this.#timeMs = BigInt(wallMs);
    this.#pending.begin();
    const outcome = op === undefined ? ErrorCode.MARSHALLINGERROR : this.#prepareOp(op);
    if (typeof outcome === 'number') this.#pending.rollBack();
    const txn: Txn = typeof outcome === 'number' ? { op: 'error', err: outcome } : outcome;
    const entry: LogEntry = {
      header: { clientId: asker.sessionId, cxid: asker.xid, zxid: this.#lastZxid, timeMs: this.#timeMs },
      txn,
      digest:
        this.#options.digestEnabled && txn.op !== 'error'
          ? { version: DIGEST_VERSION, treeDigest: this.#pending.digest }
          : undefined,
    };
    this.#writer.reset();
    encodeLogEntry(this.#writer, entry);
    return { entry, bytes: this.#entries.copy(this.#writer.written), changes: this.#pending.records };
  }

  /** Demands that the tree has these changes by now. */
  release(changes: readonly ChangeRecord[]): void {
    this.#pending.release(changes);
  }

  #prepareOp(op: WriteOp): Outcome {
    switch (op.op) {
      case 'multi':
        return this.#checkSession() || this.#multi(op.ops);
      case 'setACL':
        return this.#checkSession() || this.#setAcl(op.request);
      case 'reconfig':
        if (!this.#options.reconfigEnabled) return ErrorCode.RECONFIGDISABLED;
        return this.#checkSession() || this.#reconfig(op.request);
      case 'createSession':
        return { op: 'createSession', timeoutMs: op.timeoutMs };
      case 'closeSession':
        return this.#closeSession();
      case 'deleteContainer':
        return this.#deleteContainer(op.path);
      default:
        return this.#nodeOp(op);
    }
  }

  #nodeOp(op: MultiWriteOp): Outcome {
    switch (op.op) {
      case 'create':
      case 'create2':
      case 'createContainer':
      case 'createTTL':
        return this.#create(op);
      case 'delete':
        return this.#checkSession() || this.#delete(op.request);
      case 'setData':
        return this.#checkSession() || this.#setData(op.request);
      case 'check':
        return this.#checkSession() || this.#check(op.request);
      default:
        return assertNever(op);
    }
  }

  /** 0; SESSIONEXPIRED when the asker's session is gone or going; SESSIONMOVED when it came another way since. */
  #checkSession(): number {
    const session = this.#sessions.get(this.#asker.sessionId);
    if (session?.isClosing !== false) return ErrorCode.SESSIONEXPIRED;
    const { owner } = this.#asker;
    if (owner === undefined || owner === session.owner) return ErrorCode.OK;
    if (session.owner !== undefined) return ErrorCode.SESSIONMOVED;
    session.owner = owner;
    return ErrorCode.OK;
  }

  #isAllowed(acl: readonly Acl[], perms: number): boolean {
    return this.#options.skipAcl || isAllowed({ acl, perms, ids: this.#asker.ids });
  }

  #create(op: CreateOp): Outcome {
    const { request } = op;
    const mode = createModeFromFlags(request.flags);
    if (mode === undefined) return ErrorCode.BADARGUMENTS;
    const ttlMs = op.op === 'createTTL' ? op.request.ttlMs : undefined;
    const modeError = this.#checkTtl(mode, ttlMs) || this.#checkSession();
    if (modeError !== 0) return modeError;
    const parentPath = parentOf(request.path);
    if (parentPath === undefined) return ErrorCode.BADARGUMENTS;
    const acl = fixupAcl(request.acl, this.#asker.ids);
    if (acl === undefined) return ErrorCode.INVALIDACL;
    const parent = this.#pending.find(parentPath);
    if (!parent) return ErrorCode.NONODE;
    if (!this.#isAllowed(parent.acl, Perms.CREATE)) return ErrorCode.NOAUTH;
    const path = isSequential(mode) ? request.path + formatSequence(parent.stat.cversion) : request.path;
    const placeError = this.#checkPlace({ path, parent, dataBytes: request.data?.length ?? 0 });
    if (placeError !== 0) return placeError;
    const parentCVersion = (parent.stat.cversion + 1) | 0;
    const txn = createTxn(op, { path, data: request.data, acl, parentCVersion }, isEphemeral(mode));
    this.#admitCreate(txn, parent);
    return txn;
  }

  /** `ttlMs` is undefined unless the op code promises one. */
  #checkTtl(mode: CreateMode, ttlMs: bigint | undefined): number {
    if (hasTtl(mode) && !this.#tree.extendedTypesEnabled) return ErrorCode.UNIMPLEMENTED;
    // Differs: Apache 3.8.0 lets a negative TTL pass with a mode that has none, and dies of the node that it makes.
    if (hasTtl(mode) !== (ttlMs !== undefined)) return ErrorCode.BADARGUMENTS;
    if (ttlMs === undefined) return ErrorCode.OK;
    return ttlMs >= 1n && ttlMs <= BigInt(TTL_MS_MAX) ? ErrorCode.OK : ErrorCode.BADARGUMENTS;
  }

  /** The second half of create's checks, with the final path. */
  #checkPlace({ path, parent, dataBytes }: { path: string; parent: LiveRecord; dataBytes: number }): number {
    if (findPathProblem(path) !== undefined) return ErrorCode.BADARGUMENTS;
    if (this.#pending.find(path)) return ErrorCode.NODEEXISTS;
    if (ownerKind(parent.stat.ephemeralOwner, this.#tree.extendedTypesEnabled) === 'ephemeral') {
      return ErrorCode.NOCHILDRENFOREPHEMERALS;
    }
    return this.#checkQuota(path, 1, dataBytes);
  }

  #checkQuota(path: string, countDelta: number, bytesDelta: number): number {
    if (!this.#options.enforceQuota) return ErrorCode.OK;
    return this.#quota.isExceeded(path, countDelta, bytesDelta) ? ErrorCode.QUOTAEXCEEDED : ErrorCode.OK;
  }

  #admitCreate(txn: CreatedTxn, parent: LiveRecord): void {
    this.#pending.put({
      ...parent,
      stat: { ...parent.stat, cversion: txn.parentCVersion, pzxid: this.#lastZxid },
      childCount: parent.childCount + 1,
    });
    const ephemeralOwner = ownerOfCreated(txn, this.#asker.sessionId);
    const stat = newStat({ zxid: this.#lastZxid, timeMs: this.#timeMs, ephemeralOwner });
    this.#pending.put({ path: txn.path, stat, childCount: 0, acl: txn.acl, data: txn.data });
  }

  #delete({ path, version }: VersionedPath): Outcome {
    const parentPath = parentOf(path);
    if (parentPath === undefined || isSpecial(path)) return ErrorCode.BADARGUMENTS;
    const parent = this.#pending.find(parentPath);
    if (!parent) return ErrorCode.NONODE;
    if (!this.#isAllowed(parent.acl, Perms.DELETE)) return ErrorCode.NOAUTH;
    const node = this.#pending.find(path);
    if (!node) return ErrorCode.NONODE;
    if (version !== -1 && version !== node.stat.version) return ErrorCode.BADVERSION;
    if (node.childCount > 0) return ErrorCode.NOTEMPTY;
    this.#admitDelete(node, parent);
    return { op: 'delete', path };
  }

  #admitDelete(node: LiveRecord, parent: LiveRecord): void {
    this.#pending.put({
      ...parent,
      stat: { ...parent.stat, pzxid: this.#lastZxid },
      childCount: parent.childCount - 1,
    });
    this.#pending.put({ path: node.path, stat: undefined, childCount: 0, acl: [], data: null });
  }

  /** Of the container check: no session, no ACL, no version (PROTOCOL.md 7.7). */
  #deleteContainer(path: string): Outcome {
    const parentPath = parentOf(path);
    if (parentPath === undefined || isSpecial(path)) return ErrorCode.BADARGUMENTS;
    const parent = this.#pending.find(parentPath);
    const node = this.#pending.find(path);
    if (!parent || !node) return ErrorCode.NONODE;
    if (node.childCount > 0) return ErrorCode.NOTEMPTY;
    const kind = ownerKind(node.stat.ephemeralOwner, this.#tree.extendedTypesEnabled);
    if (kind === 'ephemeral') return ErrorCode.BADVERSION;
    this.#admitDelete(node, parent);
    return { op: 'deleteContainer', path };
  }

  #setData({ path, data, version }: SetDataRequest): Outcome {
    if (findPathProblem(path) !== undefined) return ErrorCode.BADARGUMENTS;
    const node = this.#pending.find(path);
    if (!node) return ErrorCode.NONODE;
    if (!this.#isAllowed(node.acl, Perms.WRITE)) return ErrorCode.NOAUTH;
    const quotaError = this.#checkQuota(path, 0, (data?.length ?? 0) - (node.data?.length ?? 0));
    if (quotaError !== 0) return quotaError;
    if (version !== -1 && version !== node.stat.version) return ErrorCode.BADVERSION;
    const newVersion = (node.stat.version + 1) | 0;
    this.#pending.put({
      ...node,
      data,
      stat: { ...node.stat, version: newVersion, mzxid: this.#lastZxid, mtime: this.#timeMs },
    });
    return { op: 'setData', path, data, version: newVersion };
  }

  #setAcl({ path, acl, version }: SetAclRequest): Outcome {
    if (findPathProblem(path) !== undefined) return ErrorCode.BADARGUMENTS;
    const fixed = fixupAcl(acl, this.#asker.ids);
    if (fixed === undefined) return ErrorCode.INVALIDACL;
    const node = this.#pending.find(path);
    if (!node) return ErrorCode.NONODE;
    if (!this.#isAllowed(node.acl, Perms.ADMIN)) return ErrorCode.NOAUTH;
    if (version !== -1 && version !== node.stat.aversion) return ErrorCode.BADVERSION;
    const aversion = (node.stat.aversion + 1) | 0;
    this.#pending.put({ ...node, acl: fixed, stat: { ...node.stat, aversion } });
    return { op: 'setACL', path, acl: fixed, version: aversion };
  }

  #reconfig(request: ReconfigRequest): Outcome {
    if (!this.#reconfigure) return ErrorCode.UNIMPLEMENTED;
    const config = this.#reconfigure(request, this.#lastZxid);
    if (typeof config === 'number') return config;
    const node = this.#pending.find(CONFIG_PATH);
    if (!node) return ErrorCode.NONODE;
    if (!this.#isAllowed(node.acl, Perms.WRITE)) return ErrorCode.NOAUTH;
    const data = encodeUtf8(config.text);
    const stat = { ...node.stat, version: -1, mzxid: this.#lastZxid, mtime: this.#timeMs };
    this.#pending.put({ ...node, data, stat });
    return { op: 'reconfig', path: CONFIG_PATH, data, version: -1 };
  }

  #check({ path, version }: VersionedPath): Outcome {
    if (findPathProblem(path) !== undefined) return ErrorCode.BADARGUMENTS;
    const node = this.#pending.find(path);
    if (!node) return ErrorCode.NONODE;
    if (!this.#isAllowed(node.acl, Perms.READ)) return ErrorCode.NOAUTH;
    if (version !== -1 && version !== node.stat.version) return ErrorCode.BADVERSION;
    return { op: 'check', path, version: (node.stat.version + 1) | 0 };
  }

  /** All or nothing; what is logged of a failed one tells which part failed (PROTOCOL.md 2.5, 7.8). */
  #multi(ops: readonly MultiWriteOp[]): Txn {
    const txns: Txn[] = [];
    let hasFailed = false;
    for (const op of ops) {
      if (hasFailed) {
        txns.push({ op: 'error', err: ErrorCode.RUNTIMEINCONSISTENCY });
        continue;
      }
      const outcome = this.#nodeOp(op);
      hasFailed = typeof outcome === 'number';
      txns.push(typeof outcome === 'number' ? { op: 'error', err: outcome } : outcome);
    }
    if (hasFailed) this.#pending.rollBack();
    return { op: 'multi', txns };
  }

  /** Lists the ephemerals that the session will have had, those under way included; no write of it follows. */
  #closeSession(): Txn {
    const { sessionId } = this.#asker;
    const paths = new Set(this.#tree.ephemeralsOf(sessionId));
    for (const change of this.#pending.newest()) {
      if (change.stat === undefined) paths.delete(change.path);
      else if (change.stat.ephemeralOwner === sessionId) paths.add(change.path);
    }
    for (const path of paths) {
      const node = this.#pending.find(path);
      const parent = this.#pending.find(parentOf(path) ?? '/');
      if (node && parent) this.#admitDelete(node, parent);
    }
    const session = this.#sessions.get(sessionId);
    if (session) this.#sessions.setClosing(session);
    return { op: 'closeSession', paths: [...paths] };
  }
}

/** Compat: the op code picks the transaction; of the flags only "ephemeral" is left in it (PROTOCOL.md 2.4, notes). */
function createTxn(op: CreateOp, created: CreateTxn, ephemeral: boolean): CreatedTxn {
  switch (op.op) {
    case 'createContainer':
      return { op: op.op, ...created };
    case 'createTTL':
      return { op: op.op, ...created, ttlMs: op.request.ttlMs };
    case 'create':
    case 'create2':
      return { op: op.op, ...created, ephemeral };
    default:
      return assertNever(op);
  }
}

/** The parent as create and delete take it from a path that is not validated yet; undefined when there is none. */
function parentOf(path: string): string | undefined {
  const slash = path.lastIndexOf('/');
  if (slash === -1 || path.includes('\0')) return undefined;
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** Nodes that nobody may delete. */
function isSpecial(path: string): boolean {
  return path === '/' || path === '/zookeeper' || path === QUOTA_PATH || path === CONFIG_PATH;
}

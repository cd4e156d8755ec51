/**
 * The replicated state: tree, sessions, last zxid (ZooKeeper's DataTree.processTxn and ZKDatabase; PROTOCOL.md 6.5, 7.4).
 * `apply` is the same on every server and for every source of transactions, be it a fresh write, a proposal or a log
 * read back; it never fails, and applying an entry twice leaves what applying it once leaves. Who has to hear of the
 * changes is told to an observer.
 */
import type { Acl } from '../../shared/acl.ts';
import { assert, assertNever } from '../../shared/assert.ts';
import type { SessionId } from '../../shared/ids.ts';
import { encodeUtf8 } from '../../shared/jute/utf8.ts';
import { parentPath } from '../../shared/path.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { MultiResult } from '../../shared/protocol/multi.ts';
import type { LogEntry, Txn, TxnHeader } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE, toZxid } from '../../shared/zxid.ts';
import { CONFIG_PATH, type DataTree } from './data-tree.ts';
import { DigestLog, type LoggedDigest } from './digest-log.ts';
import type { EnsembleConfig } from './ensemble-config.ts';
import { type CreatedTxn, ownerOfCreated } from './ephemeral-owner.ts';
import { QuotaLedger } from './quota.ts';

/** Hears of every change in the moment that it happens; the ACLs tell who may know of it. */
export interface TreeObserver {
  onCreated(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void;
  /** `acl` and `parentAcl` as of before the deletion. */
  onDeleted(path: string, acl: readonly Acl[], parentAcl: readonly Acl[]): void;
  onDataChanged(path: string, acl: readonly Acl[]): void;
}

const NOBODY: TreeObserver = {
  onCreated: () => undefined,
  onDeleted: () => undefined,
  onDataChanged: () => undefined,
};

/** What came of a transaction; enough to answer whoever asked for it. */
export interface Applied {
  readonly err: number;
  /** The node concerned; '' when there is none. */
  readonly path: string;
  /** One result a part, of a multi. */
  readonly results: readonly MultiResult[] | undefined;
}

export class Database {
  readonly tree: DataTree;
  readonly quota: QuotaLedger;
  readonly #sessionTimeoutsMs = new Map<SessionId, number>();
  readonly #digestLog = new DigestLog();
  #observer: TreeObserver;
  #lastProcessedZxid: Zxid = ZXID_NONE;

  constructor(tree: DataTree, observer: TreeObserver = NOBODY) {
    this.tree = tree;
    this.quota = new QuotaLedger(tree);
    this.#observer = observer;
  }

  /** From now on `observer` hears of the changes: while old transactions are replayed, there is nobody who could. */
  observe(observer: TreeObserver): void {
    this.#observer = observer;
  }

  get lastProcessedZxid(): Zxid {
    return this.#lastProcessedZxid;
  }

  /** A new leader's epoch begins at `zxid`, which no transaction has. */
  beginEpoch(zxid: Zxid): void {
    assert(zxid >= this.#lastProcessedZxid, 'an epoch begins behind what is processed');
    this.#lastProcessedZxid = zxid;
  }

  /** The oldest first. */
  get digests(): readonly LoggedDigest[] {
    return this.#digestLog.digests;
  }

  /** What /zookeeper/config shows where no transaction says it: the configuration that a server begins with. */
  showConfig({ text, version }: EnsembleConfig, wallMs: number): void {
    const data = encodeUtf8(text);
    this.tree.setData({
      path: CONFIG_PATH,
      data,
      version: -1,
      zxid: toZxid(version),
      timeMs: BigInt(wallMs),
    });
  }

  /** Every session that exists, with its timeout. */
  get sessionTimeoutsMs(): ReadonlyMap<SessionId, number> {
    return this.#sessionTimeoutsMs;
  }

  /** Sessions that own ephemerals but do not exist: nobody would ever end them. */
  orphanedOwners(): SessionId[] {
    return [...this.tree.ephemeralOwners.keys()].filter((owner) => !this.#sessionTimeoutsMs.has(owner));
  }

  restoreSession(sessionId: SessionId, timeoutMs: number): void {
    this.#sessionTimeoutsMs.set(sessionId, timeoutMs);
  }

  /** A snapshot is loaded that holds everything up to `zxid`, and perhaps some of what followed. */
  onRestored(zxid: Zxid): void {
    this.#lastProcessedZxid = zxid;
    this.quota.rebuild();
  }

  apply({ header, txn }: LogEntry): Applied {
    const applied = this.#applyTxn(header, txn);
    if (header.zxid > this.#lastProcessedZxid) this.#lastProcessedZxid = header.zxid;
    if (this.tree.isDigestEnabled) this.#digestLog.onApplied(header.zxid, this.tree);
    return applied;
  }

  #applyTxn(header: TxnHeader, txn: Txn): Applied {
    switch (txn.op) {
      case 'create':
      case 'create2':
      case 'createContainer':
      case 'createTTL':
        return done(txn.path, this.#create(header, txn));
      case 'delete':
      case 'deleteContainer':
        return done(txn.path, this.#delete(header, txn.path));
      case 'setData':
      case 'reconfig':
        return done(txn.path, this.#setData(header, txn));
      case 'setACL':
        return done(txn.path, this.tree.setAcl(txn.path, txn.acl, txn.version));
      case 'check':
        return done(txn.path, ErrorCode.OK);
      case 'createSession':
        this.#sessionTimeoutsMs.set(header.clientId, txn.timeoutMs);
        return done('', ErrorCode.OK);
      case 'closeSession':
        this.#closeSession(header, txn.paths);
        return done('', ErrorCode.OK);
      case 'multi':
        return this.#multi(header, txn.txns);
      case 'error':
        return done('', txn.err);
      default:
        return assertNever(txn);
    }
  }

  #create(header: TxnHeader, txn: CreatedTxn): number {
    const err = this.tree.create({
      path: txn.path,
      data: txn.data,
      acl: txn.acl,
      parentCVersion: txn.parentCVersion,
      ephemeralOwner: ownerOfCreated(txn, header.clientId),
      zxid: header.zxid,
      timeMs: header.timeMs,
    });
    if (err !== 0) return err;
    this.quota.onCreated(txn.path, txn.data?.length ?? 0);
    this.#observer.onCreated(txn.path, txn.acl, this.#aclOf(parentPath(txn.path)));
    return ErrorCode.OK;
  }

  #delete(header: TxnHeader, path: string): number {
    const node = this.tree.get(path);
    const err = this.tree.delete(path, header.zxid);
    if (err !== 0 || !node) return err;
    this.quota.onDeleted(path, node.data?.length ?? 0);
    this.#observer.onDeleted(path, node.acl, this.#aclOf(parentPath(path)));
    return ErrorCode.OK;
  }

  #setData(
    header: TxnHeader,
    { path, data, version }: { path: string; data: Uint8Array | null; version: number },
  ): number {
    const node = this.tree.get(path);
    if (!node) return ErrorCode.NONODE;
    const bytesDelta = (data?.length ?? 0) - (node.data?.length ?? 0);
    this.tree.setData({ path, data, version, zxid: header.zxid, timeMs: header.timeMs });
    this.quota.onDataChanged(path, bytesDelta);
    this.#observer.onDataChanged(path, node.acl);
    return ErrorCode.OK;
  }

  #aclOf(path: string): readonly Acl[] {
    return this.tree.get(path)?.acl ?? [];
  }

  #closeSession(header: TxnHeader, paths: readonly string[] | null): void {
    for (const path of paths ?? []) this.#delete(header, path);
    // What the transaction does not list, because its log is old or was cut, goes as well.
    for (const path of [...(this.tree.ephemeralsOf(header.clientId) ?? [])]) this.#delete(header, path);
    this.#sessionTimeoutsMs.delete(header.clientId);
  }

  #multi(header: TxnHeader, txns: readonly Txn[]): Applied {
    const failedAt = txns.findIndex((txn) => txn.op === 'error');
    const results: MultiResult[] = [];
    for (const [at, txn] of txns.entries()) {
      if (failedAt === -1) results.push(this.#resultOf(txn, this.#applyTxn(header, txn).err));
      else results.push({ op: 'error', err: at < failedAt ? ErrorCode.OK : errorOf(txn) });
    }
    return { err: ErrorCode.OK, path: '', results };
  }

  /** The result of one part, with the stat of this very step. */
  #resultOf(txn: Txn, err: number): MultiResult {
    const node = 'path' in txn ? this.tree.get(txn.path) : undefined;
    if (err !== 0) return { op: 'error', err };
    switch (txn.op) {
      case 'create':
        return { op: 'create', path: txn.path };
      case 'create2':
      case 'createContainer':
      case 'createTTL':
        return node
          ? { op: 'create2', path: txn.path, stat: this.tree.statOf(node) }
          : { op: 'error', err: ErrorCode.NONODE };
      case 'setData':
        return node
          ? { op: 'setData', stat: this.tree.statOf(node) }
          : { op: 'error', err: ErrorCode.NONODE };
      case 'delete':
      case 'check':
        return { op: txn.op };
      default:
        return { op: 'error', err: ErrorCode.SYSTEMERROR };
    }
  }
}

function done(path: string, err: number): Applied {
  return { err, path, results: undefined };
}

function errorOf(txn: Txn): number {
  return txn.op === 'error' ? txn.err : ErrorCode.RUNTIMEINCONSISTENCY;
}

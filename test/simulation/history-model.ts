/**
 * The one history that all servers must agree on, kept beside them: every transaction in the moment in which it is first
 * delivered, and the digest of the tree behind it. Checks Zab's properties (Zab paper, section 4) at every delivery.
 */
import type { ServerConfig } from '../../embedded-server/core/config.ts';
import type { Database } from '../../embedded-server/core/database.ts';
import { freshDatabase } from '../../embedded-server/core/fresh-database.ts';
import { SESSION_NONE, type SessionId } from '../../shared/ids.ts';
import type { LogEntry } from '../../shared/storage-format/txn.ts';
import { type Zxid, ZXID_NONE, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import { demand } from './violation.ts';

interface Delivered {
  readonly zxid: Zxid;
  readonly entry: LogEntry;
  readonly bytes: string;
  /** Of the tree behind it. */
  readonly digest: bigint;
}

export class HistoryModel {
  readonly database: Database;
  readonly delivered: Delivered[] = [];
  readonly #byZxid = new Map<Zxid, Delivered>();
  /** What primaries broadcast, as bytes in hex. */
  readonly #proposed = new Map<Zxid, Set<string>>();
  readonly #leaderOfEpoch = new Map<number, number>();
  readonly #emptyDigest: bigint;
  readonly #txnsPerEpochMax: number;
  /** The newest request of every session. */
  readonly #lastCxids = new Map<SessionId, number>();
  /** The value of every node at every zxid that changed it; undefined for none. */
  readonly #values = new Map<string, { readonly zxid: Zxid; readonly data: string | undefined }[]>();

  constructor(config: ServerConfig, txnsPerEpochMax: number) {
    this.#txnsPerEpochMax = txnsPerEpochMax;
    this.database = freshDatabase(config);
    this.#emptyDigest = this.database.tree.digest;
  }

  /** Of the last leader that was established. */
  get newestEpoch(): number {
    return Math.max(0, ...this.#leaderOfEpoch.keys());
  }

  /** How many leaders were established. */
  get epochs(): number {
    return this.#leaderOfEpoch.size;
  }

  get lastZxid(): Zxid {
    return this.delivered.at(-1)?.zxid ?? ZXID_NONE;
  }

  get(zxid: Zxid): Delivered | undefined {
    return this.#byZxid.get(zxid);
  }

  onProposed(zxid: Zxid, bytes: Uint8Array): void {
    const variants = this.#proposed.get(zxid) ?? new Set();
    variants.add(hex(bytes));
    this.#proposed.set(zxid, variants);
  }

  /** `server` delivered `entry`, which left it with `digest`. */
  onDelivered(server: string, entry: LogEntry, bytes: Uint8Array, digest: bigint): void {
    const { zxid } = entry.header;
    if (zxid > this.lastZxid) {
      this.#checkPrimary(server, zxid);
      this.#extend(server, entry, bytes);
    }
    const known = this.#byZxid.get(zxid);
    demand(
      known !== undefined,
      'TotalOrder',
      () => `${server} delivers ${zxidToHex(zxid)}, which nobody did before ${zxidToHex(this.lastZxid)}`,
    );
    demand(
      known.bytes === hex(bytes),
      'Agreement',
      () => `${server} delivers another transaction as ${zxidToHex(zxid)}`,
    );
    demand(
      known.digest === digest,
      'TotalOrder',
      () => `${server} has another tree behind ${zxidToHex(zxid)}`,
    );
  }

  #extend(server: string, entry: LogEntry, bytes: Uint8Array): void {
    const { zxid } = entry.header;
    const last = this.lastZxid;
    demand(
      this.#proposed.get(zxid)?.has(hex(bytes)) === true,
      'Integrity',
      () => `${server} delivers ${zxidToHex(zxid)}, which nobody broadcast`,
    );
    const isSamePrimary = zxidEpoch(zxid) === zxidEpoch(last);
    demand(
      isSamePrimary ? zxid === last + 1n : zxidCounter(zxid) === 1,
      'LocalPrimaryOrder',
      () => `${server} delivers ${zxidToHex(zxid)} right behind ${zxidToHex(last)}`,
    );
    this.#checkSession(server, entry);
    this.database.apply(entry);
    const delivered = { zxid, entry, bytes: hex(bytes), digest: this.database.tree.digest };
    this.delivered.push(delivered);
    this.#byZxid.set(zxid, delivered);
    this.#recordValues(entry);
  }

  /** A primary that has a successor cannot commit any more: a quorum promised not to follow it. */
  #checkPrimary(server: string, zxid: Zxid): void {
    const epoch = zxidEpoch(zxid);
    demand(
      epoch === this.newestEpoch,
      'GlobalPrimaryOrder',
      () => `${server} delivers ${zxidToHex(zxid)} first in epoch ${this.newestEpoch}`,
    );
    demand(
      zxidCounter(zxid) <= this.#txnsPerEpochMax,
      'LocalPrimaryOrder',
      () => `${server} delivers ${zxidToHex(zxid)}, beyond the end of its epoch`,
    );
  }

  /** What a session asks for happens in the order in which it asks; its end is its end. */
  #checkSession(server: string, { header: { zxid, clientId, cxid }, txn }: LogEntry): void {
    if (txn.op === 'error' || clientId === SESSION_NONE) return;
    const before = this.#lastCxids.get(clientId) ?? -1;
    demand(
      txn.op === 'closeSession' || cxid > before || txn.op === 'createSession',
      'SessionOrder',
      () =>
        `${server} delivers request ${cxid} as ${zxidToHex(zxid)}, behind request ${before} of its session`,
    );
    this.#lastCxids.set(clientId, cxid);
    if (txn.op !== 'createSession' && txn.op !== 'closeSession') {
      demand(
        this.database.sessionTimeoutsMs.has(clientId),
        'SessionExpiry',
        () => `${server} delivers ${zxidToHex(zxid)} of a session that has ended`,
      );
    }
  }

  #recordValues({ header: { zxid }, txn }: LogEntry): void {
    const txns = txn.op === 'multi' ? txn.txns : [txn];
    if (txns.some(({ op }) => op === 'error')) return;
    const paths = txn.op === 'closeSession' ? (txn.paths ?? []) : [];
    for (const path of [...paths, ...txns.flatMap((sub) => ('path' in sub ? [sub.path] : []))]) {
      const node = this.database.tree.get(path);
      const values = this.#values.get(path) ?? [];
      values.push({ zxid, data: node?.data ? Buffer.from(node.data).toString() : undefined });
      this.#values.set(path, values);
    }
  }

  /** The data of `path` as of `zxid`; undefined when there was no such node. */
  valueAt(path: string, zxid: Zxid): string | undefined {
    return this.#values.get(path)?.findLast((value) => value.zxid <= zxid)?.data;
  }

  /** The zxid of the first change of `path` behind `zxid`. */
  nextChange(path: string, zxid: Zxid): Zxid | undefined {
    return this.#values.get(path)?.find((value) => value.zxid > zxid)?.zxid;
  }

  #digestAt(zxid: Zxid): bigint {
    return this.#lastUpTo(zxid)?.digest ?? this.#emptyDigest;
  }

  #lastUpTo(zxid: Zxid): Delivered | undefined {
    return this.delivered.findLast((delivered) => delivered.zxid <= zxid);
  }

  /**
   * `sid` leads `epoch` and serves; `entries` are what it has beyond all that was delivered so far: this very act delivers
   * them. Returns whether another leader has taken over before.
   */
  onEstablished(
    sid: number,
    epoch: number,
    database: Database,
    entries: readonly { readonly entry: LogEntry; readonly bytes: Uint8Array }[],
  ): 'in time' | 'late' {
    const former = this.#leaderOfEpoch.get(epoch);
    demand(former === undefined, 'PrimaryIntegrity', () => `${former} and ${sid} lead epoch ${epoch}`);
    const isLate = epoch < this.newestEpoch;
    this.#leaderOfEpoch.set(epoch, sid);
    if (isLate) {
      this.#onLateEstablished(sid, epoch, database);
      return 'late';
    }
    for (const { entry, bytes } of entries) {
      if (entry.header.zxid > this.lastZxid) this.#extend(`leader ${sid}`, entry, bytes);
    }
    this.onServing(`leader ${sid}`, database, 'PrimaryIntegrity');
    return 'in time';
  }

  /**
   * A quorum's last word for a leader came when others had moved on: it may not know. It is a primary all the same, of the
   * epoch that it has, and begins with exactly what was delivered before that epoch; nothing that it proposes is committed.
   */
  #onLateEstablished(sid: number, epoch: number, database: Database): void {
    this.onServing(`leader ${sid}`, database, 'Agreement');
    const before = this.delivered.findLast(({ zxid }) => zxidEpoch(zxid) < epoch)?.zxid ?? ZXID_NONE;
    const { lastProcessedZxid } = database;
    demand(
      (this.#lastUpTo(lastProcessedZxid)?.zxid ?? ZXID_NONE) === before,
      'GlobalPrimaryOrder',
      () =>
        `leader ${sid} of epoch ${epoch} begins at ${zxidToHex(lastProcessedZxid)}, not at ${zxidToHex(before)}`,
    );
  }

  /** Whoever serves clients has everything up to its last zxid, and nothing else. */
  onServing(server: string, database: Database, property: 'PrimaryIntegrity' | 'Agreement'): void {
    const { lastProcessedZxid, tree } = database;
    demand(
      tree.digest === this.#digestAt(lastProcessedZxid),
      property,
      () => `${server} begins to serve at ${zxidToHex(lastProcessedZxid)} with another tree`,
    );
    if (property === 'Agreement') return;
    demand(
      lastProcessedZxid >= this.lastZxid,
      property,
      () => `${server} leads without ${zxidToHex(this.lastZxid)}`,
    );
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

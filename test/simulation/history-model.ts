/**
 * The one history that all servers must agree on, kept beside them: every transaction in the moment in which it is first
 * delivered, and the digest of the tree behind it. Checks Zab's properties (Zab paper, section 4) at every delivery.
 */
import type { ServerConfig } from '../../embedded-server/core/config.ts';
import type { Database } from '../../embedded-server/core/database.ts';
import { freshDatabase } from '../../embedded-server/core/fresh-database.ts';
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
  /** The value of every node at every zxid that changed it; undefined for none. */
  readonly #values = new Map<string, { readonly zxid: Zxid; readonly data: string | undefined }[]>();

  constructor(config: ServerConfig) {
    this.database = freshDatabase(config);
    this.#emptyDigest = this.database.tree.digest;
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
    if (zxid > this.lastZxid) this.#extend(server, entry, bytes);
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
    const newestEpoch = Math.max(0, ...this.#leaderOfEpoch.keys());
    demand(
      zxidEpoch(zxid) <= newestEpoch,
      'GlobalPrimaryOrder',
      () => `${server} delivers ${zxidToHex(zxid)}, whose primary was never established`,
    );
    this.database.apply(entry);
    const delivered = { zxid, entry, bytes: hex(bytes), digest: this.database.tree.digest };
    this.delivered.push(delivered);
    this.#byZxid.set(zxid, delivered);
    this.#recordValues(entry);
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
    return this.delivered.findLast((delivered) => delivered.zxid <= zxid)?.digest ?? this.#emptyDigest;
  }

  /** `sid` leads `epoch` and serves; `entries` are what it has beyond all that was
   * delivered so far: this very act delivers them. */
  onEstablished(
    sid: number,
    epoch: number,
    database: Database,
    entries: readonly { readonly entry: LogEntry; readonly bytes: Uint8Array }[],
  ): void {
    const former = this.#leaderOfEpoch.get(epoch);
    demand(former === undefined, 'PrimaryIntegrity', () => `${former} and ${sid} lead epoch ${epoch}`);
    const newestEpoch = Math.max(0, ...this.#leaderOfEpoch.keys());
    this.#leaderOfEpoch.set(epoch, sid);
    if (epoch < newestEpoch) {
      // A quorum's last word for it came late, when others had moved on: it may not know, but it cannot commit any more.
      this.onServing(`leader ${sid}`, database, 'Agreement');
      return;
    }
    for (const { entry, bytes } of entries) {
      if (entry.header.zxid > this.lastZxid) this.#extend(`leader ${sid}`, entry, bytes);
    }
    this.onServing(`leader ${sid}`, database, 'PrimaryIntegrity');
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

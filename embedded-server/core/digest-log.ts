/**
 * The digests of the tree behind every 128th transaction, the newest of them, as `hash` tells them (ZooKeeper's
 * DataTree.logZxidDigest): two servers that differ differ there.
 */
import type { Zxid } from '../../shared/zxid.ts';
import { DIGEST_VERSION } from './znode.ts';

const INTERVAL = 128n;
const KEPT_MAX = 1024;

export interface LoggedDigest {
  readonly zxid: Zxid;
  readonly digest: bigint;
  readonly version: number;
}

export class DigestLog {
  readonly #digests: LoggedDigest[] = [];

  get digests(): readonly LoggedDigest[] {
    return this.#digests;
  }

  onApplied(zxid: Zxid, tree: { readonly digest: bigint }): void {
    if (zxid % INTERVAL !== 0n) return;
    this.#digests.push({ zxid, digest: tree.digest, version: DIGEST_VERSION });
    if (this.#digests.length > KEPT_MAX) this.#digests.shift();
  }
}

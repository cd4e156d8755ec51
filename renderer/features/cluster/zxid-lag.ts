/**
 * How far a server's last zxid is behind. Counters compare only within one epoch: a server that was synchronised by DIFF
 * keeps a zxid of the old epoch until the first transaction of the new one, which is no sign of trouble.
 * The servers are asked one after the other, so a few transactions of difference under load are the asking itself.
 */
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { zxidCounter, zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';

export type ZxidLag =
  | { readonly kind: 'newest' }
  | { readonly kind: 'behind'; readonly transactions: number }
  | { readonly kind: 'other-epoch'; readonly epoch: number; readonly newestEpoch: number };

/** Null when there is nothing to compare: no zxid, or no other server that tells one. */
export function zxidLag(servers: readonly ServerDto[], of: ServerDto): ZxidLag | null {
  if (of.zxid === null) return null;
  // Servers that run alone have histories of their own.
  if (of.role === 'standalone' || of.role === null) return null;
  const known = servers.flatMap(({ zxid, role }) =>
    zxid === null || role === 'standalone' || role === null ? [] : [zxidFromHex(zxid)],
  );
  if (known.length < 2) return null;
  const newest = known.reduce((max, zxid) => (zxid > max ? zxid : max));
  const own = zxidFromHex(of.zxid);
  if (own === newest) return { kind: 'newest' };
  if (zxidEpoch(own) !== zxidEpoch(newest)) {
    return { kind: 'other-epoch', epoch: zxidEpoch(own), newestEpoch: zxidEpoch(newest) };
  }
  return { kind: 'behind', transactions: zxidCounter(newest) - zxidCounter(own) };
}

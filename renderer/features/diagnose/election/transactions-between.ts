/** How many transactions lie between two zxids; null where they are of different epochs, whose lengths nobody knows. Pure. */
import { zxidCounter, zxidEpoch, zxidFromHex } from '../../../../shared/zxid.ts';

/** Negative where `to` is the earlier one. */
export function transactionsBetween(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null;
  const [before, after] = [zxidFromHex(from), zxidFromHex(to)];
  return zxidEpoch(before) === zxidEpoch(after) ? zxidCounter(after) - zxidCounter(before) : null;
}

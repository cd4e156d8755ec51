/**
 * The content of `acceptedEpoch` and `currentEpoch` (ZooKeeper's QuorumPeer; PROTOCOL.md 5.11): the epoch in decimal
 * digits, and nothing else.
 */
import { StorageError } from '../errors.ts';

/** Epochs are the upper half of a signed zxid. */
const EPOCH_MAX = 0x7fff_ffff;

export function formatEpoch(epoch: number): string {
  return String(epoch);
}

/** Throws StorageError CORRUPT on anything that is no epoch. Compat: a newline behind it does no harm. */
export function parseEpoch(text: string): number {
  const match = /^(\d{1,10})\s*$/.exec(text);
  const epoch = match ? Number(match[1]) : NaN;
  if (!(epoch <= EPOCH_MAX)) throw new StorageError('CORRUPT', `not an epoch: ${JSON.stringify(text)}`);
  return epoch;
}

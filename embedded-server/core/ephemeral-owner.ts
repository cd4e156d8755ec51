/**
 * What a persisted `ephemeralOwner` means: a session, a container, a time to live, or nobody (ZooKeeper's
 * EphemeralType; PROTOCOL.md 2.4). TTL owners exist only with `extendedTypesEnabled`.
 */
import { StorageError } from '../../shared/errors.ts';
import { assertNever } from '../../shared/assert.ts';
import { type SessionId, toSessionId } from '../../shared/ids.ts';
import type { Txn } from '../../shared/storage-format/txn.ts';

/** Any transaction that creates a node. */
export type CreatedTxn = Extract<Txn, { readonly parentCVersion: number }>;

export type OwnerKind = 'persistent' | 'ephemeral' | 'container' | 'ttl';

export const OWNER_NONE = 0n as SessionId;
export const OWNER_CONTAINER = -(2n ** 63n) as SessionId;

const TTL_MASK = 0xff_ffff_ffffn;
const FEATURE_MASK = 0xffffn << 40n;
const EXTENDED_TOP_BYTE = 0xffn;

/** Demands 1 to TTL_MS_MAX. */
export function ttlOwner(ttlMs: bigint): SessionId {
  return toSessionId((EXTENDED_TOP_BYTE << 56n) | ttlMs);
}

/** Demands an owner of kind `ttl`. */
export function ttlMsOf(owner: SessionId): bigint {
  return owner & TTL_MASK;
}

/** Throws StorageError CORRUPT on an extended type that nobody has defined yet. */
export function ownerKind(owner: SessionId, extendedTypesEnabled: boolean): OwnerKind {
  if (owner === OWNER_NONE) return 'persistent';
  if (owner === OWNER_CONTAINER) return 'container';
  // Compat: without extended types a TTL owner is taken for a session, as Apache does.
  if (!extendedTypesEnabled || BigInt.asUintN(64, owner) >> 56n !== EXTENDED_TOP_BYTE) return 'ephemeral';
  if ((owner & FEATURE_MASK) !== 0n) {
    throw new StorageError('CORRUPT', `ephemeral owner ${owner} is of an unknown extended type`);
  }
  return 'ttl';
}

/** Whose the node is that `txn` creates. Compat: the kind of transaction decides, not the flags that a client sent. */
export function ownerOfCreated(txn: CreatedTxn, sessionId: SessionId): SessionId {
  switch (txn.op) {
    case 'create':
    case 'create2':
      return txn.ephemeral ? sessionId : OWNER_NONE;
    case 'createContainer':
      return OWNER_CONTAINER;
    case 'createTTL':
      return ttlOwner(txn.ttlMs);
    default:
      return assertNever(txn);
  }
}

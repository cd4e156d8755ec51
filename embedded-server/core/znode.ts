/**
 * One node of the tree: its persisted stat, data, ACL and the names of its children, and the digest that it adds to the
 * tree's (PROTOCOL.md 1.1, 6.6). What clients see of the stat is made by `statOf`.
 */
import type { Acl } from '../../shared/acl.ts';
import type { Stat } from '../../shared/protocol/stat.ts';
import { type Zxid, ZXID_NONE } from '../../shared/zxid.ts';
import type { SessionId } from '../../shared/ids.ts';
import type { PersistedStat } from '../../shared/storage-format/persisted-stat.ts';
import { CRC32_START, finishCrc32, updateCrc32, updateCrc32Text } from './crc32.ts';
import { OWNER_NONE, ownerKind } from './ephemeral-owner.ts';

export interface Znode {
  data: Uint8Array | null;
  /** The instance that the tree's AclTable holds. */
  acl: readonly Acl[];
  readonly stat: PersistedStat;
  /** Undefined until the first child comes: most nodes are leaves. */
  children: Set<string> | undefined;
  /** This node's part of the tree's digest; 0 when digests are off. */
  digest: number;
}

export function newStat({
  zxid,
  timeMs,
  ephemeralOwner,
}: {
  zxid: Zxid;
  timeMs: bigint;
  ephemeralOwner: SessionId;
}): PersistedStat {
  return {
    czxid: zxid,
    mzxid: zxid,
    ctime: timeMs,
    mtime: timeMs,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner,
    pzxid: zxid,
  };
}

/** The stat of the root and of what else exists before the first transaction. */
export function zeroStat(): PersistedStat {
  return newStat({ zxid: ZXID_NONE, timeMs: 0n, ephemeralOwner: OWNER_NONE });
}

/** What a client sees: cversion counts deletions too, and only sessions show as owners. */
export function statOf(node: Znode, extendedTypesEnabled: boolean): Stat {
  const { stat } = node;
  const numChildren = node.children === undefined ? 0 : node.children.size;
  const isOwned =
    stat.ephemeralOwner !== OWNER_NONE &&
    ownerKind(stat.ephemeralOwner, extendedTypesEnabled) === 'ephemeral';
  return {
    czxid: stat.czxid,
    mzxid: stat.mzxid,
    ctime: stat.ctime,
    mtime: stat.mtime,
    version: stat.version,
    cversion: (stat.cversion * 2 - numChildren) | 0,
    aversion: stat.aversion,
    ephemeralOwner: isOwned ? stat.ephemeralOwner : OWNER_NONE,
    dataLength: node.data === null ? 0 : node.data.length,
    numChildren,
    pzxid: stat.pzxid,
  };
}

/** Of {@link nodeDigest}, and the only one there is. */
export const DIGEST_VERSION = 2;

const statBytes = new Uint8Array(60);
const statView = new DataView(statBytes.buffer);

/**
 * Digest version 2 of one node: CRC-32 over path, data and the 60 bytes
 * `czxid mzxid pzxid ctime mtime version cversion aversion ephemeralOwner`. Nodes below /zookeeper count 0.
 */
export function nodeDigest(path: string, data: Uint8Array | null, stat: PersistedStat): number {
  if (path.startsWith('/zookeeper/')) return 0;
  statView.setBigInt64(0, stat.czxid);
  statView.setBigInt64(8, stat.mzxid);
  statView.setBigInt64(16, stat.pzxid);
  statView.setBigInt64(24, stat.ctime);
  statView.setBigInt64(32, stat.mtime);
  statView.setInt32(40, stat.version);
  statView.setInt32(44, stat.cversion);
  statView.setInt32(48, stat.aversion);
  statView.setBigInt64(52, stat.ephemeralOwner);
  let crc = updateCrc32Text(CRC32_START, path === '/' ? '' : path);
  if (data !== null) crc = updateCrc32(crc, data);
  return finishCrc32(updateCrc32(crc, statBytes));
}

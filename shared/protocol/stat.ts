/** The Stat of a znode as clients see it (zookeeper.jute `Stat`, PROTOCOL.md 1.1). */
import type { SessionId } from '../ids.ts';
import { toSessionId } from '../ids.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';

export interface Stat {
  /** The zxid of the transaction that created the node. */
  readonly czxid: Zxid;
  /** The zxid of the transaction that last changed the data. */
  readonly mzxid: Zxid;
  /** Creation, wall clock of the leader, ms since 1970. */
  readonly ctime: bigint;
  /** Last change of the data, wall clock of the leader, ms since 1970. */
  readonly mtime: bigint;
  /** Changes of the data. */
  readonly version: number;
  /** Creations plus deletions of children. */
  readonly cversion: number;
  /** Changes of the ACL. */
  readonly aversion: number;
  /** The owning session of an ephemeral node, else 0; containers and TTL nodes show 0 too. */
  readonly ephemeralOwner: SessionId;
  /** Bytes of data. */
  readonly dataLength: number;
  readonly numChildren: number;
  /** The zxid of the transaction that last created or deleted a child. */
  readonly pzxid: Zxid;
}

/** Bytes of a Stat on the wire. */
export const STAT_BYTES = 68;

/**
 * ```
 * Stat => czxid(long) mzxid(long) ctime(long) mtime(long) version(int) cversion(int) aversion(int)
 *         ephemeralOwner(long) dataLength(int) numChildren(int) pzxid(long)
 * ```
 */
export function encodeStat(writer: JuteWriter, stat: Stat): void {
  writer.writeLong(stat.czxid);
  writer.writeLong(stat.mzxid);
  writer.writeLong(stat.ctime);
  writer.writeLong(stat.mtime);
  writer.writeInt(stat.version);
  writer.writeInt(stat.cversion);
  writer.writeInt(stat.aversion);
  writer.writeLong(stat.ephemeralOwner);
  writer.writeInt(stat.dataLength);
  writer.writeInt(stat.numChildren);
  writer.writeLong(stat.pzxid);
}

export function decodeStat(reader: JuteReader): Stat {
  return {
    czxid: toZxid(reader.readLong()),
    mzxid: toZxid(reader.readLong()),
    ctime: reader.readLong(),
    mtime: reader.readLong(),
    version: reader.readInt(),
    cversion: reader.readInt(),
    aversion: reader.readInt(),
    ephemeralOwner: toSessionId(reader.readLong()),
    dataLength: reader.readInt(),
    numChildren: reader.readInt(),
    pzxid: toZxid(reader.readLong()),
  };
}

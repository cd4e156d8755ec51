/** What is kept of a node's stat on disk (zookeeper.jute `StatPersisted`, PROTOCOL.md 1.1). */
import { type SessionId, toSessionId } from '../ids.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';

export interface PersistedStat {
  czxid: Zxid;
  mzxid: Zxid;
  ctime: bigint;
  mtime: bigint;
  version: number;
  /** Creations of children only; clients see creations plus deletions. */
  cversion: number;
  aversion: number;
  /** A session or one of the encodings of ephemeral-owner.ts. */
  ephemeralOwner: SessionId;
  pzxid: Zxid;
}

/**
 * `StatPersisted => czxid(long) mzxid(long) ctime(long) mtime(long) version(int) cversion(int) aversion(int)
 * ephemeralOwner(long) pzxid(long)`
 */
export function encodePersistedStat(writer: JuteWriter, stat: PersistedStat): void {
  writer.writeLong(stat.czxid);
  writer.writeLong(stat.mzxid);
  writer.writeLong(stat.ctime);
  writer.writeLong(stat.mtime);
  writer.writeInt(stat.version);
  writer.writeInt(stat.cversion);
  writer.writeInt(stat.aversion);
  writer.writeLong(stat.ephemeralOwner);
  writer.writeLong(stat.pzxid);
}

export function decodePersistedStat(reader: JuteReader): PersistedStat {
  return {
    czxid: toZxid(reader.readLong()),
    mzxid: toZxid(reader.readLong()),
    ctime: reader.readLong(),
    mtime: reader.readLong(),
    version: reader.readInt(),
    cversion: reader.readInt(),
    aversion: reader.readInt(),
    ephemeralOwner: toSessionId(reader.readLong()),
    pzxid: toZxid(reader.readLong()),
  };
}

/**
 * The packets between a leader and its learners (zookeeper.jute `QuorumPacket`; PROTOCOL.md 5.1). They follow each other
 * on the stream without a length in front; stream-decoder.ts cuts them.
 */
import type { Id } from '../../shared/acl.ts';
import { ProtocolError } from '../../shared/errors.ts';
import type { JuteReader } from '../../shared/jute/reader.ts';
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { type Zxid, toZxid } from '../../shared/zxid.ts';

export const PacketType = {
  REQUEST: 1,
  PROPOSAL: 2,
  ACK: 3,
  COMMIT: 4,
  PING: 5,
  REVALIDATE: 6,
  SYNC: 7,
  INFORM: 8,
  COMMITANDACTIVATE: 9,
  NEWLEADER: 10,
  FOLLOWERINFO: 11,
  UPTODATE: 12,
  DIFF: 13,
  TRUNC: 14,
  SNAP: 15,
  OBSERVERINFO: 16,
  LEADERINFO: 17,
  ACKEPOCH: 18,
  INFORMANDACTIVATE: 19,
} as const;

export type PacketName = keyof typeof PacketType;

export interface QuorumPacket {
  readonly type: PacketName;
  readonly zxid: Zxid;
  readonly data: Uint8Array | null;
  /** Of a REQUEST: who the client is, for the leader to check ACLs with. */
  readonly authInfo: readonly Id[] | null;
}

/** Where a packet that concerns no transaction says so. */
export const NO_ZXID = toZxid(-1n);

const NAMES = new Map<number, PacketName>(
  Object.entries(PacketType).map(([name, type]) => [type, name as PacketName]),
);

/** `QuorumPacket => type(int) zxid(long) data(buffer) authinfo(vector<scheme(ustring) id(ustring)>)` */
export function encodeQuorumPacket(writer: JuteWriter, packet: QuorumPacket): void {
  writer.writeInt(PacketType[packet.type]);
  writer.writeLong(packet.zxid);
  writer.writeBuffer(packet.data);
  if (packet.authInfo === null) writer.writeInt(-1);
  else writer.writeVector(packet.authInfo, encodeId);
}

function encodeId(writer: JuteWriter, id: Id): void {
  writer.writeString(id.scheme);
  writer.writeString(id.id);
}

/** `data` is a view into `reader`'s bytes. Throws ProtocolError on an unknown type. */
export function decodeQuorumPacket(reader: JuteReader): QuorumPacket {
  const number = reader.readInt();
  const type = NAMES.get(number);
  if (type === undefined) throw new ProtocolError('BAD_VALUE', `no packet has type ${number}`);
  const zxid = toZxid(reader.readLong());
  const data = reader.readBuffer();
  const authInfo = reader.readVector(decodeId, 8);
  return { type, zxid, data, authInfo: authInfo.length === 0 ? null : authInfo };
}

function decodeId(reader: JuteReader): Id {
  return { scheme: reader.readString(), id: reader.readString() };
}

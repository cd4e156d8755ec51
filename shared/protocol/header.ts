/** The headers in front of every request and reply after the session is established (PROTOCOL.md 2.1). */
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';

export interface RequestHeader {
  readonly xid: number;
  /** An OpCode, or any number that a peer sent. */
  readonly type: number;
}

export interface ReplyHeader {
  readonly xid: number;
  /** The last zxid that the answering server had applied. */
  readonly zxid: Zxid;
  /** 0, or an ErrorCode; the body behind a header with an error must be ignored. */
  readonly err: number;
}

/** `RequestHeader => xid(int) type(int)` */
export function encodeRequestHeader(writer: JuteWriter, header: RequestHeader): void {
  writer.writeInt(header.xid);
  writer.writeInt(header.type);
}

export function decodeRequestHeader(reader: JuteReader): RequestHeader {
  return { xid: reader.readInt(), type: reader.readInt() };
}

/** `ReplyHeader => xid(int) zxid(long) err(int)` */
export function encodeReplyHeader(writer: JuteWriter, header: ReplyHeader): void {
  writer.writeInt(header.xid);
  writer.writeLong(header.zxid);
  writer.writeInt(header.err);
}

export function decodeReplyHeader(reader: JuteReader): ReplyHeader {
  return { xid: reader.readInt(), zxid: toZxid(reader.readLong()), err: reader.readInt() };
}

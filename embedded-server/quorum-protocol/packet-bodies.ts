/** What the `data` of quorum packets holds (PROTOCOL.md 5.1), one encode and one decode a kind. */
import { ProtocolError } from '../../shared/errors.ts';
import { type SessionId, type Sid, toSessionId } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { readSmallLong } from './small-long.ts';

/** Version of the learner protocol since 3.4: epochs are agreed upon before the synchronisation. */
export const LEARNER_PROTOCOL_VERSION = 0x10000;

export interface LearnerInfo {
  readonly sid: Sid;
  readonly protocolVersion: number;
  /** Version of the configuration that the learner has committed. */
  readonly configVersion: bigint;
}

/** Bodies are made one at a time. */
const body = new JuteWriter();

function build(write: (writer: JuteWriter) => void): Uint8Array {
  // One that failed half-way may have left something.
  body.reset();
  write(body);
  return body.take();
}

function open(data: Uint8Array | null, what: string): JuteReader {
  if (data === null) throw new ProtocolError('TRUNCATED', `${what} without a body`);
  return new JuteReader(data);
}

/** `LearnerInfo => serverid(long) protocolVersion(int) configVersion(long)` */
export function encodeLearnerInfo(info: LearnerInfo): Uint8Array {
  return build((writer) => {
    writer.writeLong(BigInt(info.sid));
    writer.writeInt(info.protocolVersion);
    writer.writeLong(info.configVersion);
  });
}

/** Compat: before 3.5 there is no version of the configuration. Throws ProtocolError for peers from before 3.4. */
export function decodeLearnerInfo(data: Uint8Array | null): LearnerInfo {
  const reader = open(data, 'LearnerInfo');
  const sid = readSmallLong(reader);
  const protocolVersion = reader.readInt();
  if (protocolVersion < LEARNER_PROTOCOL_VERSION) {
    throw new ProtocolError('BAD_VALUE', `learner protocol ${protocolVersion} is from before 3.4`);
  }
  return { sid, protocolVersion, configVersion: reader.remaining >= 8 ? reader.readLong() : 0n };
}

/** Of LEADERINFO (the protocol's version) and ACKEPOCH (the learner's currentEpoch): `value(int)`. */
export function encodeIntBody(value: number): Uint8Array {
  return build((writer) => writer.writeInt(value));
}

export function decodeIntBody(data: Uint8Array | null): number {
  return open(data, 'LEADERINFO or ACKEPOCH').readInt();
}

/** Of COMMITANDACTIVATE and INFORMANDACTIVATE: who leads by the configuration that holds from now on. */
export interface Activation {
  readonly leader: Sid;
  /** The transaction, for whom it was not proposed to. */
  readonly txn: Uint8Array;
}

/** `Activation => designatedLeader(long) txn(bytes)` */
export function encodeActivation({ leader, txn }: { leader: Sid; txn?: Uint8Array }): Uint8Array {
  return build((writer) => {
    writer.writeLong(BigInt(leader));
    if (txn) writer.writeRaw(txn);
  });
}

export function decodeActivation(data: Uint8Array | null): Activation {
  const reader = open(data, 'COMMITANDACTIVATE or INFORMANDACTIVATE');
  return { leader: readSmallLong(reader), txn: reader.readRest() };
}

/** A client's write, or its sync, on the way to the leader. */
export interface ForwardedRequest {
  readonly sessionId: SessionId;
  readonly xid: number;
  /** An OpCode. */
  readonly type: number;
  /** The request's record as the client sent it. */
  readonly body: Uint8Array;
}

/** `Request => sessionId(long) cxid(int) type(int) record(bytes)` */
export function encodeForwardedRequest(request: ForwardedRequest): Uint8Array {
  return build((writer) => {
    writer.writeLong(request.sessionId);
    writer.writeInt(request.xid);
    writer.writeInt(request.type);
    writer.writeRaw(request.body);
  });
}

export function decodeForwardedRequest(data: Uint8Array | null): ForwardedRequest {
  const reader = open(data, 'REQUEST');
  const sessionId = toSessionId(reader.readLong());
  return { sessionId, xid: reader.readInt(), type: reader.readInt(), body: reader.readRest() };
}

/** A session and the timeout that holds for it, of a PING's answer and of REVALIDATE. */
export interface SessionTimeout {
  readonly sessionId: SessionId;
  readonly timeoutMs: number;
}

const SESSION_TIMEOUT_BYTES = 12;

/** `SessionTimeout => sessionId(long) timeout(int)`, one after the other */
export function encodeSessionTimeouts(sessions: Iterable<SessionTimeout>): Uint8Array {
  return build((writer) => {
    for (const { sessionId, timeoutMs } of sessions) {
      writer.writeLong(sessionId);
      writer.writeInt(timeoutMs);
    }
  });
}

export function decodeSessionTimeouts(data: Uint8Array | null): SessionTimeout[] {
  const reader = new JuteReader(data ?? new Uint8Array(0));
  const sessions: SessionTimeout[] = [];
  while (reader.remaining >= SESSION_TIMEOUT_BYTES) {
    sessions.push({ sessionId: toSessionId(reader.readLong()), timeoutMs: reader.readInt() });
  }
  reader.expectEnd();
  return sessions;
}

export interface Revalidated {
  readonly sessionId: SessionId;
  readonly isValid: boolean;
}

/** `Revalidated => sessionId(long) valid(bool)` */
export function encodeRevalidated({ sessionId, isValid }: Revalidated): Uint8Array {
  return build((writer) => {
    writer.writeLong(sessionId);
    writer.writeBool(isValid);
  });
}

export function decodeRevalidated(data: Uint8Array | null): Revalidated {
  const reader = open(data, 'REVALIDATE');
  return { sessionId: toSessionId(reader.readLong()), isValid: reader.readBool() };
}

/** Establishing a session: the first packet either way, without a header (PROTOCOL.md 2.2). */
import { type SessionId, toSessionId } from '../ids.ts';
import type { JuteReader } from '../jute/reader.ts';
import type { JuteWriter } from '../jute/writer.ts';
import { type Zxid, toZxid } from '../zxid.ts';

export interface ConnectRequest {
  readonly protocolVersion: number;
  /** The newest zxid that the client has seen; a server that is behind it closes the connection. */
  readonly lastZxidSeen: Zxid;
  readonly timeoutMs: number;
  /** 0 asks for a new session. */
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
  /** Whether a read-only server will do; undefined when the client is too old to say (before 3.4). */
  readonly readOnly: boolean | undefined;
}

export interface ConnectResponse {
  readonly protocolVersion: number;
  /** The negotiated session timeout; 0 says that the session is not (or no longer) valid. */
  readonly timeoutMs: number;
  readonly sessionId: SessionId;
  readonly password: Uint8Array;
  /** Present exactly when the request carried its `readOnly`. */
  readonly readOnly: boolean | undefined;
}

/**
 * ```
 * ConnectRequest => protocolVersion(int) lastZxidSeen(long) timeOut(int) sessionId(long) passwd(buffer)
 *                   [readOnly(bool)]
 * ```
 */
export function encodeConnectRequest(writer: JuteWriter, request: ConnectRequest): void {
  writer.writeInt(request.protocolVersion);
  writer.writeLong(request.lastZxidSeen);
  writer.writeInt(request.timeoutMs);
  writer.writeLong(request.sessionId);
  writer.writeBuffer(request.password);
  if (request.readOnly !== undefined) writer.writeBool(request.readOnly);
}

export function decodeConnectRequest(reader: JuteReader): ConnectRequest {
  return {
    protocolVersion: reader.readInt(),
    lastZxidSeen: toZxid(reader.readLong()),
    timeoutMs: reader.readInt(),
    sessionId: toSessionId(reader.readLong()),
    password: copyOf(reader.readBuffer()),
    readOnly: reader.remaining > 0 ? reader.readBool() : undefined,
  };
}

/** `ConnectResponse => protocolVersion(int) timeOut(int) sessionId(long) passwd(buffer) [readOnly(bool)]` */
export function encodeConnectResponse(writer: JuteWriter, response: ConnectResponse): void {
  writer.writeInt(response.protocolVersion);
  writer.writeInt(response.timeoutMs);
  writer.writeLong(response.sessionId);
  writer.writeBuffer(response.password);
  if (response.readOnly !== undefined) writer.writeBool(response.readOnly);
}

export function decodeConnectResponse(reader: JuteReader): ConnectResponse {
  return {
    protocolVersion: reader.readInt(),
    timeoutMs: reader.readInt(),
    sessionId: toSessionId(reader.readLong()),
    password: copyOf(reader.readBuffer()),
    readOnly: reader.remaining > 0 ? reader.readBool() : undefined,
  };
}

/** Passwords outlive the frame that they came in. */
function copyOf(bytes: Uint8Array | null): Uint8Array {
  // Not `slice`, which on a Node Buffer copies nothing.
  return bytes === null ? new Uint8Array(0) : new Uint8Array(bytes);
}

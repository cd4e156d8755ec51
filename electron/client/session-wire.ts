/** The packets that a session sends and reads for itself: connect, ping, setWatches, closeSession. Pure. */
import { ConnectionError, type ProtocolError } from '../../shared/errors.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { closeSession } from '../../shared/protocol/close-session.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  decodeConnectResponse,
  encodeConnectRequest,
} from '../../shared/protocol/connect.ts';
import { ErrorCode, keeperErrorName } from '../../shared/protocol/error-code.ts';
import { decodeReplyHeader, encodeRequestHeader } from '../../shared/protocol/header.ts';
import { SpecialXid } from '../../shared/protocol/op-code.ts';
import type { Operation } from '../../shared/protocol/operation.ts';
import { ping } from '../../shared/protocol/ping.ts';
import { type SetWatches2Request, setWatches, setWatches2 } from '../../shared/protocol/set-watches.ts';
import type { SessionRequest } from './request-queue.ts';

/** A ConnectResponse without its readOnly byte; a server that refuses may send a shorter ReplyHeader instead. */
const CONNECT_RESPONSE_BYTES_MIN = 36;
const REPLY_HEADER_BYTES = 16;

export function encodeBody<Request>(
  operation: Pick<Operation<Request, never>, 'encodeRequest'>,
  request: Request,
): Uint8Array {
  const writer = new JuteWriter();
  operation.encodeRequest(writer, request);
  return writer.finish();
}

export function writeConnectRequest(writer: JuteWriter, request: ConnectRequest): void {
  const frame = writer.beginFrame();
  encodeConnectRequest(writer, request);
  writer.endFrame(frame);
}

export function writePing(writer: JuteWriter): void {
  const frame = writer.beginFrame();
  encodeRequestHeader(writer, { xid: SpecialXid.ping, type: ping.opCode });
  writer.endFrame(frame);
}

/** The first frame of a server: its ConnectResponse, or why it is none. Throws ProtocolError on other people's bytes. */
export function decodeHandshake(frame: Uint8Array, server: string): ConnectResponse | ConnectionError {
  const reader = new JuteReader(frame);
  if (frame.length >= CONNECT_RESPONSE_BYTES_MIN) return decodeConnectResponse(reader);
  if (frame.length === REPLY_HEADER_BYTES) {
    const { err } = decodeReplyHeader(reader);
    // A read-only server without local sessions answers a new session so (PROTOCOL.md 2.18).
    const name = err === ErrorCode.OK ? 'no error' : keeperErrorName(err);
    return new ConnectionError('CONNECTION_CLOSED', `${server} refused the session (${name})`, { server });
  }
  return notZooKeeper(server, frame[0]);
}

/** First bytes of TLS records: an alert, which a TLS server sends when it is not greeted in TLS, and a handshake. */
const TLS_FIRST_BYTES: readonly (number | undefined)[] = [0x15, 0x16];

/** The error for somebody else's bytes, of which `firstByte` came first. */
export function notZooKeeper(
  server: string,
  firstByte: number | undefined,
  cause?: ProtocolError,
): ConnectionError {
  const hint = TLS_FIRST_BYTES.includes(firstByte) ? '; it looks like a TLS port' : '';
  return new ConnectionError(
    'NOT_ZOOKEEPER',
    `what answers at ${server} is not ZooKeeper's client port${hint}`,
    {
      server,
      cause,
    },
  );
}

/**
 * Registers watches. Compat: setWatches (101) unless there are persistent ones, since servers before 3.6 know only that. The
 * reply matters only for the order; a server that refuses closes the connection.
 */
export function setWatchesRequest(batch: SetWatches2Request): SessionRequest {
  const hasPersistent = batch.persistentWatches.length + batch.persistentRecursiveWatches.length > 0;
  return {
    opCode: hasPersistent ? setWatches2.opCode : setWatches.opCode,
    body: hasPersistent ? encodeBody(setWatches2, batch) : encodeBody(setWatches, batch),
    specialXid: SpecialXid.setWatches,
    decode: setWatches.decodeResponse,
    settle: ignoreOutcome,
  };
}

export const CLOSE_SESSION_REQUEST: SessionRequest = {
  opCode: closeSession.opCode,
  body: new Uint8Array(0),
  decode: closeSession.decodeResponse,
  settle: ignoreOutcome,
};

function ignoreOutcome(): void {
  // Nobody waits for it.
}

/**
 * How a connection gets its session and its identities: ConnectRequest, auth and SASL packets (ZooKeeperServer's
 * processConnectRequest and processPacket; PROTOCOL.md 2.2, 2.3, 2.16, 2.17).
 */
import { ProtocolError } from '../../shared/errors.ts';
import {
  SESSION_NONE,
  SESSION_PASSWORD_BYTES,
  type SessionId,
  sessionIdToHex,
  sessionPassword,
} from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { auth } from '../../shared/protocol/auth.ts';
import {
  type ConnectRequest,
  decodeConnectRequest,
  encodeConnectResponse,
} from '../../shared/protocol/connect.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { sasl } from '../../shared/protocol/sasl.ts';
import { zxidToHex } from '../../shared/zxid.ts';
import { type Sha1, authenticate } from './acl-check.ts';
import type { ServerConfig } from './config.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { Database } from './database.ts';
import type { Now } from './effects.ts';
import type { Outbox } from './outbox.ts';
import type { Replies } from './replies.ts';
import type { RequestPipeline } from './request-pipeline.ts';
import type { ServerStats } from './server-stats.ts';
import type { SessionRoom } from './session-room.ts';
import type { Session } from './session-tracker.ts';

export class Handshake {
  readonly #config: ServerConfig;
  readonly #connections: Connections;
  readonly #sessions: SessionRoom;
  readonly #database: Database;
  readonly #isReadOnly: boolean;
  readonly #pipeline: RequestPipeline;
  readonly #replies: Replies;
  readonly #stats: ServerStats;
  readonly #outbox: Outbox;
  readonly #sha1: Sha1;

  constructor(rooms: {
    config: ServerConfig;
    connections: Connections;
    sessions: SessionRoom;
    database: Database;
    isReadOnly: boolean;
    pipeline: RequestPipeline;
    replies: Replies;
    stats: ServerStats;
    outbox: Outbox;
    sha1: Sha1;
  }) {
    this.#config = rooms.config;
    this.#connections = rooms.connections;
    this.#sessions = rooms.sessions;
    this.#database = rooms.database;
    this.#isReadOnly = rooms.isReadOnly;
    this.#pipeline = rooms.pipeline;
    this.#replies = rooms.replies;
    this.#stats = rooms.stats;
    this.#outbox = rooms.outbox;
    this.#sha1 = rooms.sha1;
  }

  /** The first frame of a connection. */
  onConnectFrame(connection: Connection, frame: Uint8Array, now: Now): void {
    const request = decodeOrUndefined(frame);
    if (!request) {
      this.#refuse(connection, 'its ConnectRequest is malformed');
      return;
    }
    this.#stats.connectionRequests++;
    if (this.#isReadOnly && request.readOnly !== true) {
      this.#refuse(connection, 'this server is read-only, which its client does not accept');
      return;
    }
    const { lastProcessedZxid } = this.#database;
    if (request.lastZxidSeen > lastProcessedZxid) {
      const seen = zxidToHex(request.lastZxidSeen);
      this.#refuse(connection, `it has seen ${seen}, this server is at ${zxidToHex(lastProcessedZxid)}`);
      return;
    }
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.#config;
    const wantedMs = Math.min(maxSessionTimeoutMs, request.timeoutMs);
    connection.sessionTimeoutMs = Math.max(minSessionTimeoutMs, wantedMs);
    connection.knowsReadOnly = request.readOnly !== undefined;
    if (request.sessionId === SESSION_NONE) this.#openSession(connection, now);
    else this.#reopenSession(connection, request, now);
  }

  #refuse(connection: Connection, reason: string): void {
    this.#outbox.log('info', `closing ${connection.remoteAddress}:${connection.remotePort}: ${reason}`);
    this.#connections.close(connection, reason);
  }

  #openSession(connection: Connection, now: Now): void {
    const session = this.#sessions.create(connection.sessionTimeoutMs, now.elapsedMs);
    connection.becomeEstablishing(session);
    this.#pipeline.submitWrite({
      connection,
      session,
      xid: 0,
      type: OpCode.createSession,
      op: { op: 'createSession', timeoutMs: session.timeoutMs },
      record: encodeTimeout(session.timeoutMs),
      now,
    });
  }

  #reopenSession(connection: Connection, { sessionId, password }: ConnectRequest, now: Now): void {
    this.#stats.connectionRevalidations++;
    if (this.#isReadOnly && this.#database.sessionTimeoutsMs.has(sessionId)) {
      this.#refuse(connection, `session ${sessionIdToHex(sessionId)} is the ensemble's, which is not there`);
      return;
    }
    // Compat: whoever names a session takes it from its connection, even with a wrong password.
    const former = this.#connections.ofSession(sessionId);
    if (former) this.#connections.close(former, 'its session was taken over by another connection');
    const isOwner = isSame(password, sessionPassword(sessionId));
    const session = isOwner ? this.#sessions.revalidate(connection, sessionId, now.elapsedMs) : undefined;
    if (session === 'later') connection.becomeEstablishing(undefined);
    else this.onRevalidated(connection, sessionId, session);
  }

  /** Whether a client that came back gets its session is known. */
  onRevalidated(connection: Connection, sessionId: SessionId, session: Session | undefined): void {
    const { now } = this.#replies;
    if (connection.state === 'closing') return;
    if (session) {
      this.establish(connection, session, now);
    } else {
      this.#answer(connection, undefined);
      this.#connections.tellRefused(connection, sessionId);
      this.#refuse(connection, `session ${sessionIdToHex(sessionId)} is unknown, expired or somebody else's`);
    }
  }

  /** The session exists: the connection serves it from now on. */
  establish(connection: Connection, session: Session, now: Now): void {
    this.#connections.establish(connection, session, now);
    this.#answer(connection, session);
  }

  /** Without a session the answer says that it is not valid: all zeros. */
  #answer(connection: Connection, session: Session | undefined): void {
    this.#replies.headless(connection, (writer) => {
      encodeConnectResponse(writer, {
        protocolVersion: 0,
        timeoutMs: session ? connection.sessionTimeoutMs : 0,
        sessionId: session?.sessionId ?? SESSION_NONE,
        password: session ? sessionPassword(session.sessionId) : new Uint8Array(SESSION_PASSWORD_BYTES),
        readOnly: connection.knowsReadOnly ? this.#isReadOnly : undefined,
      });
    });
  }

  /** Answered at once, ahead of requests that wait. Who cannot authenticate loses the connection. */
  onAuth(connection: Connection, xid: number, body: JuteReader): void {
    const request = decodeAuthOrUndefined(body);
    if (!request) {
      this.#refuse(connection, 'its auth packet is malformed');
      return;
    }
    const ids = authenticate({
      scheme: request.scheme,
      auth: request.auth ?? new Uint8Array(0),
      remoteAddress: connection.remoteAddress,
      superDigest: this.#config.superDigest,
      sha1: this.#sha1,
    });
    if (ids) {
      for (const id of ids) connection.addId(id);
      this.#replies.plain(connection, xid, ErrorCode.OK);
    } else {
      this.#stats.authFailed++;
      this.#replies.plain(connection, xid, ErrorCode.AUTHFAILED);
      this.#refuse(connection, `authentication by scheme ${JSON.stringify(request.scheme)} failed`);
    }
  }

  /** No SASL is set up here: the empty token tells the client to go on without. */
  onSasl(connection: Connection, xid: number): void {
    this.#replies.plain(connection, xid, ErrorCode.OK, (writer) => {
      sasl.encodeResponse(writer, { token: null });
    });
  }
}

function decodeOrUndefined(frame: Uint8Array): ConnectRequest | undefined {
  try {
    return decodeConnectRequest(new JuteReader(frame));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function decodeAuthOrUndefined(body: JuteReader): ReturnType<typeof auth.decodeRequest> | undefined {
  try {
    return auth.decodeRequest(body);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** The record of a createSession, which only servers send each other (PROTOCOL.md 5.8). */
function encodeTimeout(timeoutMs: number): Uint8Array {
  const writer = new JuteWriter(4);
  writer.writeInt(timeoutMs);
  return writer.finish();
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

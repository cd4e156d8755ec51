/**
 * A whole server without an ensemble: an event in, effects out (ZooKeeper's chain Prep → Sync → Final; PROTOCOL.md 7).
 * It joins the rooms and owns the order in which things happen:
 *
 * ```
 *   frame ─► session touched ─┬─ write ─► Prep ─► persist effect ┄┄► persisted event ─► Database.apply ─► reply
 *                             └─ read ──► waits behind the same connection's writes ──► ReadOps ────────► reply
 * ```
 *
 * A transaction is durable before it is applied, and applied before anybody hears of it. Watch notifications are written
 * while it is applied, so they precede every reply that could show it.
 */
import { assert } from '../../shared/assert.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { SESSION_NONE, SESSION_PASSWORD_BYTES, type SessionId, sessionIdToHex } from '../../shared/ids.ts';
import { sessionPassword } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { auth } from '../../shared/protocol/auth.ts';
import {
  type ConnectRequest,
  decodeConnectRequest,
  encodeConnectResponse,
} from '../../shared/protocol/connect.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { sasl } from '../../shared/protocol/sasl.ts';
import { type Zxid, toZxid, zxidToHex } from '../../shared/zxid.ts';
import { type Sha1, authenticate } from './acl-check.ts';
import type { ServerConfig } from './config.ts';
import { Connection } from './connection.ts';
import { ContainerReaper } from './container-reaper.ts';
import { DataTree } from './data-tree.ts';
import { Database } from './database.ts';
import type { Now, ServerEffect, ServerEvent } from './effects.ts';
import { ExpiryBuckets } from './expiry-buckets.ts';
import { Fifo } from './fifo.ts';
import { Prep, type PreparedTxn } from './prep.ts';
import { ReadOps } from './read-ops.ts';
import { Replies } from './replies.ts';
import { type Request, isWrite } from './request.ts';
import { ServerStats } from './server-stats.ts';
import { type Session, SessionTracker } from './session-tracker.ts';
import { Watches } from './watches.ts';
import { type WriteOp, decodeWriteOp } from './write-op.ts';
import { encodeWriteReply } from './write-replies.ts';

/** Apache's number for a server that has no ensemble. */
const STANDALONE_SID = 1;
const HEADER_BYTES = 8;
/** Compat: what an unsupported op is answered with has no zxid. */
const UNIMPLEMENTED_ZXID = toZxid(-1n);

/** A transaction on its way through the log, and who waits for it; nobody does for the server's own. */
interface InFlight {
  readonly prepared: PreparedTxn;
  readonly request: Request | undefined;
}

export class StandaloneServer {
  readonly config: ServerConfig;
  readonly database: Database;
  readonly watches: Watches;
  readonly sessions: SessionTracker;
  readonly stats = new ServerStats();
  readonly startedAt: Now;
  readonly connections = new Map<number, Connection>();
  /** Connections by when they would be closed for silence. */
  readonly idleConnections: ExpiryBuckets<Connection>;
  readonly #prep: Prep;
  readonly #reads: ReadOps;
  readonly #replies: Replies;
  readonly #reaper: ContainerReaper;
  readonly #sha1: Sha1;
  readonly #bySession = new Map<SessionId, Connection>();
  readonly #inFlight = new Fifo<InFlight>();
  #effects: ServerEffect[] = [];
  #closing: Connection[] = [];
  #paused: Connection[] = [];
  #outstanding = 0;
  #now: Now;

  constructor(config: ServerConfig, { sha1, now }: { sha1: Sha1; now: Now }) {
    this.config = config;
    this.startedAt = now;
    this.#now = now;
    this.#sha1 = sha1;
    this.#replies = new Replies(this.stats);
    this.watches = new Watches(config.skipAcl, (connection, frame) => {
      this.#replies.frame(connection, frame);
    });
    const tree = new DataTree({
      extendedTypesEnabled: config.extendedTypesEnabled,
      isDigestEnabled: config.digestEnabled,
    });
    this.database = new Database(tree, this.watches);
    this.sessions = new SessionTracker({
      tickTimeMs: config.tickTimeMs,
      sid: STANDALONE_SID,
      startWallMs: now.wallMs,
      elapsedMs: now.elapsedMs,
    });
    this.idleConnections = new ExpiryBuckets(config.sessionlessTimeoutMs, now.elapsedMs);
    this.#prep = new Prep({
      tree,
      quota: this.database.quota,
      sessions: this.sessions,
      options: config,
      lastZxid: this.database.lastProcessedZxid,
    });
    this.#reads = new ReadOps({
      database: this.database,
      watches: this.watches,
      replies: this.#replies,
      skipAcl: config.skipAcl,
    });
    this.#reaper = new ContainerReaper(
      tree,
      {
        checkIntervalMs: config.containerCheckIntervalMs,
        deletesPerMinuteMax: config.containerDeletesPerMinuteMax,
        neverUsedMsMax: config.containerNeverUsedMsMax,
      },
      now.elapsedMs,
    );
  }

  /** Requests without an answer yet. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** When the next `tick` event has something to do, on the elapsed clock. */
  get nextTickMs(): number {
    return Math.min(this.sessions.nextExpiryMs, this.idleConnections.nextMs, this.#reaper.nextMs);
  }

  step(event: ServerEvent, now: Now): ServerEffect[] {
    this.#now = now;
    this.#replies.startStep(now);
    this.#handle(event);
    return this.#takeEffects();
  }

  #handle(event: ServerEvent): void {
    switch (event.kind) {
      case 'connectionOpened':
        this.#onOpened(event);
        break;
      case 'framesArrived':
        this.#onFrames(event.connectionId, event.frames);
        break;
      case 'commandArrived':
        this.#onCommand(event.connectionId);
        break;
      case 'commandAnswered':
        this.#countCommandAnswer(event.connectionId);
        break;
      case 'connectionClosed':
        this.#onClosed(event.connectionId);
        break;
      case 'persisted':
        this.#onPersisted(event.zxid);
        break;
      case 'tick':
        this.#onTick();
        break;
    }
  }

  /** What has to be persisted goes first, then what is to be sent, then who is to be closed. */
  #takeEffects(): ServerEffect[] {
    for (const connection of this.#replies.takeDirty()) {
      const bytes = connection.takeOutput();
      if (this.connections.has(connection.connectionId)) {
        this.#effects.push({ kind: 'send', connectionId: connection.connectionId, bytes });
      }
    }
    for (const { connectionId } of this.#closing) this.#effects.push({ kind: 'close', connectionId });
    this.#closing = [];
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #log(level: 'info' | 'warn', message: string): void {
    this.#effects.push({ kind: 'log', level, message });
  }

  // ---- connections -------------------------------------------------------------------------------------------------

  #onOpened(event: { connectionId: number; remoteAddress: string; remotePort: number }): void {
    const connection = new Connection({ ...event, wallMs: this.#now.wallMs });
    this.connections.set(event.connectionId, connection);
    this.idleConnections.touch(connection, this.config.sessionlessTimeoutMs, this.#now.elapsedMs);
  }

  /** The socket is gone; whatever it waited for is nobody's business any more. */
  #onClosed(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (!connection) return;
    this.connections.delete(connectionId);
    this.#abandon(connection);
    this.stats.connectionDrops++;
  }

  #close(connection: Connection): void {
    if (connection.state === 'closing') return;
    this.#abandon(connection);
    this.#closing.push(connection);
  }

  #abandon(connection: Connection): void {
    connection.state = 'closing';
    this.#outstanding -= connection.queue.length;
    connection.queue.clear();
    connection.heldFrames = [];
    this.idleConnections.remove(connection);
    this.watches.removeConnection(connection);
    const sessionId = connection.session?.sessionId;
    if (sessionId !== undefined && this.#bySession.get(sessionId) === connection) {
      this.#bySession.delete(sessionId);
    }
  }

  #onCommand(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (!connection) return;
    connection.isCommand = true;
    connection.stats.packetsReceived++;
    this.stats.packetsReceived++;
  }

  #countCommandAnswer(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (connection) connection.stats.packetsSent++;
    this.stats.packetsSent++;
  }

  #onFrames(connectionId: number, frames: readonly Uint8Array[]): void {
    const connection = this.connections.get(connectionId);
    if (!connection || connection.state === 'closing') return;
    const timeoutMs = connection.sessionTimeoutMs || this.config.sessionlessTimeoutMs;
    this.idleConnections.touch(connection, timeoutMs, this.#now.elapsedMs);
    for (const frame of frames) this.#onFrame(connection, frame);
    this.#throttle(connection);
  }

  #onFrame(connection: Connection, frame: Uint8Array): void {
    switch (connection.state) {
      case 'connecting':
        this.#countReceived(connection, frame);
        this.#onConnectFrame(connection, frame);
        break;
      case 'establishing':
        connection.heldFrames.push(frame);
        break;
      case 'established':
        this.#countReceived(connection, frame);
        this.#onRequestFrame(connection, frame);
        break;
      case 'closing':
        break;
    }
  }

  #countReceived(connection: Connection, frame: Uint8Array): void {
    connection.stats.packetsReceived++;
    this.stats.packetsReceived++;
    this.stats.bytesReceived += frame.length + 4;
  }

  /** A connection that keeps the server busy is not read from while everybody together has too much outstanding. */
  #throttle(connection: Connection): void {
    if (connection.isPaused || connection.state === 'closing') return;
    const isEstablishing = connection.state === 'establishing';
    const isOverLimit = this.#outstanding > this.config.outstandingMax && connection.queue.length > 0;
    if (!isEstablishing && !isOverLimit) return;
    connection.isPaused = true;
    this.#paused.push(connection);
    this.#effects.push({ kind: 'pauseReads', connectionId: connection.connectionId });
  }

  #resumePaused(): void {
    if (this.#paused.length === 0) return;
    const isBelowLimit = this.#outstanding <= this.config.outstandingMax;
    const stillPaused: Connection[] = [];
    for (const connection of this.#paused) {
      if (connection.state === 'closing') continue;
      if (connection.state === 'establishing' || !isBelowLimit) {
        stillPaused.push(connection);
      } else {
        connection.isPaused = false;
        this.#effects.push({ kind: 'resumeReads', connectionId: connection.connectionId });
      }
    }
    this.#paused = stillPaused;
  }

  // ---- sessions ----------------------------------------------------------------------------------------------------

  #onConnectFrame(connection: Connection, frame: Uint8Array): void {
    const request = decodeOrUndefined(frame, decodeConnectRequest);
    if (!request) {
      this.#log('warn', `malformed ConnectRequest from ${connection.remoteAddress}`);
      this.#close(connection);
      return;
    }
    this.stats.connectionRequests++;
    const { lastProcessedZxid } = this.database;
    if (request.lastZxidSeen > lastProcessedZxid) {
      this.#log(
        'info',
        `refusing ${connection.remoteAddress}: it has seen ${zxidToHex(request.lastZxidSeen)}, this server is at ${zxidToHex(lastProcessedZxid)}`,
      );
      this.#close(connection);
      return;
    }
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.config;
    connection.sessionTimeoutMs = Math.max(
      minSessionTimeoutMs,
      Math.min(maxSessionTimeoutMs, request.timeoutMs),
    );
    connection.knowsReadOnly = request.readOnly !== undefined;
    if (request.sessionId === SESSION_NONE) this.#openSession(connection);
    else this.#reopenSession(connection, request);
  }

  #openSession(connection: Connection): void {
    const session = this.sessions.create(connection.sessionTimeoutMs, this.#now.elapsedMs);
    connection.state = 'establishing';
    connection.session = session;
    const op: WriteOp = { op: 'createSession', timeoutMs: session.timeoutMs };
    this.#submit({ session, op, connection, xid: 0, type: OpCode.createSession });
  }

  #reopenSession(connection: Connection, request: ConnectRequest): void {
    this.stats.connectionRevalidations++;
    const { sessionId } = request;
    const former = this.#bySession.get(sessionId);
    if (former) this.#close(former);
    const session = this.sessions.get(sessionId);
    const isOwner = isSame(request.password, sessionPassword(sessionId));
    if (
      session &&
      isOwner &&
      this.sessions.touch(session, connection.sessionTimeoutMs, this.#now.elapsedMs)
    ) {
      connection.session = session;
      this.#becomeEstablished(connection, session);
    } else {
      this.#log('info', `refusing session ${sessionIdToHex(sessionId)}: unknown, expired or wrong password`);
      this.#answerConnect(connection, undefined);
      this.#close(connection);
    }
  }

  #becomeEstablished(connection: Connection, session: Session): void {
    assert(connection.state === 'connecting' || connection.state === 'establishing', 'established twice');
    connection.state = 'established';
    this.#bySession.set(session.sessionId, connection);
    this.idleConnections.touch(connection, connection.sessionTimeoutMs, this.#now.elapsedMs);
    this.#answerConnect(connection, session);
    const held = connection.heldFrames;
    connection.heldFrames = [];
    for (const frame of held) this.#onFrame(connection, frame);
  }

  /** Without a session the answer says that it is not valid: all zeros. */
  #answerConnect(connection: Connection, session: Session | undefined): void {
    this.#replies.headless(connection, (writer) => {
      encodeConnectResponse(writer, {
        protocolVersion: 0,
        timeoutMs: session ? connection.sessionTimeoutMs : 0,
        sessionId: session?.sessionId ?? SESSION_NONE,
        password: session ? sessionPassword(session.sessionId) : new Uint8Array(SESSION_PASSWORD_BYTES),
        readOnly: connection.knowsReadOnly ? false : undefined,
      });
    });
  }

  /** The session's end is applied: its connection goes, unless the answer to its own request closes it. */
  #onSessionClosed(sessionId: SessionId): void {
    this.sessions.remove(sessionId);
    const connection = this.#bySession.get(sessionId);
    if (connection) this.#close(connection);
  }

  // ---- requests ----------------------------------------------------------------------------------------------------

  #onRequestFrame(connection: Connection, frame: Uint8Array): void {
    if (frame.length < HEADER_BYTES) {
      this.#close(connection);
      return;
    }
    const body = new JuteReader(frame);
    const xid = body.readInt();
    const type = body.readInt();
    if (type === OpCode.auth) this.#onAuth(connection, xid, body);
    else if (type === OpCode.sasl) this.#onSasl(connection, xid);
    else this.#onRequest(connection, xid, type, body);
  }

  #onAuth(connection: Connection, xid: number, body: JuteReader): void {
    let ids;
    try {
      const { scheme, auth: bytes } = auth.decodeRequest(body);
      ids = authenticate({
        scheme,
        auth: bytes ?? new Uint8Array(0),
        remoteAddress: connection.remoteAddress,
        superDigest: this.config.superDigest,
        sha1: this.#sha1,
      });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#close(connection);
      return;
    }
    if (ids) {
      for (const id of ids) connection.addId(id);
      this.#replies.plain(connection, xid, ErrorCode.OK);
    } else {
      this.stats.authFailed++;
      this.#replies.plain(connection, xid, ErrorCode.AUTHFAILED);
      this.#close(connection);
    }
  }

  /** No SASL is set up here: the empty token tells the client to go on without. */
  #onSasl(connection: Connection, xid: number): void {
    this.#replies.plain(connection, xid, ErrorCode.OK, (writer) => {
      sasl.encodeResponse(writer, { token: null });
    });
  }

  #onRequest(connection: Connection, xid: number, type: number, body: JuteReader): void {
    const { session } = connection;
    assert(session !== undefined, 'established without a session');
    // A session on its way out gets no answer any more; its connection is closed when it is gone.
    if (!this.sessions.touch(session, connection.sessionTimeoutMs, this.#now.elapsedMs)) return;
    if (isWrite(type)) {
      this.#submit({ session, op: decodeWriteOrUndefined(type, body), connection, xid, type });
      return;
    }
    const request: Request = {
      connection,
      xid,
      type,
      body,
      arrivedMs: this.#now.elapsedMs,
      zxid: undefined,
    };
    if (connection.queue.length === 0) {
      this.#serve(request);
    } else {
      connection.queue.push(request);
      this.#outstanding++;
    }
  }

  #serve(request: Request): void {
    if (ReadOps.knows(request.type)) {
      this.#reads.serve(request);
    } else {
      this.#replies.empty(request, UNIMPLEMENTED_ZXID, ErrorCode.UNIMPLEMENTED);
      this.#close(request.connection);
    }
  }

  /** Prepares a write and hands it to the log. Without a connection nobody waits for the answer. */
  #submit({
    session,
    op,
    connection,
    xid = 0,
    type,
  }: {
    session: Session | undefined;
    op: WriteOp | undefined;
    connection?: Connection;
    xid?: number;
    type: number;
  }): void {
    const asker = { sessionId: session?.sessionId ?? SESSION_NONE, xid, ids: connection?.ids ?? [] };
    const prepared = this.#prep.prepare({ asker, op, wallMs: this.#now.wallMs });
    const { zxid } = prepared.entry.header;
    let request: Request | undefined;
    if (connection) {
      request = { connection, xid, type, body: EMPTY_BODY, arrivedMs: this.#now.elapsedMs, zxid };
      connection.queue.push(request);
      this.#outstanding++;
    }
    this.#inFlight.push({ prepared, request });
    this.#effects.push({ kind: 'persist', zxid, entry: prepared.bytes });
  }

  // ---- what is durable gets applied --------------------------------------------------------------------------------

  #onPersisted(zxid: Zxid): void {
    for (let next = this.#inFlight.peek(); next !== undefined; next = this.#inFlight.peek()) {
      if (next.prepared.entry.header.zxid > zxid) break;
      this.#inFlight.shift();
      this.#commit(next);
    }
    this.#resumePaused();
  }

  #commit({ prepared, request }: InFlight): void {
    const { header, txn, digest } = prepared.entry;
    const applied = this.database.apply(prepared.entry);
    this.stats.commits++;
    this.#prep.release(prepared.changes);
    if (digest && digest.treeDigest !== this.database.tree.digest) {
      this.stats.digestMismatches++;
      this.#log('warn', `the tree's digest differs from that of transaction ${zxidToHex(header.zxid)}`);
    }
    if (request && request.connection.state !== 'closing') this.#answerWrite(request, prepared, applied);
    if (txn.op === 'closeSession') this.#onSessionClosed(header.clientId);
  }

  #answerWrite(request: Request, { entry }: PreparedTxn, applied: ReturnType<Database['apply']>): void {
    const { connection } = request;
    const answered = connection.queue.shift();
    assert(answered === request, 'a write is answered out of its order');
    this.#outstanding--;
    const zxid = this.database.lastProcessedZxid;
    if (request.type === OpCode.createSession) {
      assert(connection.session !== undefined, 'a session was created for a connection without one');
      this.#becomeEstablished(connection, connection.session);
      this.#replies.countSession(request, zxid);
      return;
    }
    const at = this.#replies.begin(connection, request.xid, zxid, applied.err);
    if (applied.err === 0) encodeWriteReply(connection.out, entry.txn, applied, this.database.tree);
    this.#replies.end(request, zxid, at);
    this.#drain(connection);
  }

  /** Serves the reads that waited behind the write just answered. */
  #drain(connection: Connection): void {
    for (let next = connection.queue.peek(); next !== undefined; next = connection.queue.peek()) {
      if (next.zxid !== undefined) return;
      connection.queue.shift();
      this.#outstanding--;
      this.#serve(next);
    }
  }

  // ---- time --------------------------------------------------------------------------------------------------------

  #onTick(): void {
    const { elapsedMs } = this.#now;
    for (const session of this.sessions.expire(elapsedMs)) this.#expire(session);
    for (const connection of this.idleConnections.expire(elapsedMs)) {
      if (!connection.session) this.stats.sessionlessConnectionsExpired++;
      this.#close(connection);
    }
    const abandoned = this.#reaper.tick(this.#now);
    if (abandoned !== undefined) {
      const op: WriteOp = { op: 'deleteContainer', path: abandoned };
      this.#submit({ session: undefined, op, type: OpCode.deleteContainer });
    }
  }

  #expire(session: Session): void {
    this.stats.staleSessionsExpired++;
    this.#log(
      'info',
      `session ${sessionIdToHex(session.sessionId)} expires: nothing heard for its timeout of ${session.timeoutMs} ms`,
    );
    this.#submit({ session, op: { op: 'closeSession' }, type: OpCode.closeSession });
  }
}

const EMPTY_BODY = new JuteReader(new Uint8Array(0));

function decodeOrUndefined<T>(frame: Uint8Array, decode: (reader: JuteReader) => T): T | undefined {
  try {
    return decode(new JuteReader(frame));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function decodeWriteOrUndefined(type: number, body: JuteReader): WriteOp | undefined {
  try {
    return decodeWriteOp(type, body);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

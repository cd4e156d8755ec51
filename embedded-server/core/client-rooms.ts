/**
 * Everything of a server that faces clients, whatever the server's role (ZooKeeper's ServerCnxnFactory and
 * ZooKeeperServer): connections, handshake, watches, reads and the order of requests. A role lends it the way of writes
 * and the sessions with `serve` and takes them back with `stopServing`, which ends every connection; without a role
 * nobody is served.
 *
 * ```
 *   frame ─► session touched ─┬─ write ─► the role's WriteRoute ┄┄► commit ─► Database.apply ─► watches ─► reply
 *                             └─ read ──► waits behind the same connection's writes ─► ReadOps ───────────► reply
 * ```
 *
 * Watch notifications are written while a transaction is applied, so they precede every reply that could show it.
 */
import { assert } from '../../shared/assert.ts';
import { ProtocolError } from '../../shared/errors.ts';
import type { SessionId } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { Sha1 } from './acl-check.ts';
import type { Chronicle } from './chronicle.ts';
import type { ServerConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import type { Database } from './database.ts';
import type { ClientEvent, Now } from './effects.ts';
import { Handshake } from './handshake.ts';
import type { Outbox } from './outbox.ts';
import { ReadOps } from './read-ops.ts';
import { Replies } from './replies.ts';
import { RequestPipeline, type WriteRoute } from './request-pipeline.ts';
import { ServerStats } from './server-stats.ts';
import type { SessionRoom } from './session-room.ts';
import { tellTouched } from './session-telling.ts';
import { Watches } from './watches.ts';
import { type WriteOp, decodeWriteOp, isWrite } from './write-op.ts';

/** What a role lends. */
export interface Serving {
  readonly database: Database;
  readonly writes: WriteRoute;
  readonly sessions: SessionRoom;
  /** Only clients are served that accept a server without an ensemble behind it. */
  readonly isReadOnly?: boolean;
}

interface OpenRooms extends Serving {
  readonly pipeline: RequestPipeline;
  readonly handshake: Handshake;
}

/** Of a RequestHeader. */
const HEADER_BYTES = 8;
/** In front of every frame. */
const LENGTH_BYTES = 4;

export class ClientRooms {
  readonly stats = new ServerStats();
  readonly watches: Watches;
  readonly connections: Connections;
  readonly #config: ServerConfig;
  readonly #outbox: Outbox;
  readonly #sha1: Sha1;
  readonly #replies: Replies;
  readonly #chronicle: Chronicle;
  #open: OpenRooms | undefined;
  #now: Now;

  constructor({
    config,
    outbox,
    sha1,
    now,
    chronicle,
  }: {
    config: ServerConfig;
    outbox: Outbox;
    sha1: Sha1;
    now: Now;
    chronicle: Chronicle;
  }) {
    this.#config = config;
    this.#outbox = outbox;
    this.#sha1 = sha1;
    this.#chronicle = chronicle;
    this.#now = now;
    this.#replies = new Replies(this.stats, outbox);
    this.watches = new Watches(config.skipAcl, (connection, frame) => {
      this.stats.watchBytes += frame.length - LENGTH_BYTES;
      this.#replies.frame(connection, frame);
    });
    this.connections = new Connections({
      config,
      outbox,
      chronicle,
      elapsedMs: now.elapsedMs,
      onEnded: (connection) => {
        this.watches.removeConnection(connection);
        this.#open?.pipeline.abandon(connection);
      },
    });
  }

  /** Requests without an answer yet. */
  get outstanding(): number {
    return this.#open?.pipeline.outstanding ?? 0;
  }

  get isServing(): boolean {
    return this.#open !== undefined;
  }

  get isReadOnly(): boolean {
    return this.#open?.isReadOnly === true;
  }

  /** Demands that somebody serves. */
  get pipeline(): RequestPipeline {
    assert(this.#open !== undefined, 'nobody serves clients just now');
    return this.#open.pipeline;
  }

  get handshake(): Handshake {
    assert(this.#open !== undefined, 'nobody serves clients just now');
    return this.#open.handshake;
  }

  serve(serving: Serving): void {
    assert(this.#open === undefined, 'two roles cannot serve at a time');
    const { database, writes, sessions, isReadOnly = false } = serving;
    database.observe(this.watches);
    const { connections, stats } = this;
    const replies = this.#replies;
    const outbox = this.#outbox;
    const pipeline = new RequestPipeline({
      writes,
      database,
      reads: new ReadOps({ database, watches: this.watches, replies, skipAcl: this.#config.skipAcl }),
      replies,
      stats,
      outbox,
      chronicle: this.#chronicle,
      events: {
        onSessionCreated: (connection) => {
          this.#onSessionCreated(connection);
        },
        onSessionClosed: (sessionId) => {
          this.#onSessionClosed(sessionId);
        },
        onUnservable: (connection) => {
          connections.close(connection, 'it asked for what this server does not know');
        },
      },
    });
    const handshake = new Handshake({
      config: this.#config,
      connections,
      sessions,
      database,
      isReadOnly,
      pipeline,
      replies,
      stats,
      outbox,
      sha1: this.#sha1,
    });
    this.#open = { ...serving, pipeline, handshake };
  }

  /** Ends every connection: clients look for another server, their sessions live on. */
  stopServing(): void {
    for (const connection of [...this.connections.all()]) {
      this.connections.close(connection, 'the server has no leader any more');
    }
    this.#open = undefined;
  }

  startStep(now: Now): void {
    this.#now = now;
    this.#replies.startStep(now);
  }

  /** Reads again from whom it was too busy for. */
  endStep(): void {
    this.connections.resume(this.outstanding);
  }

  onEvent(event: ClientEvent): void {
    switch (event.kind) {
      case 'connectionOpened':
        this.connections.open(event, this.#now);
        break;
      case 'framesArrived':
        this.#onFrames(event.connectionId, event.frames);
        break;
      case 'commandArrived':
        this.#onCommand(event.connectionId);
        break;
      case 'commandAnswered':
        this.#onCommandAnswered(event.connectionId);
        break;
      case 'connectionClosed':
        if (this.connections.onSocketClosed(event.connectionId)) this.stats.connectionDrops++;
        break;
    }
  }

  #onCommand(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (!connection) return;
    connection.isCommand = true;
    connection.stats.packetsReceived++;
    this.stats.packetsReceived++;
  }

  #onCommandAnswered(connectionId: number): void {
    const connection = this.connections.get(connectionId);
    if (connection) connection.stats.packetsSent++;
    this.stats.packetsSent++;
  }

  #onFrames(connectionId: number, frames: readonly Uint8Array[]): void {
    const connection = this.connections.get(connectionId);
    if (!connection || connection.state === 'closing') return;
    if (!this.#open) {
      this.stats.leaderlessConnections++;
      this.connections.close(connection, 'the server has no leader');
      return;
    }
    this.connections.touch(connection, this.#now);
    if (connection.state === 'established') tellTouched(this.#chronicle);
    for (const frame of frames) this.#onFrame(this.#open, connection, frame);
    if (connection.out.length > 0) this.#outbox.markUrgent();
    this.connections.throttle(connection, this.outstanding);
  }

  #onFrame(rooms: OpenRooms, connection: Connection, frame: Uint8Array): void {
    switch (connection.state) {
      case 'connecting':
        this.#countReceived(connection, frame);
        rooms.handshake.onConnectFrame(connection, frame, this.#now);
        break;
      case 'establishing':
        connection.heldFrames.push(frame);
        break;
      case 'established':
        this.#countReceived(connection, frame);
        this.#onRequestFrame(rooms, connection, frame);
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

  #onRequestFrame(rooms: OpenRooms, connection: Connection, frame: Uint8Array): void {
    if (frame.length < HEADER_BYTES) {
      this.connections.close(connection, 'it sent a request without a header');
      return;
    }
    const body = new JuteReader(frame);
    const xid = body.readInt();
    const type = body.readInt();
    if (type === OpCode.auth) rooms.handshake.onAuth(connection, xid, body);
    else if (type === OpCode.sasl) rooms.handshake.onSasl(connection, xid);
    else this.#onRequest(rooms, { connection, xid, type, body });
  }

  #onRequest(
    { sessions, pipeline }: OpenRooms,
    { connection, xid, type, body }: { connection: Connection; xid: number; type: number; body: JuteReader },
  ): void {
    const { session } = connection;
    const now = this.#now;
    assert(session !== undefined, 'established without a session');
    // A session on its way out gets no answer any more; its connection is closed when it is gone.
    if (!sessions.touch(session, connection.sessionTimeoutMs, now.elapsedMs)) return;
    if (isWrite(type)) {
      const record = body.readRest();
      const op = decodeOrUndefined(type, record);
      pipeline.submitWrite({ connection, session, xid, type, op, record, now });
    } else {
      pipeline.submitRead({ connection, xid, type, body, now });
    }
  }

  #onSessionCreated(connection: Connection): void {
    const { session } = connection;
    assert(session !== undefined, 'a session was created for a connection without one');
    this.handshake.establish(connection, session, this.#now);
    this.serveHeld(connection);
  }

  /** Handles what came while the connection's session was being established. */
  serveHeld(connection: Connection): void {
    const held = connection.heldFrames;
    connection.heldFrames = [];
    for (const frame of held) if (this.#open) this.#onFrame(this.#open, connection, frame);
  }

  /** The session's end is applied; if its client asked for it, the answer is written already. */
  #onSessionClosed(sessionId: SessionId): void {
    this.#open?.sessions.remove(sessionId);
    const connection = this.connections.ofSession(sessionId);
    if (connection) this.connections.close(connection, 'its session was closed');
  }
}

function decodeOrUndefined(type: number, record: Uint8Array): WriteOp | undefined {
  try {
    return decodeWriteOp(type, new JuteReader(record));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

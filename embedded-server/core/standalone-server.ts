/**
 * A whole server without an ensemble: an event in, effects out. It joins the rooms and takes every event to the one that
 * it concerns:
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
import { type SessionId, sessionIdToHex } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { Sha1 } from './acl-check.ts';
import type { ServerConfig } from './config.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { ContainerReaper } from './container-reaper.ts';
import { DataTree } from './data-tree.ts';
import { Database } from './database.ts';
import type { Now, ServerEffect, ServerEvent } from './effects.ts';
import { Handshake } from './handshake.ts';
import { Outbox } from './outbox.ts';
import { Prep } from './prep.ts';
import { ReadOps } from './read-ops.ts';
import { Replies } from './replies.ts';
import { RequestPipeline } from './request-pipeline.ts';
import { ServerStats } from './server-stats.ts';
import { type Session, SessionTracker } from './session-tracker.ts';
import { Watches } from './watches.ts';
import { type WriteOp, decodeWriteOp, isWrite } from './write-op.ts';

/** Apache's number for a server that has no ensemble. */
const STANDALONE_SID = 1;
/** Of a RequestHeader. */
const HEADER_BYTES = 8;

export class StandaloneServer {
  readonly config: ServerConfig;
  readonly startedAt: Now;
  readonly stats = new ServerStats();
  readonly database: Database;
  readonly watches: Watches;
  readonly sessions: SessionTracker;
  readonly connections: Connections;
  readonly #outbox = new Outbox();
  readonly #replies = new Replies(this.stats, this.#outbox);
  readonly #pipeline: RequestPipeline;
  readonly #handshake: Handshake;
  readonly #reaper: ContainerReaper;
  #now: Now;

  /** `database` is what was read back from a disk; a fresh one by default. */
  constructor(
    config: ServerConfig,
    { sha1, now, database = freshDatabase(config) }: { sha1: Sha1; now: Now; database?: Database },
  ) {
    this.config = config;
    this.startedAt = now;
    this.#now = now;
    this.watches = new Watches(config.skipAcl, (connection, frame) => {
      this.#replies.frame(connection, frame);
    });
    this.database = database;
    database.observe(this.watches);
    this.sessions = new SessionTracker({
      tickTimeMs: config.tickTimeMs,
      sid: STANDALONE_SID,
      startWallMs: now.wallMs,
      elapsedMs: now.elapsedMs,
    });
    // Nobody knows when their clients were last heard of, so all have their full time from now on.
    for (const [sessionId, timeoutMs] of database.sessionTimeoutsMs) {
      this.sessions.track(sessionId, timeoutMs, now.elapsedMs);
    }
    this.connections = new Connections({
      config,
      outbox: this.#outbox,
      elapsedMs: now.elapsedMs,
      onEnded: (connection) => {
        this.watches.removeConnection(connection);
        this.#pipeline.abandon(connection);
      },
    });
    this.#pipeline = this.#joinPipeline();
    this.#handshake = new Handshake({
      config,
      connections: this.connections,
      sessions: this.sessions,
      database: this.database,
      pipeline: this.#pipeline,
      replies: this.#replies,
      stats: this.stats,
      outbox: this.#outbox,
      sha1,
    });
    this.#reaper = new ContainerReaper(database.tree, config, now.elapsedMs);
  }

  #joinPipeline(): RequestPipeline {
    const { config, database } = this;
    const replies = this.#replies;
    return new RequestPipeline({
      prep: new Prep({
        tree: database.tree,
        quota: database.quota,
        sessions: this.sessions,
        options: config,
        lastZxid: database.lastProcessedZxid,
      }),
      database,
      reads: new ReadOps({ database, watches: this.watches, replies, skipAcl: config.skipAcl }),
      replies,
      stats: this.stats,
      outbox: this.#outbox,
      events: {
        onSessionCreated: (connection) => {
          this.#onSessionCreated(connection);
        },
        onSessionClosed: (sessionId) => {
          this.#onSessionClosed(sessionId);
        },
        onUnservable: (connection) => {
          this.connections.close(connection);
        },
      },
    });
  }

  /** Requests without an answer yet. */
  get outstanding(): number {
    return this.#pipeline.outstanding;
  }

  /** When the next `tick` event has something to do, on the elapsed clock. */
  get nextTickMs(): number {
    return Math.min(this.sessions.nextExpiryMs, this.connections.nextExpiryMs, this.#reaper.nextMs);
  }

  step(event: ServerEvent, now: Now): ServerEffect[] {
    this.#now = now;
    this.#replies.startStep(now);
    switch (event.kind) {
      case 'started':
        this.#onStarted();
        break;
      case 'connectionOpened':
        this.connections.open(event, now);
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
      case 'persisted':
        this.#pipeline.onPersisted(event.zxid);
        break;
      case 'tick':
        this.#onTick();
        break;
    }
    this.connections.resume(this.#pipeline.outstanding);
    return this.#outbox.take();
  }

  /**
   * Differs: Apache takes such nodes away behind the log's back, and has to write a snapshot before it serves, lest a
   * replay bring them back; a transaction needs no such care.
   */
  #onStarted(): void {
    for (const owner of this.database.orphanedOwners()) {
      this.#outbox.log('warn', `session ${sessionIdToHex(owner)} is gone but left ephemerals: removing them`);
      this.#pipeline.submitOwn({ op: 'closeSession' }, { sessionId: owner }, this.#now);
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
    this.connections.touch(connection, this.#now);
    for (const frame of frames) this.#onFrame(connection, frame);
    this.connections.throttle(connection, this.#pipeline.outstanding);
  }

  #onFrame(connection: Connection, frame: Uint8Array): void {
    switch (connection.state) {
      case 'connecting':
        this.#countReceived(connection, frame);
        this.#handshake.onConnectFrame(connection, frame, this.#now);
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

  #onRequestFrame(connection: Connection, frame: Uint8Array): void {
    if (frame.length < HEADER_BYTES) {
      this.connections.close(connection);
      return;
    }
    const body = new JuteReader(frame);
    const xid = body.readInt();
    const type = body.readInt();
    if (type === OpCode.auth) this.#handshake.onAuth(connection, xid, body);
    else if (type === OpCode.sasl) this.#handshake.onSasl(connection, xid);
    else this.#onRequest(connection, xid, type, body);
  }

  #onRequest(connection: Connection, xid: number, type: number, body: JuteReader): void {
    const { session } = connection;
    assert(session !== undefined, 'established without a session');
    // A session on its way out gets no answer any more; its connection is closed when it is gone.
    if (!this.sessions.touch(session, connection.sessionTimeoutMs, this.#now.elapsedMs)) return;
    if (isWrite(type)) {
      const op = decodeOrUndefined(type, body);
      this.#pipeline.submitWrite({ connection, session, xid, type, op, now: this.#now });
    } else {
      const arrivedMs = this.#now.elapsedMs;
      this.#pipeline.submitRead({ connection, xid, type, body, arrivedMs, zxid: undefined });
    }
  }

  #onSessionCreated(connection: Connection): void {
    const { session } = connection;
    assert(session !== undefined, 'a session was created for a connection without one');
    this.#handshake.establish(connection, session, this.#now);
    const held = connection.heldFrames;
    connection.heldFrames = [];
    for (const frame of held) this.#onFrame(connection, frame);
  }

  /** The session's end is applied; if its client asked for it, the answer is written already. */
  #onSessionClosed(sessionId: SessionId): void {
    this.sessions.remove(sessionId);
    const connection = this.connections.ofSession(sessionId);
    if (connection) this.connections.close(connection);
  }

  #onTick(): void {
    for (const session of this.sessions.expire(this.#now.elapsedMs)) this.#expire(session);
    this.stats.sessionlessConnectionsExpired += this.connections.closeSilent(this.#now);
    const path = this.#reaper.tick(this.#now);
    if (path !== undefined) this.#pipeline.submitOwn({ op: 'deleteContainer', path }, undefined, this.#now);
  }

  #expire(session: Session): void {
    this.stats.staleSessionsExpired++;
    const name = sessionIdToHex(session.sessionId);
    this.#outbox.log('info', `session ${name} expires: silent for its timeout of ${session.timeoutMs} ms`);
    this.#pipeline.submitOwn({ op: 'closeSession' }, session, this.#now);
  }
}

/** An empty database that follows `config`. */
export function freshDatabase(config: ServerConfig): Database {
  const tree = new DataTree({
    extendedTypesEnabled: config.extendedTypesEnabled,
    isDigestEnabled: config.digestEnabled,
  });
  return new Database(tree);
}

function decodeOrUndefined(type: number, body: JuteReader): WriteOp | undefined {
  try {
    return decodeWriteOp(type, body);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/**
 * The order of requests (ZooKeeper's chains; PROTOCOL.md 7.1, 7.11): writes go the way that the server's role knows and
 * wait for their commit; reads are served at once, unless something of the same connection waits, behind which they
 * queue. So a connection gets its answers in the order of its requests, and sees its own writes.
 */
import { assert } from '../../shared/assert.ts';
import type { SessionId } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { LogEntry } from '../../shared/storage-format/txn.ts';
import { toZxid, zxidToHex } from '../../shared/zxid.ts';
import type { Chronicle } from './chronicle.ts';
import type { Connection, Request } from './connection.ts';
import type { Applied, Database } from './database.ts';
import type { Now } from './effects.ts';
import type { Outbox } from './outbox.ts';
import type { Asker } from './prep.ts';
import { ReadOps } from './read-ops.ts';
import type { Replies } from './replies.ts';
import type { ServerStats } from './server-stats.ts';
import { tellClosed, tellCreated } from './session-telling.ts';
import { OWNER_SELF, type Session } from './session-tracker.ts';
import type { WriteOp } from './write-op.ts';
import { encodeWriteReply } from './write-replies.ts';

/** A client's write on its way to become a transaction. */
export interface Write {
  readonly asker: Asker;
  /** An OpCode. */
  readonly type: number;
  /** Undefined when the request could not be decoded: that takes a transaction too. */
  readonly op: WriteOp | undefined;
  /** The request's record as it came, for whoever passes it on. */
  readonly record: Uint8Array;
  readonly request: Request;
}

/** Where writes become transactions: here, on a standalone server or a leader, or over there, for a learner. */
export interface WriteRoute {
  submit(write: Write, now: Now): void;
  /** Asks whoever commits for everything committed by now; undefined where that is this server itself. */
  readonly sync: ((request: Request, record: Uint8Array) => void) | undefined;
}

/** What follows from transactions outside the order of requests. */
export interface PipelineEvents {
  /** The session that `connection` asked for exists now. */
  readonly onSessionCreated: (connection: Connection) => void;
  readonly onSessionClosed: (sessionId: SessionId) => void;
  /** Answered with something after which the server wants to hear no more. */
  readonly onUnservable: (connection: Connection) => void;
}

/** Compat: what an unsupported op is answered with has no zxid. */
const UNIMPLEMENTED_ZXID = toZxid(-1n);
/** A write is decoded when it comes; nothing is left to read of it later. */
const NO_BODY = new JuteReader(new Uint8Array(0));

export class RequestPipeline {
  readonly #writes: WriteRoute;
  readonly #database: Database;
  readonly #reads: ReadOps;
  readonly #replies: Replies;
  readonly #stats: ServerStats;
  readonly #outbox: Outbox;
  readonly #chronicle: Chronicle;
  readonly #events: PipelineEvents;
  /** Who waits for a session of its own. */
  readonly #establishing = new Map<SessionId, Connection>();
  #outstanding = 0;

  constructor(rooms: {
    writes: WriteRoute;
    database: Database;
    reads: ReadOps;
    replies: Replies;
    stats: ServerStats;
    outbox: Outbox;
    chronicle: Chronicle;
    events: PipelineEvents;
  }) {
    this.#writes = rooms.writes;
    this.#database = rooms.database;
    this.#reads = rooms.reads;
    this.#replies = rooms.replies;
    this.#stats = rooms.stats;
    this.#outbox = rooms.outbox;
    this.#chronicle = rooms.chronicle;
    this.#events = rooms.events;
  }

  /** Requests of open connections without an answer yet. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** The connection ended: nobody waits for its answers. Its writes go on. */
  abandon(connection: Connection): void {
    this.#outstanding -= connection.queue.length;
    connection.queue.clear();
    const sessionId = connection.session?.sessionId;
    if (sessionId !== undefined && this.#establishing.get(sessionId) === connection) {
      this.#establishing.delete(sessionId);
    }
  }

  #enqueue(request: Request): void {
    request.connection.queue.push(request);
    this.#outstanding++;
  }

  submitRead({
    connection,
    xid,
    type,
    body,
    now,
  }: {
    connection: Connection;
    xid: number;
    type: number;
    body: JuteReader;
    now: Now;
  }): void {
    const { sync } = this.#writes;
    const arrivedMs = now.elapsedMs;
    if (type === OpCode.sync && sync) {
      const record = body.readRest();
      const request: Request = {
        connection,
        xid,
        type,
        body: new JuteReader(record),
        arrivedMs,
        awaits: 'sync',
      };
      this.#enqueue(request);
      sync(request, record);
      return;
    }
    const request: Request = { connection, xid, type, body, arrivedMs, awaits: undefined };
    if (connection.queue.length === 0) this.#serve(request);
    else this.#enqueue(request);
  }

  submitWrite({
    connection,
    session,
    xid,
    type,
    op,
    record,
    now,
  }: {
    connection: Connection;
    session: Session;
    xid: number;
    type: number;
    op: WriteOp | undefined;
    record: Uint8Array;
    now: Now;
  }): void {
    const request: Request = {
      connection,
      xid,
      type,
      body: NO_BODY,
      arrivedMs: now.elapsedMs,
      awaits: 'commit',
    };
    this.#enqueue(request);
    if (type === OpCode.createSession) this.#establishing.set(session.sessionId, connection);
    const asker = { sessionId: session.sessionId, xid, ids: connection.ids, owner: OWNER_SELF };
    this.#writes.submit({ asker, type, op, record, request }, now);
  }

  /** Changes the tree; the answer is written by {@link finish}. */
  apply(entry: LogEntry): Applied {
    this.#tell(entry);
    const applied = this.#database.apply(entry);
    this.#stats.propagationMs.addSince(entry.header.timeMs, this.#replies.now.wallMs);
    if (entry.digest && entry.digest.treeDigest !== this.#database.tree.digest) {
      this.#stats.digestMismatches++;
      const zxid = zxidToHex(entry.header.zxid);
      this.#outbox.log('warn', `the tree's digest is not that of transaction ${zxid}`);
    }
    return applied;
  }

  /** While the ephemerals of a session that ends are still there. */
  #tell({ header, txn }: LogEntry): void {
    const { clientId: sessionId } = header;
    switch (txn.op) {
      case 'createSession':
        tellCreated(this.#chronicle, sessionId, {
          timeoutMs: txn.timeoutMs,
          connection: this.#establishing.get(sessionId),
        });
        break;
      case 'closeSession':
        tellClosed(this.#chronicle, header, [...(this.#database.tree.ephemeralsOf(sessionId) ?? [])]);
        break;
      default:
        break;
    }
  }

  /** Answers whoever waits for the transaction just applied; nobody does for the server's own. */
  finish(entry: LogEntry, applied: Applied, request: Request | undefined): void {
    const { header, txn } = entry;
    if (request && request.connection.state !== 'closing') this.#answer(request, entry, applied);
    if (txn.op === 'closeSession') this.#events.onSessionClosed(header.clientId);
  }

  /**
   * The request of this server's client that became the transaction, where only its session and xid tell: the first
   * write that the session's connection waits for. A transaction of the session from before it came here has none.
   */
  findRequest(
    { header, txn }: LogEntry,
    connectionOf: (sessionId: SessionId) => Connection | undefined,
  ): Request | undefined {
    const { clientId, cxid } = header;
    const connection = txn.op === 'createSession' ? this.#establishing.get(clientId) : connectionOf(clientId);
    const request = connection?.queue.peek();
    return request?.awaits === 'commit' && request.xid === cxid ? request : undefined;
  }

  /** Everything that was committed when `request` was made is applied by now. */
  onSynced(request: Request): void {
    const { connection } = request;
    if (connection.state === 'closing') return;
    this.#takeHead(request);
    this.#serve(request);
    this.#drain(connection);
  }

  #takeHead(request: Request): void {
    const answered = request.connection.queue.shift();
    assert(answered === request, 'a request is answered out of its order');
    this.#outstanding--;
  }

  #answer(request: Request, entry: LogEntry, applied: Applied): void {
    const { connection } = request;
    this.#takeHead(request);
    const zxid = this.#database.lastProcessedZxid;
    if (request.type === OpCode.createSession) {
      this.#establishing.delete(entry.header.clientId);
      this.#replies.countResponse(request, zxid);
      this.#events.onSessionCreated(connection);
      return;
    }
    const at = this.#replies.begin(connection, request.xid, zxid, applied.err);
    if (applied.err === 0) encodeWriteReply(connection.out, entry.txn, applied, this.#database.tree);
    this.#replies.end(request, zxid, at);
    this.#drain(connection);
  }

  /** Serves the reads that waited behind what was answered just now. */
  #drain(connection: Connection): void {
    for (let next = connection.queue.peek(); next !== undefined; next = connection.queue.peek()) {
      if (next.awaits !== undefined) return;
      connection.queue.shift();
      this.#outstanding--;
      this.#serve(next);
    }
  }

  #serve(request: Request): void {
    if (ReadOps.knows(request.type)) {
      this.#reads.serve(request);
    } else {
      this.#replies.empty(request, UNIMPLEMENTED_ZXID, ErrorCode.UNIMPLEMENTED);
      this.#events.onUnservable(request.connection);
    }
  }
}

/**
 * The order of requests (ZooKeeper's chain Prep → Sync → Final; PROTOCOL.md 7.1, 7.11). Writes are prepared as they come
 * and wait for the log; reads are served at once, unless something of the same connection waits, behind which they queue.
 * So a connection gets its answers in the order of its requests, and sees its own writes.
 */
import { assert } from '../../shared/assert.ts';
import { SESSION_NONE } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type Zxid, toZxid, zxidToHex } from '../../shared/zxid.ts';
import type { Connection, Request } from './connection.ts';
import type { Applied, Database } from './database.ts';
import type { Now } from './effects.ts';
import { Fifo } from './fifo.ts';
import type { Outbox } from './outbox.ts';
import type { Prep, PreparedTxn } from './prep.ts';
import { ReadOps } from './read-ops.ts';
import type { Replies } from './replies.ts';
import type { ServerStats } from './server-stats.ts';
import type { Session } from './session-tracker.ts';
import type { WriteOp } from './write-op.ts';
import { encodeWriteReply } from './write-replies.ts';

/** A transaction on its way through the log, and who waits for it; nobody does for the server's own. */
interface InFlight {
  readonly prepared: PreparedTxn;
  readonly request: Request | undefined;
}

/** What follows from transactions outside the order of requests. */
export interface PipelineEvents {
  /** The session that `connection` asked for exists now. */
  readonly onSessionCreated: (connection: Connection) => void;
  readonly onSessionClosed: (session: PreparedTxn['entry']['header']['clientId']) => void;
  /** Answered with something after which the server wants to hear no more. */
  readonly onUnservable: (connection: Connection) => void;
}

/** Compat: what an unsupported op is answered with has no zxid. */
const UNIMPLEMENTED_ZXID = toZxid(-1n);
/** A write is decoded when it comes; nothing is left to read of it later. */
const NO_BODY = new JuteReader(new Uint8Array(0));

export class RequestPipeline {
  readonly #prep: Prep;
  readonly #database: Database;
  readonly #reads: ReadOps;
  readonly #replies: Replies;
  readonly #stats: ServerStats;
  readonly #outbox: Outbox;
  readonly #events: PipelineEvents;
  readonly #inFlight = new Fifo<InFlight>();
  #outstanding = 0;

  constructor({
    prep,
    database,
    reads,
    replies,
    stats,
    outbox,
    events,
  }: {
    prep: Prep;
    database: Database;
    reads: ReadOps;
    replies: Replies;
    stats: ServerStats;
    outbox: Outbox;
    events: PipelineEvents;
  }) {
    this.#prep = prep;
    this.#database = database;
    this.#reads = reads;
    this.#replies = replies;
    this.#stats = stats;
    this.#outbox = outbox;
    this.#events = events;
  }

  /** Requests of open connections without an answer yet. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** The connection ended: nobody waits for its answers. Its writes go on. */
  abandon(connection: Connection): void {
    this.#outstanding -= connection.queue.length;
    connection.queue.clear();
  }

  #enqueue(request: Request): void {
    request.connection.queue.push(request);
    this.#outstanding++;
  }

  submitRead(request: Request): void {
    if (request.connection.queue.length === 0) this.#serve(request);
    else this.#enqueue(request);
  }

  /** `op` is undefined when the request could not be decoded: that takes a transaction too. */
  submitWrite({
    connection,
    session,
    xid,
    type,
    op,
    now,
  }: {
    connection: Connection;
    session: Session;
    xid: number;
    type: number;
    op: WriteOp | undefined;
    now: Now;
  }): void {
    const asker = { sessionId: session.sessionId, xid, ids: connection.ids };
    const prepared = this.#prep.prepare({ asker, op, wallMs: now.wallMs });
    const { zxid } = prepared.entry.header;
    const request: Request = { connection, xid, type, body: NO_BODY, arrivedMs: now.elapsedMs, zxid };
    this.#enqueue(request);
    this.#persist({ prepared, request });
  }

  /** A write that the server itself wants, for a session or for nobody. */
  submitOwn(op: WriteOp, session: Pick<Session, 'sessionId'> | undefined, now: Now): void {
    const asker = { sessionId: session?.sessionId ?? SESSION_NONE, xid: 0, ids: [] };
    const prepared = this.#prep.prepare({ asker, op, wallMs: now.wallMs });
    this.#persist({ prepared, request: undefined });
  }

  #persist(inFlight: InFlight): void {
    const { entry, bytes } = inFlight.prepared;
    this.#inFlight.push(inFlight);
    this.#outbox.persist(entry.header.zxid, bytes);
  }

  /** Applies and answers everything that is durable by now. */
  onPersisted(zxid: Zxid): void {
    for (let next = this.#inFlight.peek(); next !== undefined; next = this.#inFlight.peek()) {
      if (next.prepared.entry.header.zxid > zxid) return;
      this.#inFlight.shift();
      this.#commit(next);
    }
  }

  #commit({ prepared, request }: InFlight): void {
    const { header, txn, digest } = prepared.entry;
    const applied = this.#database.apply(prepared.entry);
    if (digest && digest.treeDigest !== this.#database.tree.digest) {
      this.#stats.digestMismatches++;
      this.#outbox.log('warn', `the tree's digest is not that of transaction ${zxidToHex(header.zxid)}`);
    }
    this.#prep.release(prepared.changes);
    if (request && request.connection.state !== 'closing') this.#answer(request, prepared, applied);
    if (txn.op === 'closeSession') this.#events.onSessionClosed(header.clientId);
  }

  #answer(request: Request, { entry }: PreparedTxn, applied: Applied): void {
    const { connection } = request;
    const answered = connection.queue.shift();
    assert(answered === request, 'a write is answered out of its order');
    this.#outstanding--;
    const zxid = this.#database.lastProcessedZxid;
    if (request.type === OpCode.createSession) {
      this.#replies.countResponse(request, zxid);
      this.#events.onSessionCreated(connection);
      return;
    }
    const at = this.#replies.begin(connection, request.xid, zxid, applied.err);
    if (applied.err === 0) encodeWriteReply(connection.out, entry.txn, applied, this.#database.tree);
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

  #serve(request: Request): void {
    if (ReadOps.knows(request.type)) {
      this.#reads.serve(request);
    } else {
      this.#replies.empty(request, UNIMPLEMENTED_ZXID, ErrorCode.UNIMPLEMENTED);
      this.#events.onUnservable(request.connection);
    }
  }
}

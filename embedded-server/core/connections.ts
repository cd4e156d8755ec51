/**
 * The connections of one server: which are open, which one serves a session, who has been silent for too long, and who is
 * not read from because the server has enough to do (ZooKeeper's ServerCnxnFactory; PROTOCOL.md 2.19).
 */
import { assert } from '../../shared/assert.ts';
import type { SessionId } from '../../shared/ids.ts';
import type { Chronicle } from './chronicle.ts';
import type { ServerConfig } from './config.ts';
import { Connection } from './connection.ts';
import type { Now } from './effects.ts';
import { type Bucket, ExpiryBuckets } from './expiry-buckets.ts';
import type { Outbox } from './outbox.ts';
import { addressOf } from './session-telling.ts';
import type { Session } from './session-tracker.ts';

export class Connections {
  readonly #config: ServerConfig;
  readonly #outbox: Outbox;
  readonly #chronicle: Chronicle;
  /** Called once for every connection that ends, whoever ended it. */
  readonly #onEnded: (connection: Connection) => void;
  readonly #byId = new Map<number, Connection>();
  readonly #bySession = new Map<SessionId, Connection>();
  readonly #idle: ExpiryBuckets<Connection>;
  #paused: Connection[] = [];

  constructor({
    config,
    outbox,
    chronicle,
    elapsedMs,
    onEnded,
  }: {
    config: ServerConfig;
    outbox: Outbox;
    chronicle: Chronicle;
    elapsedMs: number;
    onEnded: (connection: Connection) => void;
  }) {
    this.#config = config;
    this.#outbox = outbox;
    this.#chronicle = chronicle;
    this.#onEnded = onEnded;
    this.#idle = new ExpiryBuckets(config.sessionlessTimeoutMs, elapsedMs);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** When {@link closeSilent} can next have something to do. */
  get nextExpiryMs(): number {
    return this.#idle.nextMs;
  }

  get(connectionId: number): Connection | undefined {
    return this.#byId.get(connectionId);
  }

  /** The connection that serves a session just now. */
  ofSession(sessionId: SessionId): Connection | undefined {
    return this.#bySession.get(sessionId);
  }

  all(): IterableIterator<Connection> {
    return this.#byId.values();
  }

  idleBuckets(): Bucket<Connection>[] {
    return this.#idle.buckets();
  }

  open(socket: { connectionId: number; remoteAddress: string; remotePort: number }, now: Now): void {
    assert(!this.#byId.has(socket.connectionId), `connection ${socket.connectionId} is open already`);
    const connection = new Connection({ ...socket, wallMs: now.wallMs });
    this.#byId.set(socket.connectionId, connection);
    this.touch(connection, now);
  }

  /** Something came in: the connection is not silent. */
  touch(connection: Connection, now: Now): void {
    const timeoutMs = connection.session ? connection.sessionTimeoutMs : this.#config.sessionlessTimeoutMs;
    this.#idle.touch(connection, timeoutMs, now.elapsedMs);
  }

  /** From now on `connection` serves `session`. */
  establish(connection: Connection, session: Session, now: Now): void {
    connection.becomeEstablished(session);
    this.#bySession.set(session.sessionId, connection);
    this.touch(connection, now);
    const { sessionId } = session;
    const address = addressOf(connection);
    this.#chronicle.tell({ kind: 'session-attached', sessionId, address, reason: null });
  }

  /** `connection` named a session that it does not get. */
  tellRefused(connection: Connection, sessionId: SessionId): void {
    this.#chronicle.tell({ kind: 'session-refused', sessionId, address: addressOf(connection) });
  }

  /** Asks for the socket to be closed behind what was written; nothing more is read or answered. */
  close(connection: Connection, reason: string): void {
    if (connection.state === 'closing') return;
    this.#end(connection, reason);
    this.#outbox.close(connection.connectionId);
  }

  /** The socket is gone. Returns whether that took a session's connection away without anybody here wanting it. */
  onSocketClosed(connectionId: number): boolean {
    const connection = this.#byId.get(connectionId);
    if (!connection) return false;
    this.#byId.delete(connectionId);
    if (connection.state === 'closing') return false;
    this.#end(connection, 'the client closed it, or the network did');
    return connection.session !== undefined;
  }

  #end(connection: Connection, reason: string): void {
    connection.becomeClosing();
    this.#idle.remove(connection);
    const sessionId = connection.session?.sessionId;
    if (sessionId !== undefined && this.#bySession.get(sessionId) === connection) {
      this.#bySession.delete(sessionId);
      const address = addressOf(connection);
      this.#chronicle.tell({ kind: 'session-detached', sessionId, address, reason });
    }
    this.#onEnded(connection);
  }

  /** Closes whoever said nothing for too long; returns how many of them never had a session. */
  closeSilent(now: Now): number {
    let sessionless = 0;
    for (const connection of this.#idle.expire(now.elapsedMs)) {
      if (!connection.session) sessionless++;
      this.close(connection, 'it was silent for too long');
    }
    return sessionless;
  }

  /**
   * Stops reading from `connection` while its session is being established, and while it waits for answers at a time when
   * too much is outstanding altogether.
   */
  throttle(connection: Connection, outstanding: number): void {
    if (connection.isPaused || connection.state === 'closing') return;
    const isBusy = outstanding > this.#config.outstandingMax && connection.queue.length > 0;
    if (connection.state !== 'establishing' && !isBusy) return;
    connection.isPaused = true;
    this.#paused.push(connection);
    this.#outbox.pauseReads(connection.connectionId);
  }

  /** Reads again from those for whom the reason is gone. */
  resume(outstanding: number): void {
    if (this.#paused.length === 0) return;
    const stillPaused: Connection[] = [];
    for (const connection of this.#paused) {
      if (connection.state === 'closing') continue;
      if (connection.state === 'establishing' || outstanding > this.#config.outstandingMax) {
        stillPaused.push(connection);
      } else {
        connection.isPaused = false;
        this.#outbox.resumeReads(connection.connectionId);
      }
    }
    this.#paused = stillPaused;
  }
}

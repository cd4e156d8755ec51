/**
 * What a server of an ensemble that has found no leader for a while still does, where `readonlymode.enabled` lets it
 * (ZooKeeper's ReadOnlyZooKeeperServer; PROTOCOL.md 2.18): it shows clients that accept as much what it has, which may be
 * out of date, and refuses every write. Sessions are known to this server only and end with the service.
 *
 * Differs: Apache opens such sessions only where all sessions may be local (`localSessionsEnabled`), and otherwise answers a
 * ConnectRequest with the header of a reply.
 */
import type { SessionId } from '../../shared/ids.ts';
import { ErrorCode } from '../../shared/protocol/error-code.ts';
import type { Txn } from '../../shared/storage-format/txn.ts';
import type { ClientRooms } from './client-rooms.ts';
import type { Request } from './connection.ts';
import type { Database } from './database.ts';
import type { Now } from './effects.ts';
import type { Write, WriteRoute } from './request-pipeline.ts';
import type { SessionIds } from './session-ids.ts';
import { SessionTracker } from './session-tracker.ts';

export class ReadOnlyService implements WriteRoute {
  readonly #clients: ClientRooms;
  readonly #database: Database;
  readonly #sessions: SessionTracker;

  constructor({
    clients,
    database,
    sessionIds,
    tickTimeMs,
    now,
  }: {
    clients: ClientRooms;
    database: Database;
    sessionIds: SessionIds;
    tickTimeMs: number;
    now: Now;
  }) {
    this.#clients = clients;
    this.#database = database;
    this.#sessions = new SessionTracker({ tickTimeMs, ids: sessionIds, elapsedMs: now.elapsedMs });
    clients.serve({ database, writes: this, sessions: this.#sessions, isReadOnly: true });
  }

  get nextTickMs(): number {
    return this.#sessions.nextExpiryMs;
  }

  tick({ elapsedMs }: Now): void {
    for (const { session } of this.#sessions.expire(elapsedMs)) {
      this.#sessions.remove(session.sessionId);
      const connection = this.#clients.connections.ofSession(session.sessionId);
      if (connection) this.#clients.connections.close(connection, 'its session has expired');
    }
  }

  /** Sessions come and go without a transaction, everything else is refused. */
  submit({ asker: { sessionId, xid }, op, request }: Write): void {
    switch (op?.op) {
      case 'createSession':
        this.#answer({ sessionId, xid, txn: op }, request);
        break;
      case 'closeSession':
        this.#answer({ sessionId, xid, txn: { op: 'closeSession', paths: [] } }, request);
        break;
      default:
        this.#refuse(sessionId, request);
    }
  }

  /** There is nobody to be in step with. */
  sync = (request: Request): void => {
    const sessionId = request.connection.session?.sessionId;
    if (sessionId !== undefined) this.#refuse(sessionId, request);
  };

  #refuse(sessionId: SessionId, request: Request): void {
    const txn: Txn = { op: 'error', err: ErrorCode.NOTREADONLY };
    this.#answer({ sessionId, xid: request.xid, txn }, request);
  }

  /** As if `txn` had been committed, except that the database hears nothing of it. */
  #answer({ sessionId, xid, txn }: { sessionId: SessionId; xid: number; txn: Txn }, request: Request): void {
    const header = { clientId: sessionId, cxid: xid, zxid: this.#database.lastProcessedZxid, timeMs: 0n };
    const err = txn.op === 'error' ? txn.err : ErrorCode.OK;
    const applied = { err, path: '', results: undefined };
    this.#clients.pipeline.finish({ header, txn, digest: undefined }, applied, request);
  }
}

/** Transactions for tests of logs and snapshots: made by the server's own prep, in the order in which it would log them. */
import { parseConfig } from '../../embedded-server/core/config.ts';
import type { Database } from '../../embedded-server/core/database.ts';
import { freshDatabase } from '../../embedded-server/core/fresh-database.ts';
import { Prep } from '../../embedded-server/core/prep.ts';
import { SessionIds } from '../../embedded-server/core/session-ids.ts';
import { SessionTracker } from '../../embedded-server/core/session-tracker.ts';
import type { WriteOp } from '../../embedded-server/core/write-op.ts';
import { OPEN_ACL_UNSAFE, type Acl } from '../../shared/acl.ts';
import { type SessionId, SESSION_NONE } from '../../shared/ids.ts';
import { type CreateMode, createModeFlags } from '../../shared/protocol/create-mode.ts';
import type { LogEntry } from '../../shared/storage-format/txn.ts';
import { seeNode, type SeenTree } from './varied-tree.ts';

const CONFIG = parseConfig({ extendedTypesEnabled: 'true' });
const NOW = { elapsedMs: 1000, wallMs: 1_700_000_000_000 };

export interface Transaction {
  readonly entry: LogEntry;
  readonly bytes: Uint8Array;
}

export function emptyDatabase(): Database {
  return freshDatabase(CONFIG);
}

/** Turns writes into transactions and applies them to a database of its own. */
export class TransactionMaker {
  readonly database: Database;
  readonly transactions: Transaction[] = [];
  readonly #sessions: SessionTracker;
  readonly #prep: Prep;

  constructor(database: Database = emptyDatabase()) {
    this.database = database;
    this.#sessions = new SessionTracker({
      tickTimeMs: 2000,
      ids: new SessionIds({ sid: 1, startWallMs: NOW.wallMs }),
      elapsedMs: 0,
    });
    this.#prep = new Prep({
      tree: database.tree,
      quota: database.quota,
      sessions: this.#sessions,
      options: CONFIG,
      lastZxid: database.lastProcessedZxid,
    });
  }

  openSession(): SessionId {
    const { sessionId } = this.#sessions.create(10_000, NOW.elapsedMs);
    this.#make({ op: 'createSession', timeoutMs: 10_000 }, sessionId);
    return sessionId;
  }

  write(op: WriteOp, sessionId: SessionId): void {
    this.#make(op, sessionId);
    if (op.op === 'closeSession') this.#sessions.remove(sessionId);
  }

  /** A write of the server's own. */
  #make(op: WriteOp, sessionId: SessionId = SESSION_NONE): void {
    const asker = { sessionId, xid: this.transactions.length, ids: [] };
    const { entry, bytes, changes } = this.#prep.prepare({ asker, op, wallMs: NOW.wallMs });
    this.database.apply(entry);
    this.#prep.release(changes);
    this.transactions.push({ entry, bytes });
  }
}

export function creating(
  path: string,
  options: { mode?: CreateMode; acl?: readonly Acl[]; data?: string } = {},
): WriteOp {
  const { mode = 'PERSISTENT', acl = OPEN_ACL_UNSAFE, data = '' } = options;
  const request = { path, acl, data: new TextEncoder().encode(data), flags: createModeFlags(mode) };
  return { op: 'create', request };
}

/** What {@link seeTree} sees of a server, straight from its database. */
export function seeDatabase({ tree }: Database): SeenTree {
  const seen: Record<string, SeenTree[string]> = {};
  for (const [path, node] of tree.entries()) {
    seen[path] = seeNode({ data: node.data, acl: node.acl, stat: tree.statOf(node) });
  }
  return seen;
}

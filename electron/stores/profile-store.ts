/** Connection profiles as a person saved them. Secrets live elsewhere (secret-store.ts). */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { ProfileDraft } from '../../shared/api/connections.ts';

export interface StoredProfile {
  readonly connectionId: string;
  readonly draft: ProfileDraft;
  readonly ensembleId: string | undefined;
  readonly createdAtMs: number;
}

const COLUMNS = 'connection_id, draft, ensemble_id, created_at_ms';

export class ProfileStore {
  readonly #list: StatementSync;
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#list = database.prepare(`SELECT ${COLUMNS} FROM profiles ORDER BY created_at_ms, rowid`);
    this.#get = database.prepare(`SELECT ${COLUMNS} FROM profiles WHERE connection_id = ?`);
    this.#insert = database.prepare(`INSERT INTO profiles (${COLUMNS}) VALUES (?, ?, ?, ?)`);
    this.#update = database.prepare('UPDATE profiles SET draft = ? WHERE connection_id = ?');
    this.#delete = database.prepare('DELETE FROM profiles WHERE connection_id = ?');
  }

  list(): StoredProfile[] {
    return this.#list.all().map(toProfile);
  }

  get(connectionId: string): StoredProfile | undefined {
    const row = this.#get.get(connectionId);
    return row === undefined ? undefined : toProfile(row);
  }

  insert(draft: ProfileDraft, { ensembleId, nowMs }: { ensembleId?: string; nowMs: number }): StoredProfile {
    const connectionId = randomUUID();
    this.#insert.run(connectionId, JSON.stringify(draft), ensembleId ?? null, nowMs);
    return { connectionId, draft, ensembleId, createdAtMs: nowMs };
  }

  /** False when there is no such profile. */
  update(connectionId: string, draft: ProfileDraft): boolean {
    return this.#update.run(JSON.stringify(draft), connectionId).changes === 1;
  }

  /** Drafts of edits and encrypted secrets of the profile go with it. */
  delete(connectionId: string): void {
    this.#delete.run(connectionId);
  }
}

function toProfile(row: Record<string, unknown>): StoredProfile {
  return {
    connectionId: String(row.connection_id),
    draft: ProfileDraft.parse(JSON.parse(String(row.draft))),
    ensembleId: typeof row.ensemble_id === 'string' ? row.ensemble_id : undefined,
    createdAtMs: Number(row.created_at_ms),
  };
}

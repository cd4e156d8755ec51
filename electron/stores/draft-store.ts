/** Edits of znodes' data that are not saved to their cluster yet; they outlive a lost session and a restart. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Draft } from '../../shared/api/app.ts';
import { assert } from '../../shared/assert.ts';

export class DraftStore {
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#list = database.prepare('SELECT * FROM drafts WHERE connection_id = ? ORDER BY path');
    this.#put = database.prepare(`
      INSERT OR REPLACE INTO drafts (connection_id, path, base_version, base_mzxid, base_data, data, edited_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#delete = database.prepare('DELETE FROM drafts WHERE connection_id = ? AND path = ?');
  }

  list(connectionId: string): Draft[] {
    return this.#list.all(connectionId).map(toDraft);
  }

  /** Demands a stored profile. */
  save(draft: Draft): void {
    this.#put.run(
      draft.connectionId,
      draft.path,
      draft.baseVersion,
      draft.baseMzxid,
      draft.baseData,
      draft.data,
      Math.trunc(draft.editedAtMs),
    );
  }

  discard(connectionId: string, path: string): void {
    this.#delete.run(connectionId, path);
  }
}

function toDraft(row: Record<string, unknown>): Draft {
  const { base_data: baseData, data } = row;
  assert(data instanceof Uint8Array, 'drafts.data is a BLOB');
  assert(baseData === null || baseData instanceof Uint8Array, 'drafts.base_data is a BLOB or null');
  return {
    connectionId: String(row.connection_id),
    path: String(row.path),
    baseVersion: Number(row.base_version),
    baseMzxid: String(row.base_mzxid),
    baseData,
    data,
    editedAtMs: Number(row.edited_at_ms),
  };
}

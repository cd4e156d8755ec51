/** Names that a person gave to the clients of a connection: to one session by its id, or to all of a host. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export class LabelStore {
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#list = database.prepare('SELECT client, label FROM client_labels WHERE connection_id = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO client_labels (connection_id, client, label) VALUES (?, ?, ?)',
    );
    this.#delete = database.prepare('DELETE FROM client_labels WHERE connection_id = ? AND client = ?');
  }

  /** By session id or host. */
  list(connectionId: string): Map<string, string> {
    return new Map(this.#list.all(connectionId).map((row) => [String(row.client), String(row.label)]));
  }

  /** Demands a stored profile. An empty label takes the name away. */
  set(connectionId: string, { client, label }: { client: string; label: string }): void {
    if (label === '') this.#delete.run(connectionId, client);
    else this.#put.run(connectionId, client, label);
  }
}

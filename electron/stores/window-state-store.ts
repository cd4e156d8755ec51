/** Where Electron's window was; a row of the settings table that is no setting of the contract. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { WindowState } from '../host/window-state.ts';

const KEY = 'electron.window';

export class WindowStateStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM settings WHERE key = ?');
    this.#put = database.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  }

  /** Undefined on first start, or when what is stored makes no sense. */
  read(): WindowState | undefined {
    const row = this.#get.get(KEY);
    if (row === undefined) return undefined;
    return WindowState.safeParse(JSON.parse(String(row.value))).data;
  }

  save(state: WindowState): void {
    this.#put.run(KEY, JSON.stringify(state));
  }
}

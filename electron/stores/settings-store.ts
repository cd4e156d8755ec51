/** A person's settings: one row a key, so that a key that a version does not know neither harms nor vanishes. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SETTINGS_DEFAULTS, Settings } from '../../shared/api/app.ts';

/** Undefined counts as not given. */
export type SettingsChanges = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

export class SettingsStore {
  readonly #all: StatementSync;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync) {
    this.#all = database.prepare('SELECT key, value FROM settings');
    this.#put = database.prepare(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
  }

  /** A stored value that is no longer valid counts as not set. */
  read(): Settings {
    const settings: Record<string, unknown> = { ...SETTINGS_DEFAULTS };
    for (const { key, value } of this.#all.all()) {
      const entry = { [String(key)]: JSON.parse(String(value)) as unknown };
      const known = Settings.partial().safeParse(entry);
      if (known.success) Object.assign(settings, known.data);
    }
    return Settings.parse(settings);
  }

  save(changes: SettingsChanges): Settings {
    for (const [key, value] of Object.entries(changes)) {
      if (value !== undefined) this.#put.run(key, JSON.stringify(value));
    }
    return this.read();
  }
}

/**
 * The schema of zabra.db as a list of steps that is only ever appended to: `PRAGMA user_version` counts the steps that a
 * database has behind it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE profiles (
    connection_id TEXT PRIMARY KEY,
    draft TEXT NOT NULL,            -- ProfileDraft as JSON, without any secret
    ensemble_id TEXT,               -- set for a server that Zabra runs
    created_at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL             -- JSON
  ) STRICT;

  CREATE TABLE drafts (
    connection_id TEXT NOT NULL REFERENCES profiles ON DELETE CASCADE,
    path TEXT NOT NULL,
    base_version INTEGER NOT NULL,
    base_mzxid TEXT NOT NULL,
    base_data BLOB,
    data BLOB NOT NULL,
    edited_at_ms INTEGER NOT NULL,
    PRIMARY KEY (connection_id, path)
  ) STRICT;

  CREATE TABLE secrets (
    connection_id TEXT PRIMARY KEY REFERENCES profiles ON DELETE CASCADE,
    -- Encrypted by Electron's safeStorage; NULL: the system's password store has it.
    ciphertext BLOB
  ) STRICT;
  `,
  `
  CREATE TABLE client_labels (
    connection_id TEXT NOT NULL REFERENCES profiles ON DELETE CASCADE,
    client TEXT NOT NULL,           -- a session id as 0x…, or the host of a client
    label TEXT NOT NULL,
    PRIMARY KEY (connection_id, client)
  ) STRICT;
  `,
  `
  -- What the diagnosis found, each as JSON of the contract's own types.
  CREATE TABLE findings (
    connection_id TEXT NOT NULL REFERENCES profiles ON DELETE CASCADE,
    finding_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    is_closed_by_client INTEGER NOT NULL,
    finding TEXT NOT NULL,
    PRIMARY KEY (connection_id, finding_id)
  ) STRICT;
  CREATE INDEX findings_by_time ON findings (connection_id, at_ms);

  CREATE TABLE session_pictures (
    connection_id TEXT NOT NULL REFERENCES profiles ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    picture TEXT NOT NULL,
    PRIMARY KEY (connection_id, session_id)
  ) STRICT;

  CREATE TABLE elections (
    connection_id TEXT PRIMARY KEY REFERENCES profiles ON DELETE CASCADE,
    record TEXT NOT NULL,
    seen_at_ms INTEGER NOT NULL     -- Until when somebody watched
  ) STRICT;
  `,
  `
  CREATE TABLE cluster_history (
    connection_id TEXT NOT NULL REFERENCES profiles ON DELETE CASCADE,
    step_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    point TEXT NOT NULL,            -- HistoryPoint as JSON
    PRIMARY KEY (connection_id, step_ms, at_ms)
  ) STRICT;
  `,
];

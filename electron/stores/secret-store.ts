/**
 * Passwords of connection profiles: in the system's own store where there is one, else in memory until Zabra ends, and
 * never in a plain file. The `secrets` table says for which profiles the system's store has one.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Log } from '../log.ts';

/** A store of the operating system. Each call may throw; the store then falls back to memory. */
export interface SecretVault {
  /**
   * Keeps `secret`. What it returns is stored in the database and given back to `open`: a ciphertext, or null for a vault
   * that keeps the secret itself.
   */
  seal(connectionId: string, secret: string): Uint8Array | null;
  /** Undefined when the vault no longer has it. */
  open(connectionId: string, ciphertext: Uint8Array | null): string | undefined;
  forget(connectionId: string): void;
}

export type SecretPlace = 'none' | 'stored' | 'memory';

export class SecretStore {
  readonly #vault: SecretVault | undefined;
  readonly #log: Log;
  readonly #memory = new Map<string, string>();
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync, { vault, log }: { vault: SecretVault | undefined; log: Log }) {
    this.#vault = vault;
    this.#log = log;
    this.#get = database.prepare('SELECT ciphertext FROM secrets WHERE connection_id = ?');
    this.#put = database.prepare('INSERT OR REPLACE INTO secrets (connection_id, ciphertext) VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM secrets WHERE connection_id = ?');
  }

  /** Whether passwords outlive this run. */
  get kind(): 'system' | 'memory' {
    return this.#vault === undefined ? 'memory' : 'system';
  }

  placeOf(connectionId: string): SecretPlace {
    if (this.#memory.has(connectionId)) return 'memory';
    return this.#vault !== undefined && this.#get.get(connectionId) !== undefined ? 'stored' : 'none';
  }

  read(connectionId: string): string | undefined {
    const inMemory = this.#memory.get(connectionId);
    if (inMemory !== undefined) return inMemory;
    const row = this.#get.get(connectionId);
    if (row === undefined) return undefined;
    const ciphertext = row.ciphertext instanceof Uint8Array ? row.ciphertext : null;
    return this.#tryVault((vault) => vault.open(connectionId, ciphertext));
  }

  /** Demands a stored profile with this id. */
  write(connectionId: string, secret: string): void {
    const sealed = this.#tryVault((vault) => vault.seal(connectionId, secret));
    if (sealed === undefined) {
      this.#delete.run(connectionId);
      this.#memory.set(connectionId, secret);
    } else {
      this.#memory.delete(connectionId);
      this.#put.run(connectionId, sealed);
    }
  }

  remove(connectionId: string): void {
    this.#memory.delete(connectionId);
    if (this.#get.get(connectionId) === undefined) return;
    this.#tryVault((vault) => {
      vault.forget(connectionId);
    });
    this.#delete.run(connectionId);
  }

  /** A vault that refuses (a locked keyring, no bus) is an operating condition: the secret stays in memory. */
  #tryVault<T>(use: (vault: SecretVault) => T): T | undefined {
    if (this.#vault === undefined) return undefined;
    try {
      return use(this.#vault);
    } catch (error) {
      this.#log.warn({ err: error }, 'the system password store refused');
      return undefined;
    }
  }
}

/**
 * zabra.db in the data folder. One process has it at a time: SQLite's exclusive lock, which the operating system drops
 * with the process, so that a crash leaves nothing behind.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../../shared/errors.ts';
import { MIGRATIONS } from './migrations.ts';

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/** Throws StorageError LOCKED when another process has the folder, CORRUPT or IO when the file cannot be used. */
export function openDatabase(dataFolder: string): DatabaseSync {
  const file = path.join(dataFolder, 'zabra.db');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    // Takes the lock now; without a statement that writes, SQLite would wait for the first one.
    database.exec('BEGIN EXCLUSIVE; COMMIT;');
    migrate(database, MIGRATIONS);
    return database;
  } catch (error) {
    database?.close();
    throw describeFailure(error, dataFolder, file);
  }
}

/** Brings the schema up to date, each step in a transaction of its own. Throws StorageError for a newer Zabra's file. */
export function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > migrations.length) {
    throw new StorageError(
      'CORRUPT',
      `the database was written by a newer Zabra (schema ${version}, this one knows ${migrations.length})`,
    );
  }
  for (const [at, script] of migrations.entries()) {
    if (at < version) continue;
    database.exec('BEGIN');
    try {
      database.exec(script);
      database.exec(`PRAGMA user_version = ${at + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}

function describeFailure(error: unknown, dataFolder: string, file: string): Error {
  if (error instanceof StorageError) return error;
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  const options = { cause: error };
  if (code === SQLITE_BUSY) {
    return new StorageError(
      'LOCKED',
      `another Zabra runs with the data folder ${dataFolder}: close it, or start with --data-dir=<another folder>`,
      options,
    );
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOT_A_DATABASE) {
    return new StorageError(
      'CORRUPT',
      `${file} is damaged: move it away to start with an empty one`,
      options,
    );
  }
  return new StorageError('IO', `${file} cannot be opened: ${String(error)}`, options);
}

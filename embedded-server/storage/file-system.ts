/**
 * What storage asks of a file system: few enough calls that a test can put a failing disk in their place. Every call
 * rejects with the system's own error; `toStorageError` says it in words.
 */
import fs from 'node:fs';
import { readdir, mkdir, rename, rm } from 'node:fs/promises';

import { StorageError } from '../../shared/errors.ts';

export interface OpenFile {
  /** All of `bytes`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** How many bytes came: fewer than `target` holds only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Resolves when the content is durable. */
  sync(): Promise<void>;
  resize(bytes: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `create` makes the file, or empties it. */
export type OpenMode = 'read' | 'change' | 'create';

export interface FileSystem {
  /** With its parents; one that exists is fine. */
  makeFolder(folder: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  open(file: string, mode: OpenMode): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Makes durable which files are in a folder. */
  syncFolder(folder: string): Promise<void>;
}

const FLAGS: Readonly<Record<OpenMode, string>> = { read: 'r', change: 'r+', create: 'w+' };

export const nodeFileSystem: FileSystem = {
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true });
  },
  list: (folder) => readdir(folder),
  open: (file, mode) => openFile(file, FLAGS[mode]),
  rename,
  async remove(file) {
    await rm(file);
  },
  async syncFolder(folder) {
    // Windows has no such thing: its directories are durable by themselves.
    if (process.platform === 'win32') return;
    const open = await openFile(folder, 'r');
    await open.sync().finally(() => open.close());
  },
};

type Settle<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/** Node's own promises cost more than a write to a log does; this is on the way of every write. */
function settled<T>(start: (settle: Settle<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

async function openFile(file: string, flags: string): Promise<OpenFile> {
  const fd = await settled<number>((settle) => {
    fs.open(file, flags, settle);
  });
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length;) {
        done += await settled<number>((settle) => {
          fs.write(fd, bytes, done, bytes.length - done, position + done, settle);
        });
      }
    },
    async read(target, position) {
      let done = 0;
      while (done < target.length) {
        const count = await settled<number>((settle) => {
          fs.read(fd, target, done, target.length - done, position + done, settle);
        });
        if (count === 0) break;
        done += count;
      }
      return done;
    },
    sync: () =>
      settled((settle: Settle<undefined>) => {
        fs.fdatasync(fd, (error) => {
          settle(error, undefined);
        });
      }),
    resize: (bytes) =>
      settled((settle: Settle<undefined>) => {
        fs.ftruncate(fd, bytes, (error) => {
          settle(error, undefined);
        });
      }),
    async size() {
      const stats = await settled<fs.Stats>((settle) => {
        fs.fstat(fd, settle);
      });
      return stats.size;
    },
    close: () =>
      settled((settle: Settle<undefined>) => {
        fs.close(fd, (error) => {
          settle(error, undefined);
        });
      }),
  };
}

/** No room is left, or this user has used up its share. */
const FULL_CODES: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** `what` is what was being done, with the file: "writing /data/version-2/log.1". */
export function toStorageError(error: unknown, what: string): StorageError {
  if (error instanceof StorageError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (FULL_CODES.has(code)) {
    return new StorageError('DISK_FULL', `the disk is full: ${what} failed (${reason}); free some space`, {
      cause: error,
    });
  }
  return new StorageError('IO', `${what} failed: ${reason}`, { cause: error });
}

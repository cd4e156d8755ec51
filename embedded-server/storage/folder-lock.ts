/**
 * One server a data folder: a file that names the process which uses it. A process that is gone has no lock, also when it
 * could not remove its file. Differs: Apache has none, so two of its servers spoil each other's data.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { StorageError } from '../../shared/errors.ts';
import { toStorageError } from './file-system.ts';

const LOCK_NAME = 'zabra.lock';
/** Each attempt removes the lock of a process that is gone. */
const ATTEMPTS_MAX = 3;

export interface FolderLock {
  release(): void;
}

/** Makes the folder if need be. Throws StorageError LOCKED when another process uses it. */
export function lockFolder(folder: string): FolderLock {
  const file = path.join(folder, LOCK_NAME);
  const mine = JSON.stringify({ pid: process.pid, startTime: startTimeOf(process.pid) });
  try {
    mkdirSync(folder, { recursive: true });
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (tryCreate(file, mine)) {
        return {
          release() {
            if (readIfThere(file) === mine) rmSync(file, { force: true });
          },
        };
      }
      const pid = liveOwner(file);
      if (pid !== undefined) {
        throw new StorageError(
          'LOCKED',
          `${folder} is in use by another server (process ${pid}): stop that one first`,
        );
      }
      rmSync(file, { force: true });
    }
  } catch (error) {
    throw toStorageError(error, `locking ${folder}`);
  }
  throw new StorageError('LOCKED', `${folder} is being taken by another server`);
}

function tryCreate(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The process that holds the lock, undefined when it is gone. */
function liveOwner(file: string): number | undefined {
  const owner = parseOwner(readIfThere(file) ?? '');
  if (!owner || owner.pid === process.pid || !isAlive(owner.pid)) return undefined;
  // Another process may have got the number of one that is gone.
  return startTimeOf(owner.pid) === owner.startTime ? owner.pid : undefined;
}

function parseOwner(text: string): { pid: number; startTime: string } | undefined {
  try {
    const { pid, startTime } = JSON.parse(text) as { pid?: unknown; startTime?: unknown };
    return typeof pid === 'number' && typeof startTime === 'string' ? { pid, startTime } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process began, in the kernel's own unit; '' where there is no /proc. */
function startTimeOf(pid: number): string {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything; 20 fields behind it comes the time.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** One server a data folder, whatever became of the one before. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { lockFolder } from '../../../../embedded-server/storage/folder-lock.ts';

let folder = '';
const lockFile = (): string => path.join(folder, 'zabra.lock');

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zabra-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function leaveLock(owner: object): void {
  writeFileSync(lockFile(), JSON.stringify(owner));
}

test('a folder is made when it is not there, and is free again when released', () => {
  const nested = path.join(folder, 'not/there/yet');
  lockFolder(nested).release();
  lockFolder(nested).release();
  expect(existsSync(path.join(nested, 'zabra.lock'))).toBe(false);
});

test.skipIf(process.platform !== 'linux')(
  'a folder that a live process uses is refused by its number',
  () => {
    const { stdout } = spawnSync('cut', ['-d', ' ', '-f', '22', '/proc/1/stat'], { encoding: 'utf8' });
    leaveLock({ pid: 1, startTime: stdout.trim() });
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({ code: 'LOCKED', message: expect.stringContaining('process 1') as string }),
    );
  },
);

test('the lock of a process that is gone is taken over', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  leaveLock({ pid, startTime: '1' });
  lockFolder(folder).release();
});

test.skipIf(process.platform !== 'linux')(
  'a process that has the number of one that is gone is not taken for it',
  () => {
    leaveLock({ pid: 1, startTime: 'another' });
    lockFolder(folder).release();
  },
);

test('a lock that says nothing sensible is taken over', () => {
  writeFileSync(lockFile(), 'torn');
  lockFolder(folder).release();
});

test('who lost the lock does not release that of the next', () => {
  const lock = lockFolder(folder);
  leaveLock({ pid: 1, startTime: 'another' });
  lock.release();
  expect(existsSync(lockFile())).toBe(true);
});

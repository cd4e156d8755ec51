/** What a slow and a full disk do, in front of files in memory. */
import { expect, test } from 'vitest';

import { type DiskState, withDiskFaults } from '../../../../embedded-server/storage/faulty-file-system.ts';
import { toStorageError } from '../../../../embedded-server/storage/file-system.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';

const HEALTHY: DiskState = { syncDelayMs: 0, isFull: false };
const FILE = '/data/file';

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

test('slow: an fsync takes longer, a write does not; healed, neither does', async () => {
  const memory = new MemoryFileSystem();
  let state: DiskState = { ...HEALTHY, syncDelayMs: 60 };
  const disk = withDiskFaults(memory, () => state);
  const open = await disk.open(FILE, 'create');
  expect(await elapsedMs(() => open.write(Buffer.from('text'), 0))).toBeLessThan(40);
  // Timers of Node may be early by less than a millisecond.
  expect(await elapsedMs(() => open.sync())).toBeGreaterThan(58);
  expect(await elapsedMs(() => disk.syncFolder('/data'))).toBeGreaterThan(58);
  expect(memory.calls).toEqual(['open file', 'write file', 'sync file', 'syncFolder data']);
  state = HEALTHY;
  expect(await elapsedMs(() => open.sync())).toBeLessThan(40);
});

test('full: part of a write fits, and it fails with words that say what to do; healed, it goes on', async () => {
  const memory = new MemoryFileSystem();
  let state = HEALTHY;
  const disk = withDiskFaults(memory, () => state);
  const open = await disk.open(FILE, 'create');
  await open.write(Buffer.from('first '), 0);
  state = { ...HEALTHY, isFull: true };
  const error = await open.write(Buffer.from('second'), 6).catch((caught: unknown) => caught);
  expect(toStorageError(error, 'writing file')).toMatchObject({
    code: 'DISK_FULL',
    message:
      'the disk is full: writing file failed (ENOSPC: no space left on device, write); free some space',
  });
  expect(Buffer.from(memory.read(FILE)).toString()).toBe('first sec');
  state = HEALTHY;
  await open.write(Buffer.from('second'), 6);
  expect(Buffer.from(memory.read(FILE)).toString()).toBe('first second');
});

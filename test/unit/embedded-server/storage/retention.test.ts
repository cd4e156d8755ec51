/** Which data files go: never one that a kept snapshot needs (PROTOCOL.md 6.7). */
import { expect, test } from 'vitest';

import { purge } from '../../../../embedded-server/storage/retention.ts';
import { MemoryFileSystem } from '../../../support/memory-file-system.ts';

const FOLDER = '/data/version-2';
const WHOLE = Buffer.from('00000000000000000000012f', 'hex');

async function leftOf(names: readonly string[], broken: readonly string[] = []): Promise<string[]> {
  const disk = new MemoryFileSystem();
  for (const name of names) disk.put(`${FOLDER}/${name}`, broken.includes(name) ? new Uint8Array(12) : WHOLE);
  const count = await purge(disk, { snapshots: FOLDER, logs: FOLDER }, 3);
  const left = await disk.list(FOLDER);
  expect(count).toBe(names.length - left.length);
  return left;
}

test('three snapshots stay, and every log from the one that holds the transaction behind the oldest', async () => {
  const left = await leftOf([
    ...['snapshot.0', 'snapshot.a', 'snapshot.14', 'snapshot.1e', 'snapshot.28'],
    ...['log.1', 'log.b', 'log.12', 'log.16', 'log.20'],
  ]);
  expect(left).toEqual(['snapshot.14', 'snapshot.1e', 'snapshot.28', 'log.12', 'log.16', 'log.20']);
});

test('fewer snapshots than are to stay: nothing goes', async () => {
  const names = ['snapshot.0', 'snapshot.a', 'log.1', 'log.b'];
  expect(await leftOf(names)).toEqual(names);
});

test('a snapshot that is not whole does not count as kept', async () => {
  const names = ['snapshot.0', 'snapshot.a', 'snapshot.14', 'snapshot.1e', 'log.1', 'log.b', 'log.15'];
  expect(await leftOf(names, ['snapshot.14'])).toEqual(names);
});

test('files of other names are let be', async () => {
  const others = ['acceptedEpoch', 'log.x', 'snapshot.5.gz', 'log.1.bak'];
  const left = await leftOf(['snapshot.1', 'snapshot.2', 'snapshot.3', 'snapshot.4', ...others]);
  expect(left).toEqual(['snapshot.2', 'snapshot.3', 'snapshot.4', ...others]);
});

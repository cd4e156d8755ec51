/**
 * Removes data files that nothing needs any more (ZooKeeper's PurgeTxnLog; PROTOCOL.md 6.7): the newest whole snapshots
 * stay, and every log that the oldest of them needs.
 */
import path from 'node:path';

import { type DataFile, dataFiles } from '../../shared/storage-format/file-names.ts';
import type { FileSystem } from './file-system.ts';
import { type DataFolders, logsFrom } from './recovery.ts';
import { isWholeSnapshot } from './snapshot-files.ts';

/** Returns how many files went. Does nothing as long as there are fewer than `retainCount` whole snapshots. */
export async function purge(
  fileSystem: FileSystem,
  folders: DataFolders,
  retainCount: number,
): Promise<number> {
  const snapshots = dataFiles('snapshot', await fileSystem.list(folders.snapshots));
  const oldestKept = await findOldestKept(fileSystem, folders.snapshots, snapshots, retainCount);
  if (!oldestKept) return 0;
  const logs = dataFiles('log', await fileSystem.list(folders.logs));
  const neededLogs = new Set(logsFrom(logs, oldestKept.zxid));
  const files = [
    ...logs.filter((log) => !neededLogs.has(log)).map(({ name }) => path.join(folders.logs, name)),
    ...snapshots
      .filter(({ zxid }) => zxid < oldestKept.zxid)
      .map(({ name }) => path.join(folders.snapshots, name)),
  ];
  for (const file of files) await fileSystem.remove(file);
  return files.length;
}

async function findOldestKept(
  fileSystem: FileSystem,
  folder: string,
  snapshots: readonly DataFile[],
  retainCount: number,
): Promise<DataFile | undefined> {
  let left = retainCount;
  for (const snapshot of [...snapshots].reverse()) {
    if (!(await isWholeSnapshot(fileSystem, path.join(folder, snapshot.name)))) continue;
    left--;
    if (left === 0) return snapshot;
  }
  return undefined;
}

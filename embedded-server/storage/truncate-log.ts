/**
 * Takes back what a log has behind a zxid (ZooKeeper's FileTxnLog.truncate; PROTOCOL.md 5.7, 6.3): a learner does so with
 * what its new leader never heard of, before it loads its data anew.
 */
import path from 'node:path';

import { dataFiles } from '../../shared/storage-format/file-names.ts';
import { TXN_LOG_HEADER_BYTES } from '../../shared/storage-format/txn-log-file.ts';
import { type Zxid, zxidCounter } from '../../shared/zxid.ts';
import type { FileSystem } from './file-system.ts';
import { cutLog, isNextInLog, logsFrom } from './recovery.ts';
import { isWholeSnapshot } from './snapshot-files.ts';
import { readTxnLog } from './txn-log-reader.ts';

/**
 * Whether a snapshot and the log behind it lead up to `zxid` without a gap. They do not where all snapshots are younger, or
 * where a leader's snapshot once took the place of transactions that never came. The start of an epoch is no transaction:
 * the first one of that epoch tells that nothing in front of it is missing.
 */
export async function leadsUpTo(
  fileSystem: FileSystem,
  folders: { readonly logs: string; readonly snapshots: string },
  zxid: Zxid,
): Promise<boolean> {
  const base = await newestSnapshot(fileSystem, folders.snapshots, zxid);
  if (base === undefined) return false;
  let last = base;
  let behind: Zxid | undefined;
  for (const { name } of logsFrom(dataFiles('log', await fileSystem.list(folders.logs)), base)) {
    await readTxnLog(fileSystem, path.join(folders.logs, name), ({ header }) => {
      if (header.zxid <= last) return true;
      if (header.zxid > zxid || !isNextInLog(header.zxid, last)) behind ??= header.zxid;
      else last = header.zxid;
      return behind === undefined;
    });
    if (behind !== undefined) break;
  }
  return last === zxid || (zxidCounter(zxid) === 0 && behind === zxid + 1n);
}

/** The zxid of the newest that is whole and not behind `zxid`. */
async function newestSnapshot(fileSystem: FileSystem, folder: string, zxid: Zxid): Promise<Zxid | undefined> {
  for (const snapshot of dataFiles('snapshot', await fileSystem.list(folder)).reverse()) {
    if (snapshot.zxid > zxid) continue;
    if (await isWholeSnapshot(fileSystem, path.join(folder, snapshot.name))) return snapshot.zxid;
  }
  return undefined;
}

/**
 * Leaves the records up to and including `zxid`. Demands that nobody writes to the log. Snapshots behind `zxid` go as well,
 * lest they bring back what is taken away. Interrupted, it leaves what a server can start from: as long as there is a
 * snapshot behind `zxid`, what it stands for need not be in the log.
 */
export async function truncateLog(
  fileSystem: FileSystem,
  folders: { readonly logs: string; readonly snapshots: string },
  zxid: Zxid,
): Promise<void> {
  const logs = dataFiles('log', await fileSystem.list(folders.logs));
  // The newest first: whatever is left when this is interrupted still has no gap.
  for (const { name, zxid: first } of [...logsFrom(logs, zxid)].reverse()) {
    const file = path.join(folders.logs, name);
    if (first > zxid) await fileSystem.remove(file);
    else await cutLog(fileSystem, file, await endOf(fileSystem, file, zxid));
  }
  await fileSystem.syncFolder(folders.logs);
  for (const snapshot of dataFiles('snapshot', await fileSystem.list(folders.snapshots)).reverse()) {
    if (snapshot.zxid > zxid) await fileSystem.remove(path.join(folders.snapshots, snapshot.name));
  }
  await fileSystem.syncFolder(folders.snapshots);
}

/** Where the last record that stays ends. */
async function endOf(fileSystem: FileSystem, file: string, zxid: Zxid): Promise<number> {
  let position = TXN_LOG_HEADER_BYTES;
  await readTxnLog(fileSystem, file, (entry, end) => {
    if (entry.header.zxid > zxid) return false;
    position = end;
    return true;
  });
  return position;
}

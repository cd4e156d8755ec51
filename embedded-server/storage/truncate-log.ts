/**
 * Takes back what a log has behind a zxid (ZooKeeper's FileTxnLog.truncate; PROTOCOL.md 5.7, 6.3): a learner does so with
 * what its new leader never heard of, before it loads its data anew.
 */
import path from 'node:path';

import { dataFiles } from '../../shared/storage-format/file-names.ts';
import { TXN_LOG_HEADER_BYTES } from '../../shared/storage-format/txn-log-file.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { FileSystem } from './file-system.ts';
import { cutLog, logsFrom } from './recovery.ts';
import { readTxnLog } from './txn-log-reader.ts';

/**
 * Leaves the records up to and including `zxid`. Demands that nobody writes to the log. Snapshots behind `zxid` go as well,
 * lest they bring back what is taken away.
 */
export async function truncateLog(
  fileSystem: FileSystem,
  folders: { readonly logs: string; readonly snapshots: string },
  zxid: Zxid,
): Promise<void> {
  for (const snapshot of dataFiles('snapshot', await fileSystem.list(folders.snapshots))) {
    if (snapshot.zxid > zxid) await fileSystem.remove(path.join(folders.snapshots, snapshot.name));
  }
  const logs = dataFiles('log', await fileSystem.list(folders.logs));
  // The newest first: whatever is left when this is interrupted still has no gap.
  for (const { name, zxid: first } of [...logsFrom(logs, zxid)].reverse()) {
    const file = path.join(folders.logs, name);
    if (first > zxid) await fileSystem.remove(file);
    else await cutLog(fileSystem, file, await endOf(fileSystem, file, zxid));
  }
  await fileSystem.syncFolder(folders.snapshots);
  await fileSystem.syncFolder(folders.logs);
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

/** Snapshot files (ZooKeeper's FileSnap): written under another name until they are durable, and read in pieces. */
import path from 'node:path';

import {
  SNAPSHOT_END_BYTES,
  SnapshotDecoder,
  type SnapshotDigest,
} from '../../shared/storage-format/snapshot-file.ts';
import type { SnapshotSink } from '../../shared/storage-format/snapshot-body.ts';
import { dataFileName } from '../../shared/storage-format/file-names.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { FileSystem, OpenFile } from './file-system.ts';

const READ_BYTES = 1024 * 1024;
/** Compat: in front, not behind: Apache takes any file that begins with `snapshot.` for one. */
const PARTIAL_PREFIX = 'partial-';
/** Header and first seal of the smallest snapshot that Apache accepts. */
const SNAPSHOT_BYTES_MIN = 10;

/** What makes the content of a snapshot: its zxid, and one slice after the other until there is none. */
export interface SnapshotSource {
  readonly zxid: Zxid;
  nextSlice(): Uint8Array | undefined;
}

/**
 * Writes a snapshot and resolves to its bytes; it has its name when it is durable. Between two slices the event loop goes round, so that a server
 * serves on.
 */
export async function writeSnapshot(
  fileSystem: FileSystem,
  folder: string,
  source: SnapshotSource,
): Promise<number> {
  const name = dataFileName('snapshot', source.zxid);
  const partial = path.join(folder, PARTIAL_PREFIX + name);
  const open = await fileSystem.open(partial, 'create');
  let bytes: number;
  try {
    bytes = await writeSlices(open, source);
    await open.sync();
  } catch (error) {
    await open.close();
    // What is left over is of no use, and may take the room that others need.
    await fileSystem.remove(partial).catch(() => undefined);
    throw error;
  }
  await open.close();
  await fileSystem.rename(partial, path.join(folder, name));
  await fileSystem.syncFolder(folder);
  return bytes;
}

async function writeSlices(open: OpenFile, source: SnapshotSource): Promise<number> {
  let position = 0;
  for (let slice = source.nextSlice(); slice !== undefined; slice = source.nextSlice()) {
    await open.write(slice, position);
    position += slice.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return position;
}

/** What {@link writeSnapshot} left behind when its process died. */
export function isPartialSnapshot(name: string): boolean {
  return name.startsWith(`${PARTIAL_PREFIX}snapshot.`);
}

/** Whether it was written to its end, by its last bytes. */
export async function isWholeSnapshot(fileSystem: FileSystem, file: string): Promise<boolean> {
  const open = await fileSystem.open(file, 'read');
  try {
    const fileBytes = await open.size();
    if (fileBytes < SNAPSHOT_BYTES_MIN) return false;
    const end = new Uint8Array(SNAPSHOT_END_BYTES.length);
    await open.read(end, fileBytes - end.length);
    return end.every((byte, at) => byte === SNAPSHOT_END_BYTES[at]);
  } finally {
    await open.close();
  }
}

/** Hands what the file holds to `sink`. Throws StorageError CORRUPT, or ProtocolError, when it is damaged. */
export async function readSnapshot(
  fileSystem: FileSystem,
  file: string,
  sink: SnapshotSink,
): Promise<SnapshotDigest | undefined> {
  const open = await fileSystem.open(file, 'read');
  try {
    const decoder = new SnapshotDecoder(sink);
    const piece = new Uint8Array(READ_BYTES);
    for (let position = 0; ;) {
      const count = await open.read(piece, position);
      if (count === 0) return decoder.end();
      decoder.push(piece.subarray(0, count));
      position += count;
    }
  } finally {
    await open.close();
  }
}

/** The files acceptedEpoch and currentEpoch: a number as text, replaced as a whole (PROTOCOL.md 5.11). */
import path from 'node:path';

import { StorageError } from '../../shared/errors.ts';
import type { FileSystem } from './file-system.ts';

export type EpochName = 'acceptedEpoch' | 'currentEpoch';

const TEXT_BYTES_MAX = 32;

/** Undefined when there is none. Throws StorageError CORRUPT when it holds no epoch. */
export async function readEpoch(
  fileSystem: FileSystem,
  folder: string,
  name: EpochName,
): Promise<number | undefined> {
  if (!(await fileSystem.list(folder)).includes(name)) return undefined;
  const file = path.join(folder, name);
  const open = await fileSystem.open(file, 'read');
  try {
    const bytes = new Uint8Array(TEXT_BYTES_MAX);
    const count = await open.read(bytes, 0);
    const text = Buffer.from(bytes.subarray(0, count)).toString('latin1').trim();
    if (/^\d{1,10}$/.test(text)) return Number(text);
    throw new StorageError('CORRUPT', `${file} holds no epoch: restore it, or copy another server's data`);
  } finally {
    await open.close();
  }
}

/** Resolves when it is durable. */
export async function writeEpoch(
  fileSystem: FileSystem,
  folder: string,
  { name, epoch }: { readonly name: EpochName; readonly epoch: number },
): Promise<void> {
  const file = path.join(folder, name);
  const open = await fileSystem.open(`${file}.tmp`, 'create');
  try {
    await open.write(Buffer.from(String(epoch)), 0);
    await open.sync();
  } finally {
    await open.close();
  }
  await fileSystem.rename(`${file}.tmp`, file);
  await fileSystem.syncFolder(folder);
}

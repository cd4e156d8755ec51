/**
 * Folders from before there were ensembles: one server kept its data right in the folder of its ensemble. Its data moves to
 * where the launcher keeps that of server 1, so that it is there when the ensemble starts.
 */
import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';

const OLD_DATA = 'version-2';
const NEW_PLACE = path.join('server-1', 'data');

/** Does nothing where there is no such folder, or what is in it is an ensemble already. */
export async function adoptOldFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(OLD_DATA) || names.includes('ensemble.json')) return;
  await mkdir(path.join(folder, NEW_PLACE), { recursive: true });
  await rename(path.join(folder, OLD_DATA), path.join(folder, NEW_PLACE, OLD_DATA));
}

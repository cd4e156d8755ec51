/**
 * Counts what a recursive delete of a path would remove. The server counts (3.6 and later); an older one is walked, a bounded
 * number of requests at a time.
 */
import { KeeperError } from '../../../shared/errors.ts';
import { joinPath, withChroot } from '../../../shared/path.ts';
import type { ReadingClient } from '../connections/open-connection.ts';

/** ZooKeeper's own nodes, which Zabra never deletes. */
export const SYSTEM_ROOT = '/zookeeper';
const OUTSTANDING_MAX = 64;

/** Throws KeeperError, NONODE when the path does not exist. */
export async function countSubtree(
  client: ReadingClient,
  { path, chroot }: { path: string; chroot: string },
): Promise<number> {
  const below = await countBelow(client, path);
  if (path !== '/') return below + 1;
  // The root stays, and so do ZooKeeper's own nodes.
  if (withChroot({ chroot, path }) !== '/') return below;
  return below - (await countBelow(client, SYSTEM_ROOT)) - 1;
}

async function countBelow(client: ReadingClient, path: string): Promise<number> {
  try {
    return await client.getAllChildrenNumber(path);
  } catch (error) {
    if (error instanceof KeeperError && error.code === 'UNIMPLEMENTED') return walk(client, path);
    throw error;
  }
}

async function walk(client: ReadingClient, root: string): Promise<number> {
  const pending = [root];
  let count = 0;
  while (pending.length > 0) {
    const batch = pending.splice(-OUTSTANDING_MAX);
    const listings = await Promise.all(batch.map((path) => childrenOf(client, path)));
    for (const [at, names] of listings.entries()) {
      count += names.length;
      for (const name of names) pending.push(joinPath(batch[at] ?? root, name));
    }
  }
  return count;
}

async function childrenOf(client: ReadingClient, path: string): Promise<readonly string[]> {
  try {
    return (await client.getChildren(path)).children;
  } catch (error) {
    if (error instanceof KeeperError && (error.code === 'NONODE' || error.code === 'NOAUTH')) return [];
    throw error;
  }
}

/**
 * Whose watches a change would fire, from what the servers list by path (`wchp`). Which watches there are is
 * ZooKeeper's rule (PROTOCOL.md 2.9): data and exists watches on the path, child watches on the path or its parent,
 * persistent ones on the path or its parent, recursive ones on any node above. A server lists all of them but child watches,
 * and does not say of what kind one is; so one on the path fires for certain, one above it possibly. Pure.
 */
import type { NodeChange } from '../../../shared/api/radius.ts';
import { ancestorsOf } from '../../../shared/path.ts';

export interface FiringWatch {
  readonly sessionId: string;
  readonly certainty: 'certain' | 'possible';
  /** Of the watch: the changed path, or one above it. */
  readonly path: string;
}

/** Each session once, certain ones first, in the order in which the paths and the servers name them. */
export function firingWatches(
  lists: readonly ReadonlyMap<string, readonly string[]>[],
  paths: readonly string[],
): FiringWatch[] {
  const firing = new Map<string, FiringWatch>();
  const collect = (path: string, certainty: FiringWatch['certainty']): void => {
    for (const list of lists) {
      for (const sessionId of list.get(path) ?? []) {
        if (!firing.has(sessionId)) firing.set(sessionId, { sessionId, certainty, path });
      }
    }
  };
  for (const path of paths) collect(path, 'certain');
  const above = new Set(paths.flatMap((path) => ancestorsOf(path).reverse()));
  for (const path of above) collect(path, 'possible');
  return [...firing.values()];
}

/** Child watches, on the path or its parent, that no server lists. */
export function firesChildWatches(change: NodeChange): boolean {
  return change !== 'data';
}

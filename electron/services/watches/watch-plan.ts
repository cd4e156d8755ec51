/**
 * Which server watches two consumers need together: the Events view wants whole subtrees, the tree wants single nodes. A
 * node inside a watched subtree needs no watch of its own, since all its changes arrive through the subtree's. Pure.
 *
 * Changing the plan never leaves a gap: what is new is registered before what it replaces is taken away. (That one path can
 * have one mode only on servers before 3.9, and what must be asked of them then, is the client's business:
 * electron/client/watch-registry.ts.)
 */
import { ancestorsOf, baseName, parentPath } from '../../../shared/path.ts';

export type PlannedMode =
  /** The node and everything below it. */
  | 'persistentRecursive'
  /** The node and the list of its children. */
  | 'persistent'
  /** As `persistent`, by one-shot watches that are set again after each event: servers before 3.6. */
  | 'oneShot';

export type WatchPlan = ReadonlyMap<string, PlannedMode>;

export interface WatchWishes {
  readonly subtrees: ReadonlySet<string>;
  readonly observed: ReadonlySet<string>;
  /** False where the server does not know persistent watches; subtrees cannot be watched then. */
  readonly hasPersistentWatches: boolean;
}

export function planWatches({ subtrees, observed, hasPersistentWatches }: WatchWishes): WatchPlan {
  const plan = new Map<string, PlannedMode>();
  // Each subtree keeps a watch of its own, also one inside another: it must go on when the outer one ends.
  if (hasPersistentWatches) for (const path of subtrees) plan.set(path, 'persistentRecursive');
  const mode: PlannedMode = hasPersistentWatches ? 'persistent' : 'oneShot';
  for (const path of observed) {
    if (!hasPersistentWatches || !isCovered(path, subtrees)) plan.set(path, mode);
  }
  return plan;
}

/** Whether a subtree's watch tells of every change of `path`. */
export function isCovered(path: string, subtrees: ReadonlySet<string>): boolean {
  return subtrees.has(path) || ancestorsOf(path).some((ancestor) => subtrees.has(ancestor));
}

export interface PlanStep {
  readonly path: string;
  readonly mode: PlannedMode;
}

/** What to do to get from one plan to another; `add` all of it before any of `remove`. */
export function comparePlans({ held, wanted }: { held: WatchPlan; wanted: WatchPlan }): {
  readonly add: PlanStep[];
  readonly remove: PlanStep[];
} {
  return { add: missing({ from: wanted, in: held }), remove: missing({ from: held, in: wanted }) };
}

function missing(plans: { from: WatchPlan; in: WatchPlan }): PlanStep[] {
  return [...plans.from]
    .filter(([path, mode]) => plans.in.get(path) !== mode)
    .map(([path, mode]) => ({ path, mode }));
}

export type TreeChange = {
  readonly kind: 'created' | 'deleted' | 'data' | 'children';
  readonly path: string;
};

/**
 * What an event means for the nodes that the tree shows: itself, and for a creation or deletion the list of its parent, which
 * a subtree's watch does not tell of by itself. Only what concerns an observed node.
 */
export function treeChanges(
  event: { readonly type: string; readonly path: string },
  observed: ReadonlySet<string>,
): TreeChange[] {
  const { type, path } = event;
  const parent = baseName(path) === '' ? undefined : parentPath(path);
  const isShown = observed.has(path) || (parent !== undefined && observed.has(parent));
  switch (type) {
    case 'NodeDataChanged':
      return isShown ? [{ kind: 'data', path }] : [];
    case 'NodeChildrenChanged':
      return observed.has(path) ? [{ kind: 'children', path }] : [];
    case 'NodeCreated':
    case 'NodeDeleted': {
      const own: TreeChange[] = isShown
        ? [{ kind: type === 'NodeCreated' ? 'created' : 'deleted', path }]
        : [];
      return parent !== undefined && observed.has(parent)
        ? [...own, { kind: 'children', path: parent }]
        : own;
    }
    default:
      return [];
  }
}

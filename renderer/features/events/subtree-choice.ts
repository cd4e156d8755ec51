/** Whether a path may be added to the watched subtrees, and if not, why. Pure. */
import { findPathProblem, isWithin } from '../../../shared/path.ts';

export type SubtreeChoice =
  | { readonly kind: 'free'; readonly path: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'watched' }
  /** A larger subtree reports its events already. */
  | { readonly kind: 'within'; readonly ancestor: string };

/** A slash at the end is how completion leaves a path, so it is no mistake. */
export function chooseSubtree(typed: string, watched: readonly string[]): SubtreeChoice {
  const trimmed = typed.trim();
  const path = trimmed.length > 1 && trimmed.endsWith('/') ? trimmed.slice(0, -1) : trimmed;
  if (findPathProblem(path) !== undefined) return { kind: 'invalid' };
  if (watched.includes(path)) return { kind: 'watched' };
  const ancestor = watched.find((each) => isWithin({ path, ancestor: each }));
  return ancestor === undefined ? { kind: 'free', path } : { kind: 'within', ancestor };
}

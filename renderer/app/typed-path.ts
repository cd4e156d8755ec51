/** The arithmetic of completing a path while it is typed. Pure; path-completion.ts asks the server for names. */
import { isValidPath } from '../../shared/path.ts';

/** So many suggestions are shown at most. */
export const COMPLETIONS_MAX = 50;

/** `/kafka/br` → the parent `/kafka` and the beginning `br`; null for what is no beginning of a path. */
export function splitTypedPath(text: string): { parent: string; beginning: string } | null {
  if (!text.startsWith('/')) return null;
  const slash = text.lastIndexOf('/');
  const parent = slash === 0 ? '/' : text.slice(0, slash);
  return isValidPath(parent) ? { parent, beginning: text.slice(slash + 1) } : null;
}

/** Names that begin with `beginning`, in any case, sorted; at most {@link COMPLETIONS_MAX}. */
export function matchingNames(names: readonly string[], beginning: string): readonly string[] {
  const wanted = beginning.toLowerCase();
  return names
    .filter((name) => name.toLowerCase().startsWith(wanted))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .slice(0, COMPLETIONS_MAX);
}

/** What all `names` begin with, at least as long as `beginning`: what Tab may add without choosing. */
export function commonBeginning(names: readonly string[], beginning: string): string {
  const [first, ...others] = names;
  if (first === undefined) return beginning;
  let length = first.length;
  for (const name of others) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  return length > beginning.length ? first.slice(0, length) : beginning;
}

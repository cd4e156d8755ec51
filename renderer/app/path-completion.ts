/**
 * Completes a path that a person types, by the children of the part before the last slash. A parent with very many
 * children is not listed for it: completion must cost a cluster next to nothing.
 */
import { skipToken, useQuery } from '@tanstack/react-query';
import { isValidPath } from '../../shared/path.ts';
import { client } from '../api/client.ts';
import { currentSettings } from './settings.ts';

/** So many suggestions are shown at most. */
export const COMPLETIONS_MAX = 50;
const FRESH_MS = 5_000;

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

/** The names of the children of a typed path's parent; empty while not known, or where there are too many. */
export function usePathCompletion(connectionId: string | null, text: string): readonly string[] {
  const typed = splitTypedPath(text);
  const { data } = useQuery({
    queryKey: ['path-completion', connectionId, typed?.parent],
    queryFn:
      connectionId === null || typed === null
        ? skipToken
        : ({ signal }) => listNames(connectionId, typed.parent, signal),
    staleTime: FRESH_MS,
    retry: false,
  });
  return typed && data ? matchingNames(data, typed.beginning) : [];
}

async function listNames(
  connectionId: string,
  path: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [summary] = await client.znodes.summaries({ connectionId, paths: [path] }, { signal });
  if (summary?.kind !== 'node' || summary.numChildren > currentSettings().childrenAskAbove) return [];
  const names: string[] = [];
  for await (const piece of await client.znodes.children({ connectionId, path }, { signal }))
    names.push(...piece.names);
  return names;
}

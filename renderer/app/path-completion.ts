/**
 * Completes a path that a person types, by the children of the part before the last slash. A parent with very many
 * children is not listed for it: completion must cost a cluster next to nothing.
 */
import { skipToken, useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { currentSettings } from './settings.ts';
import { matchingNames, splitTypedPath } from './typed-path.ts';

const FRESH_MS = 5_000;

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

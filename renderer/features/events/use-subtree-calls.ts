/** Adding and removing a watched subtree; the subtrees stream tells the outcome, a failure is the caller's to show. */
import { useMutation } from '@tanstack/react-query';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';

export interface SubtreeCalls {
  readonly watch: (path: string, onDone?: () => void) => void;
  readonly unwatch: (path: string) => void;
  readonly isPending: boolean;
  /** Of the last call; null when it went well. */
  readonly failure: Failure | null;
}

export function useSubtreeCalls(connectionId: string): SubtreeCalls {
  const watching = useMutation(api.watches.watchSubtree.mutationOptions());
  const unwatching = useMutation(api.watches.unwatchSubtree.mutationOptions());
  const error = watching.error ?? unwatching.error;
  return {
    watch: (path, onDone) => {
      unwatching.reset();
      watching.mutate({ connectionId, path }, { onSuccess: () => onDone?.() });
    },
    unwatch: (path) => {
      watching.reset();
      unwatching.mutate({ connectionId, path });
    },
    isPending: watching.isPending || unwatching.isPending,
    failure: error === null ? null : failureOf(error),
  };
}

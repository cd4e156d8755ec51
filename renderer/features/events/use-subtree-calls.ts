/** Adding and removing a watched subtree; the subtrees stream tells the outcome, a failure is the caller's to show. */
import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';
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

/** `watch` and `unwatch` stay the same functions from render to render. */
export function useSubtreeCalls(connectionId: string): SubtreeCalls {
  const watching = useMutation(api.watches.watchSubtree.mutationOptions());
  const unwatching = useMutation(api.watches.unwatchSubtree.mutationOptions());
  const { mutate: startWatching, reset: forgetWatching } = watching;
  const { mutate: startUnwatching, reset: forgetUnwatching } = unwatching;
  const watch = useCallback(
    (path: string, onDone?: () => void) => {
      forgetUnwatching();
      startWatching({ connectionId, path }, { onSuccess: () => onDone?.() });
    },
    [connectionId, startWatching, forgetUnwatching],
  );
  const unwatch = useCallback(
    (path: string) => {
      forgetWatching();
      startUnwatching({ connectionId, path });
    },
    [connectionId, startUnwatching, forgetWatching],
  );
  const error = watching.error ?? unwatching.error;
  return {
    watch,
    unwatch,
    isPending: watching.isPending || unwatching.isPending,
    failure: error === null ? null : failureOf(error),
  };
}

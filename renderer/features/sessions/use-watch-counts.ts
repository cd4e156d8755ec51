/** How many watches each session has: asked of the servers only when a person wants it, and shown as of then. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Hidden } from '../../../shared/api/common.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import type { WatchesBySession } from './session-rows.ts';

export interface WatchCounting {
  /** Null before they were asked for. */
  readonly bySession: WatchesBySession | null;
  readonly atMs: number | null;
  readonly hidden: readonly Hidden[];
  readonly failure: Failure | null;
  readonly isAsking: boolean;
  readonly ask: () => void;
}

export function useWatchCounts(connectionId: string): WatchCounting {
  const { data, error, isFetching, refetch } = useQuery({
    ...api.sessions.countWatches.queryOptions({ input: { connectionId } }),
    enabled: false,
    retry: false,
    staleTime: Infinity,
  });
  const bySession = useMemo(
    () => (data === undefined ? null : new Map(data.counts.map((each) => [each.sessionId, each.watches]))),
    [data],
  );
  return {
    // Where no server told, nothing is known of anybody.
    bySession: data !== undefined && data.counts.length === 0 && data.hidden.length > 0 ? null : bySession,
    atMs: data?.atMs ?? null,
    hidden: data?.hidden ?? [],
    failure: error === null ? null : failureOf(error),
    isAsking: isFetching,
    ask: () => {
      void refetch();
    },
  };
}

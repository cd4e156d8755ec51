/**
 * Samples of the cluster, one in two seconds while a component shows them and the page is visible, and the history of
 * those that it saw.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { EMPTY_HISTORY, type SampleHistory, withSample } from './sample-history.ts';

const POLL_MS = 2_000;

export interface PolledCluster {
  readonly history: SampleHistory;
  /** Of the latest poll; the shell itself did not answer, which says nothing about the cluster. */
  readonly failure: Failure | null;
}

export function useCluster(connectionId: string): PolledCluster {
  const { data, error } = useQuery(
    api.cluster.sample.queryOptions({
      input: { connectionId },
      // Polling ends while the page is hidden: that is react-query's default.
      refetchInterval: POLL_MS,
      staleTime: 0,
      // A sample from before this view was opened would make a first interval of any length.
      gcTime: 0,
      // The next poll is the retry.
      retry: false,
    }),
  );
  const [history, setHistory] = useState(EMPTY_HISTORY);
  const next = data === undefined ? history : withSample(history, data);
  if (next !== history) setHistory(next);
  return { history: next, failure: error === null ? null : failureOf(error) };
}

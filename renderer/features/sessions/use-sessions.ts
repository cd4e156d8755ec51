/** The sessions of the ensemble, asked every two seconds while a component shows them and the page is visible. */
import { useQuery } from '@tanstack/react-query';
import type { SessionList } from '../../../shared/api/cluster.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';

const POLL_MS = 2_000;

export interface PolledSessions {
  /** The last answer, also when the latest poll failed. */
  readonly list: SessionList | undefined;
  /** Of the latest poll. */
  readonly failure: Failure | null;
}

export function useSessions(connectionId: string): PolledSessions {
  const { data, error } = useQuery(
    api.sessions.list.queryOptions({
      input: { connectionId },
      // Polling ends while the page is hidden: that is react-query's default.
      refetchInterval: POLL_MS,
      staleTime: 0,
      // The next poll is the retry.
      retry: false,
    }),
  );
  return { list: data, failure: error === null ? null : failureOf(error) };
}

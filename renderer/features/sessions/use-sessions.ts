/**
 * The sessions of the ensemble, asked about every two seconds while a component shows them and the page is visible. When no server
 * tells any more (they stopped serving, or cannot be reached), the last list stays, marked as old.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionList } from '../../../shared/api/sessions.ts';
import type { Hidden } from '../../../shared/api/common.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { tellingServers } from './findings.ts';

/** With the poll of every open connection (electron/services/cluster) a server is asked less than twice a second. */
const POLL_MS = 2_200;

export interface PolledSessions {
  /** The last list that some server told. Until there is one, the latest answer; undefined before the first. */
  readonly list: SessionList | undefined;
  /** What the latest poll was not told. */
  readonly hidden: readonly Hidden[];
  /** Whether `list` is older than the latest poll. */
  readonly isStale: boolean;
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
      // Every poll differs in thousands of places: comparing them would only cost.
      structuralSharing: false,
      // The next poll is the retry.
      retry: false,
    }),
  );
  const [told, setTold] = useState<SessionList | null>(null);
  const isTold = data !== undefined && tellingServers(data).length > 0;
  if (isTold && data !== told) setTold(data);
  const list = isTold ? data : (told ?? data);
  return {
    list,
    hidden: data?.hidden ?? [],
    isStale: error !== null || list !== data,
    failure: error === null ? null : failureOf(error),
  };
}

/**
 * What the shell recorded of the servers of a connection, and the newest sample, one in two seconds while a component shows them
 * and the page is visible. The shell samples on its own; asking it costs the servers nothing.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ClusterSample } from '../../../shared/api/cluster.ts';
import { HISTORY_RANGES, type HistoryPoint, type HistoryRange } from '../../../shared/api/cluster-history.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { withSamples } from './history-points.ts';

const POLL_MS = 2_000;
/** The finest history grows by the samples that come anyway. */
const REREAD_MS_MIN = 30_000;
const SAMPLES_MAX = 60;

export interface PolledCluster {
  readonly sample: ClusterSample | null;
  /** The oldest first. */
  readonly points: readonly HistoryPoint[];
  /** Of the latest poll; the shell itself did not answer, which says nothing about the cluster. */
  readonly failure: Failure | null;
}

export function useCluster(connectionId: string, range: HistoryRange): PolledCluster {
  const { data: sample, error } = useQuery(
    api.cluster.sample.queryOptions({
      input: { connectionId },
      // Polling ends while the page is hidden: that is react-query's default.
      refetchInterval: POLL_MS,
      staleTime: 0,
      // The next poll is the retry.
      retry: false,
    }),
  );
  const { data: recorded } = useQuery(
    api.cluster.history.queryOptions({
      input: { connectionId, range },
      refetchInterval: Math.max(REREAD_MS_MIN, HISTORY_RANGES[range].stepMs),
      staleTime: 0,
      placeholderData: keepPreviousData,
    }),
  );
  const samples = useLatest(sample);
  const points = useMemo(() => withSamples(recorded ?? [], samples), [recorded, samples]);
  return { sample: sample ?? null, points, failure: error === null ? null : failureOf(error) };
}

/** The newest samples, the oldest of them first. */
function useLatest(sample: ClusterSample | undefined): readonly ClusterSample[] {
  const [samples, setSamples] = useState<readonly ClusterSample[]>([]);
  const newest = samples.at(-1);
  if (sample === undefined || (newest !== undefined && newest.atMs >= sample.atMs)) return samples;
  const next = [...samples, sample].slice(-SAMPLES_MAX);
  setSamples(next);
  return next;
}

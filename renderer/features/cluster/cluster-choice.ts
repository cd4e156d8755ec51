/** What a person chose to see in the Cluster view, kept while the page lives. */
import { create } from 'zustand';
import type { HistoryMetric, HistoryRange } from '../../../shared/api/cluster-history.ts';

interface ClusterChoice {
  readonly range: HistoryRange;
  /** Null as long as nobody chose. */
  readonly metric: HistoryMetric | null;
}

export const useClusterChoice = create<ClusterChoice>(() => ({ range: '15m', metric: null }));

export function chooseRange(range: HistoryRange): void {
  useClusterChoice.setState({ range });
}

export function chooseMetric(metric: HistoryMetric): void {
  useClusterChoice.setState({ metric });
}

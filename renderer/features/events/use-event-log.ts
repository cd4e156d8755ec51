/**
 * React's side of the event log: one log a connection, which outlives the components that show it, so that dock and
 * view are one list. While nobody shows it nothing is streamed; the shell keeps the last 10,000 events, and what came
 * meanwhile is told by it when the stream is opened again.
 */
import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { Failure } from '../../../shared/api/failure.ts';
import type { WatchedSubtree } from '../../../shared/api/watches.ts';
import { client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { useConnectionStatus } from '../../app/connection-status.ts';
import { type EventLog, type EventLogView, createEventLog } from './event-log.ts';

const logs = new Map<string, EventLog>();

/** The one log of a connection. */
export function eventLogOf(connectionId: string): EventLog {
  const known = logs.get(connectionId);
  if (known) return known;
  const log = createEventLog();
  logs.set(connectionId, log);
  return log;
}

export function useEventLogView(log: EventLog): EventLogView {
  return useSyncExternalStore(log.subscribe, log.view);
}

interface SubtreeState {
  /** By connection; missing while the shell has not said it yet. */
  readonly subtrees: Readonly<Record<string, readonly WatchedSubtree[]>>;
}

const useSubtreeStore = create<SubtreeState>(() => ({ subtrees: {} }));

/** The watched subtrees; null while they are not known yet. */
export function useWatchedSubtrees(connectionId: string): readonly WatchedSubtree[] | null {
  return useSubtreeStore((state) => state.subtrees[connectionId] ?? null);
}

/** The paths that are watched now, as far as is known. */
export function watchedPathsOf(connectionId: string): string[] {
  return (useSubtreeStore.getState().subtrees[connectionId] ?? []).map(({ path }) => path);
}

/** Feeds log and subtrees while the caller is mounted. Returns why they cannot be had, or null. */
export function useEventFeed(connectionId: string): Failure | null {
  const isOpen = useConnectionStatus(connectionId) !== null;
  const eventsFailure = useStream(
    isOpen ? (signal) => client.watches.events({ connectionId }, { signal }) : null,
    (batch) => {
      eventLogOf(connectionId).append(batch);
    },
    [connectionId],
  );
  const subtreesFailure = useStream(
    isOpen ? (signal) => client.watches.subtrees({ connectionId }, { signal }) : null,
    (subtrees) => {
      useSubtreeStore.setState((state) => ({ subtrees: { ...state.subtrees, [connectionId]: subtrees } }));
    },
    [connectionId],
  );
  return eventsFailure ?? subtreesFailure;
}

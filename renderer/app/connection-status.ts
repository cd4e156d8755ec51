/**
 * The live state of every open connection: one stream from the shell, kept in one store, so that any number of views
 * read it. `ConnectionStatusFeed` is mounted once, in the frame.
 */
import { create } from 'zustand';
import type { ConnectionProfile, ConnectionStatus } from '../../shared/api/connections.ts';
import { useQuery } from '@tanstack/react-query';
import { api, client, queryClient } from '../api/client.ts';
import { useLink } from '../api/link.ts';
import { useStream } from '../api/use-stream.ts';
import { connect, useWorkspace } from './workspace.ts';

interface StatusState {
  readonly statuses: readonly ConnectionStatus[];
}

const useStatusStore = create<StatusState>(() => ({ statuses: [] }));

/** Feeds the store. Renders nothing; mounted once. */
export function ConnectionStatusFeed(): null {
  useStream(
    (signal) => client.connections.statuses(undefined, { signal }),
    (statuses) => {
      const before = useStatusStore.getState().statuses;
      useStatusStore.setState({ statuses });
      reopenLost(statuses, before);
      readAgain(statuses, before);
    },
    [],
  );
  return null;
}

/**
 * A connection that can read again: after a new session everything that was read of it is in doubt; after the same
 * session only what failed meanwhile, since its watches tell the rest.
 */
function readAgain(statuses: readonly ConnectionStatus[], before: readonly ConnectionStatus[]): void {
  for (const status of statuses) {
    const earlier = before.find(({ connectionId }) => connectionId === status.connectionId);
    if (!isUsable(status) || !earlier) continue;
    const isNewSession = earlier.sessionId !== status.sessionId;
    if (!isNewSession && isUsable(earlier)) continue;
    void queryClient.invalidateQueries({
      predicate: ({ queryKey, state }) =>
        (isNewSession || state.status === 'error') && JSON.stringify(queryKey).includes(status.connectionId),
    });
  }
}

let seenGeneration = 0;

/**
 * A shell that was restarted has forgotten which connections were open, so the first list of a new wire decides: the
 * connection on screen is opened again if it was open before. Later lists do not: a connection that is missing there
 * was closed by the person.
 */
function reopenLost(statuses: readonly ConnectionStatus[], before: readonly ConnectionStatus[]): void {
  const { generation } = useLink.getState();
  if (generation === seenGeneration) return;
  seenGeneration = generation;
  const { connectionId } = useWorkspace.getState();
  const isIn = (list: readonly ConnectionStatus[]): boolean =>
    list.some((status) => status.connectionId === connectionId);
  if (connectionId !== null && isIn(before) && !isIn(statuses)) void connect(connectionId);
}

/** Every open connection. */
export function useConnectionStatuses(): readonly ConnectionStatus[] {
  return useStatusStore((state) => state.statuses);
}

/** The state of a connection, of the present one if none is named; null while it is not open. */
export function useConnectionStatus(connectionId?: string): ConnectionStatus | null {
  const present = useWorkspace((state) => state.connectionId);
  const wanted = connectionId ?? present;
  return useStatusStore((state) => state.statuses.find((status) => status.connectionId === wanted) ?? null);
}

/** The state of the present connection now, for commands. */
export function currentStatus(): ConnectionStatus | null {
  const { connectionId } = useWorkspace.getState();
  return useStatusStore.getState().statuses.find((status) => status.connectionId === connectionId) ?? null;
}

/** Whether the present connection has a session that can read. */
export function isUsable(status: ConnectionStatus | null): boolean {
  return status?.state === 'connected' || status?.state === 'connected-read-only';
}

/** Whether writes would go out through the present connection: connected, not read-only, not locked. */
export function useIsWritable(): boolean {
  const status = useConnectionStatus();
  if (status?.state !== 'connected') return false;
  return status.writeGuard.kind === 'open' || status.writeGuard.kind === 'unlocked';
}

/** The profile of the present connection, or of the one named. */
export function useConnectionProfile(connectionId?: string): ConnectionProfile | null {
  const present = useWorkspace((state) => state.connectionId);
  const wanted = connectionId ?? present;
  const { data } = useQuery(api.connections.list.queryOptions());
  return data?.find((profile) => profile.connectionId === wanted) ?? null;
}

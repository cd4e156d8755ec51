/**
 * The live state of every open connection: one stream from the shell, kept in one store, so that any number of views
 * read it. `ConnectionStatusFeed` is mounted once, in the frame.
 */
import { create } from 'zustand';
import type { ConnectionProfile, ConnectionStatus } from '../../shared/api/connections.ts';
import { useQuery } from '@tanstack/react-query';
import { api, client } from '../api/client.ts';
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
      useStatusStore.setState({ statuses });
      reopenLost(statuses);
    },
    [],
  );
  return null;
}

let hadOpen: string | null = null;

/**
 * A shell that was restarted has forgotten which connections were open. The one on screen was open before, so it is
 * opened again without asking; one that the person closed is not (closing leaves it in the list as `closed`).
 */
function reopenLost(statuses: readonly ConnectionStatus[]): void {
  const { connectionId } = useWorkspace.getState();
  const isOpen = statuses.some((status) => status.connectionId === connectionId);
  if (connectionId !== null && hadOpen === connectionId && !isOpen) void connect(connectionId);
  hadOpen = isOpen ? connectionId : null;
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

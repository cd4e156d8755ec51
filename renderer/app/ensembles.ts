/**
 * Servers that Zabra runs on this machine, fed by one stream. A started server comes with a profile, so the list of
 * profiles is read again when the set changes.
 */
import { create } from 'zustand';
import type { EnsembleDto } from '../../shared/api/ensembles.ts';
import { api, client, queryClient } from '../api/client.ts';
import { useStream } from '../api/use-stream.ts';
import { openConnection, reconnect } from './workspace.ts';

interface EnsembleState {
  readonly ensembles: readonly EnsembleDto[];
}

const useEnsembleStore = create<EnsembleState>(() => ({ ensembles: [] }));

/** Feeds the store. Renders nothing; mounted once. */
export function EnsemblesFeed(): null {
  useStream(
    (signal) => client.ensembles.list(undefined, { signal }),
    (ensembles) => {
      const idsOf = (list: readonly EnsembleDto[]): string => list.map(({ ensembleId }) => ensembleId).join();
      const isSetChanged = idsOf(ensembles) !== idsOf(useEnsembleStore.getState().ensembles);
      useEnsembleStore.setState({ ensembles });
      if (isSetChanged) void refreshConnections();
    },
    [],
  );
  return null;
}

/** The local server with this id; null for none, or while its state is not known yet. */
export function useEnsemble(ensembleId: string | undefined): EnsembleDto | null {
  return useEnsembleStore(({ ensembles }) => ensembles.find((one) => one.ensembleId === ensembleId) ?? null);
}

/** Reads the list of profiles again, after something changed it. */
export async function refreshConnections(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: api.connections.list.key() });
}

/** Starts a stopped server again, empty, with a new session on it. Rejects as the call does. */
export async function restartLocalServer({ ensembleId, connectionId }: EnsembleDto): Promise<void> {
  await client.ensembles.restart({ ensembleId });
  await reconnect(connectionId);
}

/** Starts a server with the defaults and opens the workspace on it. Rejects as the call does. */
export async function startLocalServer(): Promise<void> {
  const { connectionId } = await client.ensembles.start({});
  await refreshConnections();
  await openConnection(connectionId);
}

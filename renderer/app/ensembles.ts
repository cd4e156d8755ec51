/**
 * Ensembles that Zabra runs on this machine, fed by one stream. A new one comes with a profile, so the list of profiles is
 * read again when the set changes.
 */
import { create } from 'zustand';
import type { EnsembleDto, EnsembleRequest } from '../../shared/api/ensembles.ts';
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

/** All of them, in the order in which they were made. */
export function useEnsembles(): readonly EnsembleDto[] {
  return useEnsembleStore(({ ensembles }) => ensembles);
}

/** As they are now, for who does not render. */
export function currentEnsembles(): readonly EnsembleDto[] {
  return useEnsembleStore.getState().ensembles;
}

/** The local ensemble with this id; null for none, or while its state is not known yet. */
export function useEnsemble(ensembleId: string | undefined): EnsembleDto | null {
  return useEnsembleStore(({ ensembles }) => ensembles.find((one) => one.ensembleId === ensembleId) ?? null);
}

/** Reads the list of profiles again, after something changed it. */
export async function refreshConnections(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: api.connections.list.key() });
}

/** Starts a stopped ensemble again, with a new session on it. Rejects as the call does. */
export async function startAgain({ ensembleId, connectionId }: EnsembleDto): Promise<void> {
  await client.ensembles.start({ ensembleId });
  await reconnect(connectionId);
}

/** Makes an ensemble (three servers where nothing else is asked) and opens the workspace on it. Rejects as the call does. */
export async function startLocalEnsemble(request: EnsembleRequest = {}): Promise<void> {
  const { connectionId } = await client.ensembles.create(request);
  await refreshConnections();
  await openConnection(connectionId);
}

/** What can be done to an ensemble from here, and who hears when it cannot: the notice of the view. */
import { create } from 'zustand';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { failureOf } from '../../api/failure.ts';
import { refreshConnections } from '../../app/ensembles.ts';
import { openConnection } from '../../app/workspace.ts';

interface ActionState {
  /** Calls under way, so that a button that was pressed shows it. */
  readonly busy: ReadonlySet<string>;
  readonly failure: { readonly ensembleId: string; readonly failure: Failure } | null;
}

const useActions = create<ActionState>(() => ({ busy: new Set(), failure: null }));

/** `what` names the call among those of this ensemble. */
export async function act(ensembleId: string, what: string, call: () => Promise<unknown>): Promise<void> {
  const key = `${ensembleId} ${what}`;
  useActions.setState(({ busy }) => ({ busy: new Set([...busy, key]), failure: null }));
  try {
    await call();
  } catch (error) {
    useActions.setState({ failure: { ensembleId, failure: failureOf(error) } });
  } finally {
    useActions.setState(({ busy }) => ({ busy: new Set([...busy].filter((one) => one !== key)) }));
  }
}

export function useIsBusy(ensembleId: string, what: string): boolean {
  return useActions(({ busy }) => busy.has(`${ensembleId} ${what}`));
}

export function useActionFailure(ensembleId: string): Failure | null {
  return useActions(({ failure }) => (failure?.ensembleId === ensembleId ? failure.failure : null));
}

export function dismissActionFailure(): void {
  useActions.setState({ failure: null });
}

export async function openWorkspace({ connectionId }: EnsembleDto): Promise<void> {
  await refreshConnections();
  await openConnection(connectionId);
}

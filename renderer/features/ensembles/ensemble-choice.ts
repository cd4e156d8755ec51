/** What the Ensembles view shows: which ensemble, and which dialog is open. Kept while one looks at other views. */
import { create } from 'zustand';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';

export type EnsembleDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'remove'; readonly ensembleId: string }
  | {
      readonly kind: 'wipe' | 'remove-server' | 'conditions';
      readonly ensembleId: string;
      readonly sid: number;
    };

interface ChoiceState {
  readonly ensembleId: string | null;
  readonly dialog: EnsembleDialog | null;
}

const useChoice = create<ChoiceState>(() => ({ ensembleId: null, dialog: null }));

export function chooseEnsemble(ensembleId: string): void {
  useChoice.setState({ ensembleId });
}

export function openEnsembleDialog(dialog: EnsembleDialog): void {
  useChoice.setState({ dialog });
}

export function closeEnsembleDialog(): void {
  useChoice.setState({ dialog: null });
}

export function useEnsembleDialog(): EnsembleDialog | null {
  return useChoice(({ dialog }) => dialog);
}

/** The chosen one; else the one of the present connection, else the first. */
export function presentEnsemble(
  ensembles: readonly EnsembleDto[],
  chosenId: string | null,
  connectionId: string | null,
): EnsembleDto | null {
  return (
    ensembles.find(({ ensembleId }) => ensembleId === chosenId) ??
    ensembles.find((one) => one.connectionId === connectionId) ??
    ensembles[0] ??
    null
  );
}

export function useChosenId(): string | null {
  return useChoice(({ ensembleId }) => ensembleId);
}

export function chosenId(): string | null {
  return useChoice.getState().ensembleId;
}

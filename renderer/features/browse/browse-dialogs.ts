/** Which dialog of the Browse view is open, and what it last did that one can take back. View state only. */
import { create } from 'zustand';
import type { AclDto } from '../../../shared/api/common.ts';

export type BrowseDialog =
  | { readonly kind: 'create'; readonly parent: string; readonly name: string }
  | { readonly kind: 'delete'; readonly paths: readonly string[] };

/** A deleted node, whole, so that it can be made again. */
export interface DeletedNode {
  readonly connectionId: string;
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly AclDto[];
}

interface BrowseState {
  readonly dialog: BrowseDialog | null;
  /** Offered for undo until the next write or dismissal. */
  readonly deleted: DeletedNode | null;
}

export const useBrowseState = create<BrowseState>(() => ({ dialog: null, deleted: null }));

export function openCreateDialog(parent: string, name = ''): void {
  useBrowseState.setState({ dialog: { kind: 'create', parent, name } });
}

export function openDeleteDialog(paths: readonly string[]): void {
  const deletable = paths.filter((path) => path !== '/');
  if (deletable.length > 0) useBrowseState.setState({ dialog: { kind: 'delete', paths: deletable } });
}

export function closeBrowseDialog(): void {
  useBrowseState.setState({ dialog: null });
}

export function offerUndo(deleted: DeletedNode | null): void {
  useBrowseState.setState({ deleted });
}

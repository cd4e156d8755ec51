/** Writes a znode's data with the version that was seen, and takes it back. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '../../../../shared/api/failure.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { api, client, queryClient } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { invalidateZnode } from '../tree/use-tree.ts';
import { dropDraft } from './draft-store.ts';

/** The last save of this pane, for as long as it can be undone by one click. */
export interface SavedData {
  readonly version: number;
  readonly previous: Uint8Array | null;
  /** It was an undo itself. */
  readonly isUndo: boolean;
}

interface Save {
  readonly data: Uint8Array | null;
  /** The version that must still be there. */
  readonly version: number;
  readonly previous: Uint8Array | null;
  readonly isUndo?: boolean;
}

export interface SaveData {
  readonly isSaving: boolean;
  readonly saved: SavedData | null;
  readonly failure: Failure | null;
  readonly save: (save: Save) => void;
  readonly dismiss: () => void;
}

export function useSaveData({ connectionId, path }: { connectionId: string; path: string }): SaveData {
  const [saved, setSaved] = useState<SavedData | null>(null);
  const mutation = useMutation({
    mutationFn: async ({ data, version }: Save) =>
      client.znodes.setData({ connectionId, path, data, version }),
    onMutate: () => {
      setSaved(null);
    },
    onSuccess: (stat, { data, previous, isUndo = false }) => {
      const znode: ZnodeDto = { path, data, stat };
      queryClient.setQueryData(api.znodes.get.queryKey({ input: { connectionId, path } }), znode);
      dropDraft(connectionId, path);
      setSaved({ version: stat.version, previous, isUndo });
    },
    // Whatever went wrong, what the server has now decides what can be done next.
    onError: async () => invalidateZnode(connectionId, path),
  });
  return {
    isSaving: mutation.isPending,
    saved,
    failure: mutation.error === null ? null : failureOf(mutation.error),
    save: (save) => {
      mutation.mutate(save);
    },
    dismiss: () => {
      mutation.reset();
    },
  };
}

/**
 * Edits that are not saved, by connection and path. They are kept by the shell as well: the first change at once,
 * further ones at most every moment, the last at the latest when the page goes. So they outlive a lost session, a closed
 * window and a restart.
 */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Draft } from '../../../../shared/api/app.ts';
import { client } from '../../../api/client.ts';

type DraftsByPath = ReadonlyMap<string, Draft>;

interface DraftState {
  readonly byConnection: Readonly<Record<string, DraftsByPath>>;
}

const NONE: DraftsByPath = new Map();
const SAVE_INTERVAL_MS = 400;

const useDraftState = create<DraftState>(() => ({ byConnection: {} }));
/** Drafts that were saved a moment ago; `next` is what has changed since. */
const saving = new Map<string, { timer: ReturnType<typeof setTimeout>; next: Draft | undefined }>();

function draftsOf(connectionId: string): DraftsByPath {
  return useDraftState.getState().byConnection[connectionId] ?? NONE;
}

function replaceDrafts(connectionId: string, drafts: DraftsByPath): void {
  useDraftState.setState(({ byConnection }) => ({
    byConnection: { ...byConnection, [connectionId]: drafts },
  }));
}

function keyOf({ connectionId, path }: Pick<Draft, 'connectionId' | 'path'>): string {
  return `${connectionId}\n${path}`;
}

/** The draft of a node as it is now, outside of rendering. */
export function draftOf(connectionId: string, path: string): Draft | undefined {
  return draftsOf(connectionId).get(path);
}

export function putDraft(draft: Draft): void {
  replaceDrafts(draft.connectionId, new Map(draftsOf(draft.connectionId)).set(draft.path, draft));
  const recent = saving.get(keyOf(draft));
  if (recent === undefined) saveThenWait(draft);
  else recent.next = draft;
}

function saveThenWait(draft: Draft): void {
  const key = keyOf(draft);
  // A shell that does not answer loses nothing yet: the draft is here, and the next change saves it again.
  client.app.saveDraft(draft).catch(() => undefined);
  const timer = setTimeout(() => {
    const next = saving.get(key)?.next;
    saving.delete(key);
    if (next !== undefined) saveThenWait(next);
  }, SAVE_INTERVAL_MS);
  saving.set(key, { timer, next: undefined });
}

window.addEventListener('pagehide', () => {
  for (const { next } of saving.values()) {
    if (next !== undefined) client.app.saveDraft(next).catch(() => undefined);
  }
});

export function dropDraft(connectionId: string, path: string): void {
  const drafts = draftsOf(connectionId);
  const key = keyOf({ connectionId, path });
  clearTimeout(saving.get(key)?.timer);
  saving.delete(key);
  if (!drafts.has(path)) return;
  replaceDrafts(connectionId, new Map([...drafts].filter(([kept]) => kept !== path)));
  client.app.discardDraft({ connectionId, path }).catch(() => undefined);
}

/** Brings back what was not saved when Zabra ran last. */
export function useStoredDrafts(connectionId: string): void {
  useEffect(() => {
    const abort = new AbortController();
    client.app
      .drafts({ connectionId }, { signal: abort.signal })
      .then((stored) => {
        if (abort.signal.aborted) return;
        const drafts = new Map(stored.map((draft) => [draft.path, draft]));
        // What is being edited in this window is newer than what was stored.
        replaceDrafts(connectionId, new Map([...drafts, ...draftsOf(connectionId)]));
      })
      .catch(() => undefined);
    return () => {
      abort.abort();
    };
  }, [connectionId]);
}

export function useDraft(connectionId: string, path: string): Draft | undefined {
  return useDraftState(({ byConnection }) => byConnection[connectionId]?.get(path));
}

/** The paths that have one. */
export function useDraftPaths(connectionId: string): { has(path: string): boolean } {
  return useDraftState(({ byConnection }) => byConnection[connectionId] ?? NONE);
}

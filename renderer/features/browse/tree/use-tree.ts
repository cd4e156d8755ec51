/** The trees of this window, one a connection, and what ties the one on screen to React and to the shell. */
import { useEffect, useSyncExternalStore } from 'react';
import { api, client, queryClient } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { useLink } from '../../../api/link.ts';
import { useStream } from '../../../api/use-stream.ts';
import { isUsable, useConnectionStatus } from '../../../app/connection-status.ts';
import { useSettings } from '../../../app/settings.ts';
import { presentPlace } from '../../../app/workspace.ts';
import type { ChangeBatch } from '../../../../shared/api/watches.ts';
import type { ZnodeSummary } from '../../../../shared/api/znodes.ts';
import type { Timers } from './listings.ts';
import { TreeStore } from './tree-store.ts';

const trees = new Map<string, TreeStore>();

const timers: Timers = {
  after(delayMs, run) {
    if (delayMs === 0) {
      const frame = requestAnimationFrame(run);
      return () => {
        cancelAnimationFrame(frame);
      };
    }
    const timer = setTimeout(run, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The tree of a connection; it is made once and keeps what was expanded. */
export function treeOf(connectionId: string): TreeStore {
  let tree = trees.get(connectionId);
  if (tree === undefined) {
    tree = new TreeStore({
      source: {
        children: async (path, signal) => client.znodes.children({ connectionId, path }, { signal }),
        summaries: async (paths) => client.znodes.summaries({ connectionId, paths }),
        observe: async (paths) => {
          await client.watches.observe({ connectionId, paths });
        },
        failureOf,
      },
      timers,
    });
    trees.set(connectionId, tree);
  }
  return tree;
}

/** Renders again when the tree changed, at most once a frame. */
export function useTreeVersion(tree: TreeStore): number {
  return useSyncExternalStore(tree.subscribe, tree.version);
}

/** A node's summary as the tree has it; renders again only when it is another one. */
export function useSummary(tree: TreeStore, path: string): ZnodeSummary | undefined {
  return useSyncExternalStore(tree.subscribe, () => tree.summaryOf(path));
}

/** Keeps a tree live while the view is on screen and the connection has a session. */
export function useLiveTree(connectionId: string): TreeStore {
  const tree = treeOf(connectionId);
  const status = useConnectionStatus(connectionId);
  const isLive = isUsable(status);
  const { childrenAskAbove } = useSettings();
  const sessionId = status?.sessionId ?? null;
  // The shell forgets what a page shows when its wire is lost.
  const generation = useLink((state) => state.generation);

  useEffect(() => {
    if (!isLive) return;
    tree.start(childrenAskAbove);
    return () => {
      tree.stop();
    };
  }, [tree, isLive, sessionId, generation, childrenAskAbove]);

  useStream(
    isLive ? async (signal) => client.watches.changes({ connectionId }, { signal }) : null,
    (batch) => {
      tree.applyChanges(batch);
      invalidatePane(connectionId, batch);
    },
    [connectionId],
  );
  return tree;
}

/** The node in the pane is read again when a change names it. Others are read when they are opened. */
function invalidatePane(connectionId: string, batch: ChangeBatch): void {
  const { path } = presentPlace();
  const concerns = batch.isIncomplete || batch.changes.some((change) => change.path === path);
  if (concerns) void invalidateZnode(connectionId, path);
}

/** Reads a node's data and Stat again, if a pane shows them. */
export async function invalidateZnode(connectionId: string, path: string): Promise<void> {
  await queryClient.invalidateQueries({
    queryKey: api.znodes.get.queryKey({ input: { connectionId, path } }),
  });
}

/**
 * Keeps the tree's cursor and the workspace's selection together: a path that was chosen elsewhere is looked for in the
 * tree, and the pane follows the cursor a moment after it came to rest.
 */
import { useEffect, useEffectEvent } from 'react';
import { selectPath, useSelectedPath } from '../../../app/workspace.ts';
import type { TreeStore } from './tree-store.ts';

/** Arrow keys held down do not read every node that they pass. */
const FOLLOW_MS = 140;

/** Returns the selected path. `scrollTo` is called when the tree moved by itself. */
export function useTreeCursor(tree: TreeStore, scrollTo: (path: string) => void): string {
  const selectedPath = useSelectedPath();
  const show = useEffectEvent(scrollTo);

  useEffect(() => {
    if (tree.cursor === selectedPath) return;
    tree.moveCursor(selectedPath);
    void tree.reveal(selectedPath).then(() => {
      requestAnimationFrame(() => {
        show(selectedPath);
      });
    });
  }, [tree, selectedPath]);

  const { cursor } = tree;
  useEffect(() => {
    if (cursor === selectedPath) return;
    const timer = setTimeout(() => {
      // A key pressed since the last frame has moved it on: it has not come to rest.
      if (tree.cursor === cursor) selectPath(cursor);
    }, FOLLOW_MS);
    return () => {
      clearTimeout(timer);
    };
    // Only the cursor leads here: a selection that comes from elsewhere moves the cursor above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor]);
  return selectedPath;
}

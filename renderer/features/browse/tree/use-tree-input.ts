/** Turns keys and clicks on the tree into calls of its store. One set of handlers for all rows. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from 'react';
import { selectPath } from '../../../app/workspace.ts';
import { openCreateDialog, openDeleteDialog } from '../browse-dialogs.ts';
import { type TreeStep, stepForKey } from './tree-keys.ts';
import type { MenuPlace } from './tree-menu.tsx';
import { ROW_PX } from './tree-row.tsx';
import type { TreeStore } from './tree-store.ts';

/** Letters typed in one go are one word. */
const TYPE_AHEAD_MS = 700;

interface TreeInputOptions {
  readonly tree: TreeStore;
  readonly isWritable: boolean;
  readonly scrollTo: (path: string) => void;
  readonly onMenu: (place: MenuPlace) => void;
}

export interface TreeInput {
  onPointerDown(event: PointerEvent<HTMLElement>): void;
  onKeyUp(event: KeyboardEvent<HTMLElement>): void;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
  onClick(event: MouseEvent): void;
  onDoubleClick(event: MouseEvent): void;
  onContextMenu(event: MouseEvent): void;
}

export function useTreeInput({ tree, isWritable, scrollTo, onMenu }: TreeInputOptions): TreeInput {
  const typed = useRef({ text: '', atMs: 0 });

  const go = (path: string): void => {
    tree.moveCursor(path);
    scrollTo(path);
  };
  const enter = async (path: string): Promise<void> => {
    const child = await tree.enter(path);
    if (child !== undefined) scrollTo(child);
  };
  const typeAhead = (letter: string, nowMs: number): void => {
    const isContinued = nowMs - typed.current.atMs < TYPE_AHEAD_MS;
    typed.current = { text: isContinued ? typed.current.text + letter : letter, atMs: nowMs };
    const found = tree.findByPrefix(typed.current.text);
    if (found !== undefined) go(found);
  };
  const take = (step: TreeStep, isRange: boolean): void => {
    if (step.kind === 'expand') tree.expand(step.path);
    else if (step.kind === 'collapse') tree.collapse(step.path);
    else if (step.kind === 'load') tree.loadAnyway(step.path);
    else if (step.kind === 'enter') void enter(step.path);
    else if (isRange) {
      tree.markRange(step.path);
      scrollTo(step.path);
    } else go(step.path);
  };
  /** Whether the key did something. */
  const act = (event: KeyboardEvent<HTMLElement>): boolean => {
    const { cursor, marked } = tree;
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const box = rowOf(event.currentTarget, cursor)?.getBoundingClientRect();
      if (box !== undefined) onMenu({ path: cursor, x: box.left + 40, y: box.bottom });
    } else if (event.key === 'Enter') selectPath(cursor);
    else if (event.key === 'Delete' && isWritable) openDeleteDialog(marked.size > 0 ? [...marked] : [cursor]);
    else if (event.key === 'Insert' && isWritable) openCreateDialog(cursor);
    else if (event.key === ' ') tree.toggleMark(cursor);
    else if (event.key === 'Escape' && marked.size > 0) tree.moveCursor(cursor);
    else if (event.key === '*') tree.expandSiblings(cursor);
    else return false;
    return true;
  };
  return {
    onPointerDown(event) {
      markInput(event.currentTarget, 'pointer');
    },
    // Tab comes in as the key goes up.
    onKeyUp(event) {
      markInput(event.currentTarget, 'keys');
    },
    onKeyDown(event) {
      markInput(event.currentTarget, 'keys');
      if (event.target !== event.currentTarget) return;
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
      const pageRows = Math.max(1, Math.floor(event.currentTarget.clientHeight / ROW_PX) - 1);
      const step = hasModifier
        ? undefined
        : stepForKey(tree.model, { key: event.key, cursor: tree.cursor, pageRows });
      if (step !== undefined) take(step, event.shiftKey);
      else if (!act(event)) {
        if (event.key.length === 1 && !hasModifier) typeAhead(event.key, event.timeStamp);
        return;
      }
      event.preventDefault();
    },
    onClick(event) {
      const target = event.target as Element;
      const path = pathOfRow(target);
      if (path === undefined) return;
      if (isChevron(target)) tree.toggle(path);
      else if (event.shiftKey) tree.markRange(path);
      else if (event.ctrlKey || event.metaKey) tree.toggleMark(path);
      else {
        tree.moveCursor(path);
        selectPath(path);
      }
    },
    onDoubleClick(event) {
      const target = event.target as Element;
      const path = pathOfRow(target);
      if (path !== undefined && !isChevron(target)) tree.toggle(path);
    },
    onContextMenu(event) {
      const path = pathOfRow(event.target as Element);
      if (path === undefined) return;
      event.preventDefault();
      if (!tree.marked.has(path)) tree.moveCursor(path);
      onMenu({ path, x: event.clientX, y: event.clientY });
    },
  };
}

/**
 * The focus is the list's, whichever row is clicked, so :focus-visible cannot tell a click on a row from a key: the list
 * says by what it was used last, and shows the ring for keys only. Set in place: no row renders because of it.
 */
function markInput(list: HTMLElement, input: 'pointer' | 'keys'): void {
  list.dataset['input'] = input;
}

function rowOf(list: Element, path: string): Element | null {
  return list.querySelector(`[data-path="${CSS.escape(path)}"]`);
}

function pathOfRow(target: Element): string | undefined {
  if (target.closest('button') !== null) return undefined;
  return target.closest<HTMLElement>('[data-path]')?.dataset['path'];
}

function isChevron(target: Element): boolean {
  return target.closest('[data-toggle]') !== null;
}

/** Where keys move the cursor of the tree (the ARIA tree pattern), decided on the model alone. */
import { parentPath } from '../../../../shared/path.ts';
import type { TreeModel } from './tree-model.ts';

export type TreeStep =
  | { readonly kind: 'move'; readonly path: string }
  /** `enter`: to the first child, which is not there yet. */
  | { readonly kind: 'expand' | 'collapse' | 'load' | 'enter'; readonly path: string };

/** What a key does at `cursor`; undefined for a key that does nothing here. */
export function stepForKey(
  model: TreeModel,
  { key, cursor, pageRows }: { key: string; cursor: string; pageRows: number },
): TreeStep | undefined {
  const index = Math.max(0, model.indexOf(cursor));
  switch (key) {
    case 'ArrowDown':
      return moveTo(model, index + 1, 1);
    case 'ArrowUp':
      return moveTo(model, index - 1, -1);
    case 'PageDown':
      return moveTo(model, Math.min(model.rowCount - 1, index + pageRows), -1);
    case 'PageUp':
      return moveTo(model, Math.max(0, index - pageRows), 1);
    case 'Home':
      return moveTo(model, 0, 1);
    case 'End':
      return moveTo(model, model.rowCount - 1, -1);
    case 'ArrowRight':
      return stepInto(model, cursor);
    case 'ArrowLeft':
      if (model.isOpen(cursor)) return { kind: 'collapse', path: cursor };
      return cursor === '/' ? undefined : { kind: 'move', path: parentPath(cursor) };
    default:
      return undefined;
  }
}

/** The first node at or beyond `index` in a direction; rows that are notices are passed over. */
function moveTo(model: TreeModel, index: number, direction: 1 | -1): TreeStep | undefined {
  for (let at = index; ; at += direction) {
    const row = model.rowAt(at);
    if (row === undefined) return undefined;
    if (row.kind === 'node') return { kind: 'move', path: row.path };
  }
}

function stepInto(model: TreeModel, cursor: string): TreeStep {
  if (!model.isOpen(cursor)) return { kind: 'expand', path: cursor };
  // The question of a large node is answered by the same key that opened it.
  if (model.noticeOf(cursor)?.kind === 'ask') return { kind: 'load', path: cursor };
  const first = model.firstChildOf(cursor);
  return first === undefined ? { kind: 'enter', path: cursor } : { kind: 'move', path: first };
}

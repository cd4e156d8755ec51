/** The rows that are in sight, and the context menu over them. What rows there are is the store's business. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { IconButton } from '../../../components/icon-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { useDraftPaths } from '../data/draft-store.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { type MenuPlace, TreeMenu } from './tree-menu.tsx';
import { TreeNotice } from './tree-notice.tsx';
import { INDENT_PX, ROW_PX, TreeRow } from './tree-row.tsx';
import { EXPAND_ALL_MAX, type TreeStore } from './tree-store.ts';
import { useTreeCursor } from './use-tree-cursor.ts';
import { useTreeInput } from './use-tree-input.ts';
import { useTreeVersion } from './use-tree.ts';
import classes from './tree.module.css';

interface TreeRowsProps {
  readonly tree: TreeStore;
  readonly connectionId: string;
  readonly widthPx: number;
}

/** Rows above and below the ones in sight. */
const OVERSCAN_ROWS = 10;
/** Elements are used again for other rows: filling one costs a fraction of making one. */
const RING_MIN = 64;

/** Levels that are indented; deeper ones say their depth instead. At least 170 px are left for names. */
function indentLevels(widthPx: number): number {
  return Math.max(4, Math.min(40, Math.floor((widthPx - 170) / INDENT_PX)));
}

/** Reads the summaries of the rows in sight. */
function useShownRows(
  tree: TreeStore,
  { first, last, version }: { first: number; last: number; version: number },
): void {
  useEffect(() => {
    const paths: string[] = [];
    for (let index = first; index <= last; index++) {
      const row = tree.model.rowAt(index);
      if (row?.kind === 'node') paths.push(row.path);
    }
    tree.showRows(paths);
  }, [tree, version, first, last]);
}

export function TreeRows({ tree, connectionId, widthPx }: TreeRowsProps): ReactNode {
  const t = useTexts();
  const version = useTreeVersion(tree);
  const drafts = useDraftPaths(connectionId);
  const { isWritable } = useWriteGuard();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: tree.model.rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
  });
  const scrollTo = (path: string): void => {
    const index = tree.model.indexOf(path);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  const selectedPath = useTreeCursor(tree, scrollTo);
  const input = useTreeInput({ tree, isWritable, scrollTo, onMenu: setMenu });

  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useShownRows(tree, { first, last, version });

  const { cursor } = tree;
  const cursorIndex = tree.model.indexOf(cursor);
  const isCursorShown = cursorIndex >= first && cursorIndex <= last;
  const ring = Math.max(RING_MIN, items.length);
  const indentMax = indentLevels(widthPx);
  const renderRow = ({ index, start }: { index: number; start: number }): ReactNode => {
    const row = tree.model.rowAt(index);
    if (row === undefined) return null;
    const place = { index, top: start, indentMax, t };
    if (row.kind === 'notice') return <TreeNotice key={index % ring} {...place} row={row} tree={tree} />;
    return (
      <TreeRow
        key={index % ring}
        {...place}
        row={row}
        summary={tree.summaryOf(row.path)}
        isCursor={row.path === cursor}
        isSelected={row.path === selectedPath}
        isMarked={tree.marked.has(row.path)}
        isDenied={tree.isDenied(row.path)}
        hasDraft={drafts.has(row.path)}
        flash={tree.flashOf(row.path)}
        filter={tree.model.filter}
        widthPx={widthPx}
      />
    );
  };
  return (
    <>
      <div
        ref={scrollRef}
        role="tree"
        aria-label={t('browse:tree.label')}
        aria-multiselectable
        aria-activedescendant={isCursorShown ? `tree-row-${cursorIndex}` : undefined}
        tabIndex={0}
        className={classes.scroll}
        {...input}
      >
        <div className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(renderRow)}
        </div>
      </div>
      <MenuAndLimit
        place={menu}
        connectionId={connectionId}
        tree={tree}
        onClose={() => {
          setMenu(null);
          scrollRef.current?.focus();
        }}
      />
    </>
  );
}

interface MenuAndLimitProps {
  readonly place: MenuPlace | null;
  readonly connectionId: string;
  readonly tree: TreeStore;
  readonly onClose: () => void;
}

/** The context menu, and what is to be said when "expand all below" stopped at its limit. */
function MenuAndLimit(props: MenuAndLimitProps): ReactNode {
  const t = useTexts();
  const [isLimitReached, setLimitReached] = useState(false);
  return (
    <>
      {isLimitReached && (
        <div className={classes.foot} role="status">
          {t('browse:tree.expandLimit', { count: EXPAND_ALL_MAX })}
          <span className={classes.footGap} />
          <IconButton
            icon={X}
            label={t('action.close')}
            onClick={() => {
              setLimitReached(false);
            }}
          />
        </div>
      )}
      <TreeMenu
        {...props}
        onExpandLimit={() => {
          setLimitReached(true);
        }}
      />
    </>
  );
}

/** The tree's pane: the filter and what one can do with the tree, the rows, and what is marked. */
import { Button } from '@mantine/core';
import { Plus, RefreshCw } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { formatCount } from '../../../app/format.ts';
import { useSelectedPath } from '../../../app/workspace.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { openCreateDialog, openDeleteDialog } from '../browse-dialogs.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { FilterBox, FilterNote } from './tree-filter.tsx';
import { TreeRows } from './tree-rows.tsx';
import type { TreeStore } from './tree-store.ts';
import { useTreeVersion } from './use-tree.ts';
import classes from './tree.module.css';

interface TreePaneProps {
  readonly tree: TreeStore;
  readonly connectionId: string;
  readonly widthPx: number;
}

export function TreePane({ tree, connectionId, widthPx }: TreePaneProps): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const selectedPath = useSelectedPath();
  const filterRef = useRef<HTMLInputElement>(null);
  return (
    <nav
      className={classes.pane}
      aria-label={t('browse:tree.label')}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
          event.preventDefault();
          filterRef.current?.focus();
        }
      }}
    >
      <div className={classes.tools}>
        <FilterBox tree={tree} inputRef={filterRef} />
        <IconButton
          icon={RefreshCw}
          label={t('browse:tree.refresh')}
          onClick={() => {
            tree.refresh('/');
          }}
        />
        <IconButton
          icon={Plus}
          label={guard.isWritable ? t('browse:tree.create') : t(`browse:guard.${guard.why}`)}
          shortcut={guard.isWritable ? 'Insert' : undefined}
          disabled={!guard.isWritable}
          onClick={() => {
            openCreateDialog(selectedPath);
          }}
        />
      </div>
      <FilterNote tree={tree} />
      <TreeBody tree={tree} connectionId={connectionId} widthPx={widthPx} />
      <MarkedFoot tree={tree} />
    </nav>
  );
}

function TreeBody(props: TreePaneProps): ReactNode {
  const t = useTexts();
  const { tree } = props;
  useTreeVersion(tree);
  const isFirstLoad = tree.model.rowCount === 1 && tree.isReading('/');
  return isFirstLoad ? <SkeletonRows what={t('browse:tree.label')} /> : <TreeRows {...props} />;
}

/** What is marked, and what one can do with it. */
function MarkedFoot({ tree }: { readonly tree: TreeStore }): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  useTreeVersion(tree);
  if (tree.marked.size < 2) return null;
  return (
    <div className={classes.foot} role="status">
      {t('browse:tree.marked', { count: tree.marked.size, formatted: formatCount(tree.marked.size) })}
      <span className={classes.footGap} />
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => {
          tree.moveCursor(tree.cursor);
        }}
      >
        {t('browse:tree.unmark')}
      </Button>
      <Button
        size="compact-xs"
        color="red"
        disabled={!guard.isWritable}
        onClick={() => {
          openDeleteDialog([...tree.marked]);
        }}
      >
        {t('browse:tree.deleteMarked')}
      </Button>
    </div>
  );
}

/** Browse: the tree of znodes beside the panes of the selected one, and the dialogs that both open. */
import { FilePlus2, RefreshCw, Trash2 } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useIsWritable } from '../../app/connection-status.ts';
import { changeSettings, useSettings } from '../../app/settings.ts';
import { presentPlace, useSelectedPath, useWorkspace } from '../../app/workspace.ts';
import { SplitPane } from '../../components/split-pane.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { SETTINGS_DEFAULTS } from '../../../shared/api/app.ts';
import { closeBrowseDialog, openCreateDialog, openDeleteDialog, useBrowseState } from './browse-dialogs.ts';
import { useStoredDrafts } from './data/draft-store.ts';
import { CreateDialog } from './dialogs/create-dialog.tsx';
import { DeleteDialog } from './dialogs/delete-dialog.tsx';
import { UndoDelete } from './dialogs/undo-delete.tsx';
import { NodePane } from './node/node-pane.tsx';
import { TreePane } from './tree/tree-pane.tsx';
import { useLiveTree } from './tree/use-tree.ts';
import type { TreeStore } from './tree/tree-store.ts';
import classes from './browse.module.css';

const TREE_PX_MIN = 200;
const TREE_PX_MAX = 900;

/** Rendered only while there is a connection. */
export function BrowseView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <Browse key={connectionId} connectionId={connectionId} />;
}

function Browse({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const path = useSelectedPath();
  const { treeWidth } = useSettings();
  const tree = useLiveTree(connectionId);
  useStoredDrafts(connectionId);
  useBrowseCommands(tree);
  return (
    <>
      <SplitPane
        sized="first"
        direction="columns"
        size={treeWidth}
        sizeMin={TREE_PX_MIN}
        sizeMax={TREE_PX_MAX}
        sizeDefault={SETTINGS_DEFAULTS.treeWidth}
        what={t('browse:tree.label')}
        onResize={(width) => {
          changeSettings({ treeWidth: width });
        }}
        first={<TreePane tree={tree} connectionId={connectionId} widthPx={treeWidth} />}
        second={
          <div className={classes.content}>
            <UndoDelete connectionId={connectionId} />
            <NodePane key={path} connectionId={connectionId} path={path} />
          </div>
        }
      />
      <BrowseDialogs connectionId={connectionId} />
    </>
  );
}

function BrowseDialogs({ connectionId }: { readonly connectionId: string }): ReactNode {
  const dialog = useBrowseState((state) => state.dialog);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'create':
      return (
        <CreateDialog
          connectionId={connectionId}
          parent={dialog.parent}
          name={dialog.name}
          onClose={closeBrowseDialog}
        />
      );
    case 'delete':
      return <DeleteDialog connectionId={connectionId} paths={dialog.paths} onClose={closeBrowseDialog} />;
  }
}

function useBrowseCommands(tree: TreeStore): void {
  const isWritable = useIsWritable();
  const commands = useMemo(
    () =>
      [
        {
          id: 'browse.create',
          titleKey: 'browse:command.create',
          icon: FilePlus2,
          isAvailable: () => isWritable,
          run: () => {
            openCreateDialog(presentPlace().path);
          },
        },
        {
          id: 'browse.delete',
          titleKey: 'browse:command.delete',
          icon: Trash2,
          isAvailable: () => isWritable && presentPlace().path !== '/',
          run: () => {
            openDeleteDialog([presentPlace().path]);
          },
        },
        {
          id: 'browse.refresh',
          titleKey: 'browse:command.refresh',
          icon: RefreshCw,
          run: () => {
            tree.refresh('/');
          },
        },
      ] as const,
    [tree, isWritable],
  );
  useCommands(commands);
}

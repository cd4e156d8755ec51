/** The tree's context menu: one for all rows, opened where the pointer or the cursor is. */
import { Menu } from '@mantine/core';
import {
  ChevronsDownUp,
  Copy,
  ListTree,
  Plus,
  RadioTower,
  RefreshCw,
  TextCursor,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { client } from '../../../api/client.ts';
import { openView } from '../../../app/workspace.ts';
import { KeyHint } from '../../../components/key-hint.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { baseName } from '../../../../shared/path.ts';
import { openCreateDialog, openDeleteDialog } from '../browse-dialogs.ts';
import { useWriteGuard } from '../write-guard.tsx';
import type { TreeStore } from './tree-store.ts';
import classes from './tree.module.css';

export interface MenuPlace {
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

interface TreeMenuProps {
  readonly place: MenuPlace | null;
  readonly connectionId: string;
  readonly tree: TreeStore;
  readonly onClose: () => void;
  /** "Expand all below" stopped at its limit. */
  readonly onExpandLimit: () => void;
}

const CLOSING_EVENTS = ['mousedown', 'touchstart'];
const ICON = { size: 14, strokeWidth: 1.75 } as const;

export function TreeMenu({ place, connectionId, tree, onClose, onExpandLimit }: TreeMenuProps): ReactNode {
  const t = useTexts();
  const { isWritable } = useWriteGuard();
  if (place === null) return null;
  const { path } = place;
  const isMarkedMany = tree.marked.size > 1 && tree.marked.has(path);

  const expandAll = async (): Promise<void> => {
    if (!(await tree.expandAll(path))) onExpandLimit();
  };
  const watch = async (): Promise<void> => {
    await client.watches.watchSubtree({ connectionId, path });
    openView('events');
  };

  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      withinPortal
      width={250}
      // By default a key outside closes it, and the key that opened it is still on its way up.
      clickOutsideEvents={CLOSING_EVENTS}
    >
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t('browse:menu.label', { path })}>
        <Menu.Label>
          <div className={classes.path} title={path}>
            {path}
          </div>
        </Menu.Label>
        <Menu.Item leftSection={<Copy {...ICON} />} onClick={() => void navigator.clipboard.writeText(path)}>
          {t('browse:menu.copyPath')}
        </Menu.Item>
        <Menu.Item
          leftSection={<TextCursor {...ICON} />}
          disabled={path === '/'}
          onClick={() => void navigator.clipboard.writeText(baseName(path))}
        >
          {t('browse:menu.copyName')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<ListTree {...ICON} />} onClick={() => void expandAll()}>
          {t('browse:menu.expandAll')}
        </Menu.Item>
        <Menu.Item
          leftSection={<ChevronsDownUp {...ICON} />}
          disabled={!tree.model.isOpen(path)}
          onClick={() => {
            tree.collapse(path);
          }}
        >
          {t('browse:menu.collapse')}
        </Menu.Item>
        <Menu.Item
          leftSection={<RefreshCw {...ICON} />}
          onClick={() => {
            tree.refresh(path);
          }}
        >
          {t('browse:menu.refresh')}
        </Menu.Item>
        <Menu.Item leftSection={<RadioTower {...ICON} />} onClick={() => void watch()}>
          {t('browse:menu.watch')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Plus {...ICON} />}
          rightSection={<KeyHint shortcut="Insert" />}
          disabled={!isWritable}
          onClick={() => {
            openCreateDialog(path);
          }}
        >
          {t('browse:menu.create')}
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<Trash2 {...ICON} />}
          rightSection={<KeyHint shortcut="Delete" />}
          disabled={!isWritable || path === '/'}
          onClick={() => {
            openDeleteDialog(isMarkedMany ? [...tree.marked] : [path]);
          }}
        >
          {isMarkedMany ? t('browse:menu.deleteMany', { count: tree.marked.size }) : t('browse:menu.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

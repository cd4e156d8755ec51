/**
 * The tree on screen: a filter over loaded nodes, the rows that are in sight, keys, and the context menu. What rows
 * there are is the store's business; this file places them and turns clicks and keys into its calls.
 */
import { Button, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Filter, Plus, RefreshCw, X } from 'lucide-react';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { formatCount } from '../../../app/format.ts';
import { selectPath, useSelectedPath } from '../../../app/workspace.ts';
import { IconButton } from '../../../components/icon-button.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { openCreateDialog, openDeleteDialog } from '../browse-dialogs.ts';
import { useDraftPaths } from '../data/draft-store.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { type MenuPlace, TreeMenu } from './tree-menu.tsx';
import { TreeNotice } from './tree-notice.tsx';
import { INDENT_PX, ROW_PX, TreeRow } from './tree-row.tsx';
import { stepForKey } from './tree-keys.ts';
import { EXPAND_ALL_MAX, type TreeStore } from './tree-store.ts';
import { useTreeVersion } from './use-tree.ts';
import classes from './tree.module.css';

/** Arrow keys held down do not read every node that they pass. */
const FOLLOW_MS = 140;
/** Letters typed in one go are one word. */
const TYPE_AHEAD_MS = 700;
const FILTER_MS = 80;

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

function FilterBox({
  tree,
  inputRef,
}: {
  readonly tree: TreeStore;
  readonly inputRef: React.RefObject<HTMLInputElement | null>;
}): ReactNode {
  const t = useTexts();
  const [text, setText] = useState(tree.model.filter);
  useEffect(() => {
    const timer = setTimeout(() => {
      tree.setFilter(text);
    }, FILTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [tree, text]);
  return (
    <TextInput
      ref={inputRef}
      className={classes.filter}
      aria-label={t('browse:tree.filter')}
      placeholder={t('browse:tree.filter')}
      leftSection={<Filter size={14} strokeWidth={1.75} />}
      rightSection={
        text !== '' && (
          <IconButton
            icon={X}
            label={t('browse:tree.clearFilter')}
            onClick={() => {
              setText('');
            }}
          />
        )
      }
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && text !== '') {
          event.stopPropagation();
          setText('');
        }
      }}
    />
  );
}

/** Says what the filter covers: loaded nodes, not the whole cluster. */
function FilterNote({ tree }: { readonly tree: TreeStore }): ReactNode {
  const t = useTexts();
  useTreeVersion(tree);
  if (tree.model.filter === '') return null;
  const { matchCount, loadedCount } = tree.model;
  return (
    <div className={classes.filterNote} role="status">
      {t('browse:tree.filterNote', {
        count: matchCount,
        formatted: formatCount(matchCount),
        loaded: formatCount(loadedCount),
      })}
    </div>
  );
}

function TreeRows({ tree, connectionId, widthPx }: TreePaneProps): ReactNode {
  const t = useTexts();
  const version = useTreeVersion(tree);
  const selectedPath = useSelectedPath();
  const drafts = useDraftPaths(connectionId);
  const guard = useWriteGuard();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const [isLimitReached, setLimitReached] = useState(false);
  const typed = useRef({ text: '', atMs: 0 });

  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: tree.model.rowCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;

  useEffect(() => {
    const paths: string[] = [];
    for (let index = first; index <= last; index++) {
      const row = tree.model.rowAt(index);
      if (row?.kind === 'node') paths.push(row.path);
    }
    tree.showRows(paths);
  }, [tree, version, first, last]);

  const scrollTo = (path: string): void => {
    const index = tree.model.indexOf(path);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  const showPath = useEffectEvent(scrollTo);

  // A path that was chosen elsewhere (a link, the palette, going back) is looked for in the tree.
  useEffect(() => {
    if (tree.cursor === selectedPath) return;
    tree.moveCursor(selectedPath);
    void tree.reveal(selectedPath).then(() => {
      requestAnimationFrame(() => {
        showPath(selectedPath);
      });
    });
  }, [tree, selectedPath]);

  const cursor = tree.cursor;
  useEffect(() => {
    if (cursor === selectedPath) return;
    const timer = setTimeout(() => {
      selectPath(cursor);
    }, FOLLOW_MS);
    return () => {
      clearTimeout(timer);
    };
    // Only the cursor leads here: a selection that comes from elsewhere moves the cursor above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor]);

  const go = (path: string): void => {
    tree.moveCursor(path);
    scrollTo(path);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return;
    const pageRows = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const isMod = event.ctrlKey || event.metaKey;
    const step =
      isMod || event.altKey ? undefined : stepForKey(tree.model, { key: event.key, cursor, pageRows });
    if (step !== undefined) {
      event.preventDefault();
      if (step.kind === 'expand') tree.expand(step.path);
      else if (step.kind === 'collapse') tree.collapse(step.path);
      else if (step.kind === 'load') tree.loadAnyway(step.path);
      else if (event.shiftKey) {
        tree.markRange(step.path);
        scrollTo(step.path);
      } else go(step.path);
      return;
    }
    if (onActionKey(event)) event.preventDefault();
    else if (event.key.length === 1 && !isMod && !event.altKey) typeAhead(event.key, event.timeStamp);
  };

  const onActionKey = (event: KeyboardEvent): boolean => {
    const isMenuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
    if (isMenuKey) openMenuAtCursor();
    else if (event.key === 'Enter') selectPath(cursor);
    else if (event.key === 'Delete' && guard.isWritable) {
      openDeleteDialog(tree.marked.size > 0 ? [...tree.marked] : [cursor]);
    } else if (event.key === 'Insert' && guard.isWritable) openCreateDialog(cursor);
    else if (event.key === ' ' && typed.current.text === '') tree.toggleMark(cursor);
    else if (event.key === 'Escape' && tree.marked.size > 0) tree.moveCursor(cursor);
    else if (event.key === '*') tree.expandSiblings(cursor);
    else return false;
    return true;
  };

  const typeAhead = (letter: string, nowMs: number): void => {
    const isContinued = nowMs - typed.current.atMs < TYPE_AHEAD_MS;
    typed.current = { text: isContinued ? typed.current.text + letter : letter, atMs: nowMs };
    const found = tree.findByPrefix(typed.current.text);
    if (found !== undefined) go(found);
  };

  const openMenuAtCursor = (): void => {
    const row = scrollRef.current?.querySelector(`[data-path="${CSS.escape(cursor)}"]`);
    const box = row?.getBoundingClientRect();
    if (box !== undefined) setMenu({ path: cursor, x: box.left + 40, y: box.bottom });
  };

  const onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const path = pathOfRow(target);
    if (path === undefined) return;
    if (target.closest('[data-toggle]') !== null) tree.toggle(path);
    else if (event.shiftKey) tree.markRange(path);
    else if (event.ctrlKey || event.metaKey) tree.toggleMark(path);
    else {
      tree.moveCursor(path);
      selectPath(path);
    }
  };

  // Elements are used again for other rows: filling one costs a fraction of making one.
  const ring = Math.max(64, items.length);
  const indentMax = Math.max(4, Math.min(40, Math.floor((widthPx - 170) / INDENT_PX)));
  const { filter } = tree.model;
  const cursorIndex = tree.model.indexOf(cursor);
  return (
    <>
      <div
        ref={scrollRef}
        role="tree"
        aria-label={t('browse:tree.label')}
        aria-multiselectable
        aria-activedescendant={
          cursorIndex >= first && cursorIndex <= last ? `tree-row-${cursorIndex}` : undefined
        }
        tabIndex={0}
        className={classes.scroll}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onDoubleClick={(event) => {
          const target = event.target as Element;
          const path = pathOfRow(target);
          if (path !== undefined && target.closest('[data-toggle]') === null) tree.toggle(path);
        }}
        onContextMenu={(event) => {
          const path = pathOfRow(event.target as Element);
          if (path === undefined) return;
          event.preventDefault();
          if (!tree.marked.has(path)) tree.moveCursor(path);
          setMenu({ path, x: event.clientX, y: event.clientY });
        }}
      >
        <div className={classes.rows} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = tree.model.rowAt(item.index);
            if (row === undefined) return null;
            if (row.kind === 'notice') {
              return (
                <TreeNotice
                  key={item.index % ring}
                  row={row}
                  index={item.index}
                  top={item.start}
                  indentMax={indentMax}
                  tree={tree}
                  t={t}
                />
              );
            }
            return (
              <TreeRow
                key={item.index % ring}
                row={row}
                index={item.index}
                top={item.start}
                summary={tree.summaryOf(row.path)}
                isCursor={row.path === cursor}
                isSelected={row.path === selectedPath}
                isMarked={tree.marked.has(row.path)}
                isDenied={tree.isDenied(row.path)}
                hasDraft={drafts.has(row.path)}
                flash={tree.flashOf(row.path)}
                filter={filter}
                indentMax={indentMax}
                widthPx={widthPx}
                t={t}
              />
            );
          })}
        </div>
      </div>
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
        place={menu}
        connectionId={connectionId}
        tree={tree}
        onClose={() => {
          setMenu(null);
          scrollRef.current?.focus();
        }}
        onExpandLimit={() => {
          setLimitReached(true);
        }}
      />
    </>
  );
}

function pathOfRow(target: Element): string | undefined {
  if (target.closest('button') !== null) return undefined;
  return target.closest<HTMLElement>('[data-path]')?.dataset['path'];
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

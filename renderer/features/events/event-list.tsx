/**
 * The rows of the event log, the newest last: only those on screen are rendered. The list stays at the newest until one
 * scrolls up; then it stands still, says how many came meanwhile and offers the way back. Arrow keys choose a row,
 * Enter opens its path in Browse.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { formatCount } from '../../app/format.ts';
import { selectPath } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { movedIndex } from '../../components/data-table-model.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type EventLogView, type LogRow, indexOfKey } from './event-log.ts';
import { EventRowCells } from './event-row.tsx';
import classes from './event-list.module.css';

const ROW_HEIGHT = 24;
/** So near to its end the list counts as being there. */
const END_PX = ROW_HEIGHT;

interface EventListProps {
  readonly view: EventLogView;
  /** The dock has no room for column heads. */
  readonly hasHead: boolean;
}

export function EventList({ view, hasHead }: EventListProps): ReactNode {
  const t = useTexts();
  const scrollRef = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [selectedKey, setSelectedKey] = useState<number | null>(null);
  /** What had come when one left the end; null while the list follows. */
  const [leftAtCount, setLeftAtCount] = useState<number | null>(null);
  const isFollowing = leftAtCount === null;
  const selectedIndex = selectedKey === null ? -1 : indexOfKey(view, selectedKey);

  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: view.shownCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => view.rowAt(index)?.key ?? index,
    overscan: 12,
  });

  useFollowing({ view, isFollowing, scrollRef });

  const toNewest = (): void => {
    setLeftAtCount(null);
    const list = scrollRef.current;
    if (list) list.scrollTop = list.scrollHeight;
  };

  const onScroll = (): void => {
    const list = scrollRef.current;
    if (!list) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight <= END_PX;
    if (isAtEnd) setLeftAtCount(null);
    else setLeftAtCount((count) => count ?? view.totalCount);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const selected = view.rowAt(selectedIndex);
    if (event.key === 'Enter') {
      if (selected?.kind === 'event' && selected.event.path !== null) selectPath(selected.event.path);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    // Nothing is chosen yet: an arrow up begins at the newest row.
    const from = selectedIndex === -1 && event.key !== 'ArrowDown' ? view.shownCount : selectedIndex;
    const index = movedIndex(event.key, from, view.shownCount, pageRows);
    const row = index === null ? undefined : view.rowAt(index);
    if (index === null || row === undefined) return;
    event.preventDefault();
    setSelectedKey(row.key);
    virtualizer.scrollToIndex(index);
  };

  const visible = virtualizer.getVirtualItems();
  return (
    <div className={classes.frame}>
      <div
        ref={scrollRef}
        role="grid"
        aria-label={t('events:list')}
        aria-rowcount={view.shownCount + 1}
        aria-activedescendant={
          visible.some(({ index }) => index === selectedIndex) ? `${listId}-${selectedIndex}` : undefined
        }
        tabIndex={0}
        data-focus="rows"
        className={classes.root}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        {hasHead && <ListHead />}
        <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {visible.map((item) => {
            const row = view.rowAt(item.index);
            if (row === undefined) return null;
            return (
              <div
                key={row.key}
                id={`${listId}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={item.index === selectedIndex}
                className={classNames(
                  classes.row,
                  rowClass(row),
                  item.index === selectedIndex && classes.selected,
                )}
                style={{ transform: `translateY(${item.start}px)` }}
                onMouseDown={() => {
                  setSelectedKey(row.key);
                }}
              >
                <EventRowCells row={row} onOpenPath={selectPath} />
              </div>
            );
          })}
        </div>
      </div>
      {leftAtCount !== null && <ToNewest count={view.totalCount - leftAtCount} onClick={toNewest} />}
    </div>
  );
}

function rowClass(row: LogRow): string | false | undefined {
  if (row.kind === 'gap') return classes.gap;
  return row.event.path === null && classes.session;
}

function ListHead(): ReactNode {
  const t = useTexts();
  const columns = ['time', 'type', 'path', 'zxid', 'detail'] as const;
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {columns.map((column) => (
          <div
            key={column}
            role="columnheader"
            className={classes.headCell}
            title={column === 'zxid' ? t('events:zxidHint') : undefined}
          >
            {t(`events:column.${column}`)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** "12 new ↓": counts what came, of which the filter may hide some. */
function ToNewest({ count, onClick }: { readonly count: number; readonly onClick: () => void }): ReactNode {
  const t = useTexts();
  return (
    <button
      type="button"
      className={classes.toNewest}
      title={t('events:action.toNewestHint')}
      onClick={onClick}
    >
      {count > 0
        ? t('events:action.toNewest', { count, formatted: formatCount(count) })
        : t('events:action.toNewestHint')}
      <ArrowDown size={12} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

/** Keeps the newest in sight while following; else keeps the rows that one reads where they are. */
function useFollowing({
  view,
  isFollowing,
  scrollRef,
}: {
  view: EventLogView;
  isFollowing: boolean;
  scrollRef: { readonly current: HTMLDivElement | null };
}): void {
  const shiftedBefore = useRef(view.shiftedCount);
  useLayoutEffect(() => {
    const list = scrollRef.current;
    if (!list) return;
    const shiftedBy = view.shiftedCount - shiftedBefore.current;
    shiftedBefore.current = view.shiftedCount;
    if (isFollowing) list.scrollTop = list.scrollHeight;
    else if (shiftedBy > 0) list.scrollTop -= shiftedBy * ROW_HEIGHT;
  }, [view, isFollowing, scrollRef]);
}

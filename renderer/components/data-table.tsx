/**
 * A table of any length: only the rows on screen are rendered. Sorting by a click or Enter on a column's head, one
 * chosen row, keys as in every list (arrows, Page, Home, End, Enter). The chosen row belongs to the caller.
 * Fixed columns by CSS grid tracks; numbers align right, head included.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import { classNames } from './class-names.ts';
import { type SortOrder, movedIndex, nextSort, sortRows } from './data-table-model.ts';
import classes from './data-table.module.css';

export interface Column<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** A grid track: `120px`, `minmax(160px, 1fr)`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** ZooKeeper's voice. */
  readonly isMono?: boolean;
  /** Present: the column can be sorted. */
  readonly compare?: (a: Row, b: Row) => number;
  /** Rows without a value here are sorted last in both directions. Missing: every row has one. */
  readonly isKnown?: (row: Row) => boolean;
  readonly render: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  /** The table's accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly selectedKey?: string | null;
  readonly onSelect?: (row: Row) => void;
  /** Enter or a double click. */
  readonly onOpen?: (row: Row) => void;
  readonly initialSort?: SortOrder;
  readonly rowHeight?: 24 | 26;
  /** Below it the table scrolls sideways. */
  readonly widthMin?: number;
  /** A class for a whole row, by its state. */
  readonly rowClassName?: (row: Row) => string | undefined;
  /** In place of rows when there are none. */
  readonly empty?: ReactNode;
}

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const {
    label,
    columns,
    rows,
    rowKey,
    selectedKey = null,
    onSelect,
    onOpen,
    rowHeight = 26,
    widthMin = 0,
  } = props;
  const [sort, setSort] = useState<SortOrder | null>(props.initialSort ?? null);
  const scrollRef = useRef<HTMLDivElement>(null);
  const tableId = useId();
  const template = columns.map((column) => column.width).join(' ');

  const sorted = useMemo(() => {
    const column = columns.find(({ id }) => id === sort?.columnId);
    return sortRows(rows, column?.compare, sort?.isDescending ?? false, column?.isKnown);
  }, [rows, columns, sort]);
  const selectedIndex = useMemo(
    () => (selectedKey === null ? -1 : sorted.findIndex((row) => rowKey(row) === selectedKey)),
    [sorted, rowKey, selectedKey],
  );

  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const selected = sorted[selectedIndex];
    if (event.key === 'Enter' && selected !== undefined) {
      onOpen?.(selected);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 1);
    const index = movedIndex(event.key, selectedIndex, sorted.length, pageRows);
    const row = index === null ? undefined : sorted[index];
    if (index === null || row === undefined) return;
    event.preventDefault();
    onSelect?.(row);
    virtualizer.scrollToIndex(index);
  };

  const visible = virtualizer.getVirtualItems();
  const isSelectedVisible = visible.some((item) => item.index === selectedIndex);

  return (
    <div
      ref={scrollRef}
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      aria-activedescendant={isSelectedVisible ? `${tableId}-${selectedIndex}` : undefined}
      tabIndex={0}
      data-focus="rows"
      className={classes.root}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={classes.head} style={{ minWidth: widthMin }}>
        <div
          role="row"
          aria-rowindex={1}
          className={classes.headRow}
          style={{ gridTemplateColumns: template }}
        >
          {columns.map((column) => (
            <ColumnHead
              key={column.id}
              column={column}
              sort={sort}
              onSort={() => {
                setSort(nextSort(sort, column.id));
              }}
            />
          ))}
        </div>
      </div>
      {sorted.length === 0 ? (
        <div role="rowgroup" className={classes.empty}>
          <div role="row">
            <div role="gridcell">{props.empty}</div>
          </div>
        </div>
      ) : (
        <div
          role="rowgroup"
          className={classes.body}
          style={{ height: virtualizer.getTotalSize(), minWidth: widthMin }}
        >
          {visible.map((item) => {
            const row = sorted[item.index];
            if (row === undefined) return null;
            const isSelected = item.index === selectedIndex;
            return (
              <div
                key={rowKey(row)}
                id={`${tableId}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={isSelected}
                className={classNames(classes.row, isSelected && classes.selected, props.rowClassName?.(row))}
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
                onMouseDown={() => onSelect?.(row)}
                onDoubleClick={() => onOpen?.(row)}
              >
                {columns.map((column) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    className={classNames(
                      classes.cell,
                      column.align === 'end' && classes.end,
                      column.isMono === true && classes.mono,
                    )}
                  >
                    {column.render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

interface ColumnHeadProps<Row> {
  readonly column: Column<Row>;
  readonly sort: SortOrder | null;
  readonly onSort: () => void;
}

function ColumnHead<Row>({ column, sort, onSort }: ColumnHeadProps<Row>): ReactNode {
  const t = useTexts();
  const isSorted = sort?.columnId === column.id;
  const Chevron = sort?.isDescending === true ? ChevronDown : ChevronUp;
  const state = sort?.isDescending === true ? 'descending' : 'ascending';
  const className = classNames(classes.headCell, column.align === 'end' && classes.end);
  if (!column.compare) {
    return (
      <div role="columnheader" className={className}>
        {column.header}
      </div>
    );
  }
  return (
    <div role="columnheader" aria-sort={isSorted ? state : 'none'} className={className}>
      <button
        type="button"
        className={classes.sort}
        onClick={onSort}
        onKeyDown={(event) => {
          // Enter here sorts; the table would open its chosen row.
          event.stopPropagation();
        }}
      >
        {column.header}
        {isSorted && (
          <Chevron
            size={12}
            strokeWidth={1.75}
            aria-label={t(state === 'descending' ? 'table.sortedDescending' : 'table.sortedAscending')}
          />
        )}
      </button>
    </div>
  );
}

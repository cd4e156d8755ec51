/**
 * Bytes as offset, hex and text, to look at and to write over. Only the lines in sight exist; all decisions are
 * hex-model.ts's. Like the text editor it is seeded: a new `key` starts over.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { formatCount } from '../../../app/format.ts';
import { classNames } from '../../../components/class-names.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';
import {
  BYTES_A_LINE,
  type HexMove,
  type HexState,
  deleteBytes,
  fromHexText,
  insertBytes,
  moveCursor,
  newHexState,
  placeCursor,
  printable,
  selectionOf,
  toHexText,
  toggleInserting,
  typeCharacter,
} from './hex-model.ts';
import classes from './hex.module.css';

const LINE_PX = 20;

interface HexEditorProps {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly isReadOnly: boolean;
  readonly onChange: (bytes: Uint8Array) => void;
}

const MOVES: Readonly<Record<string, HexMove>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

function moveForKey({ key, ctrlKey, metaKey }: KeyboardEvent): HexMove | undefined {
  const isMod = ctrlKey || metaKey;
  if (key === 'Home') return isMod ? 'start' : 'line-start';
  if (key === 'End') return isMod ? 'end' : 'line-end';
  return isMod ? undefined : MOVES[key];
}

export function HexEditor({ label, bytes, isReadOnly, onChange }: HexEditorProps): ReactNode {
  const t = useTexts();
  const [state, setState] = useState(() => newHexState(bytes));
  const scrollRef = useRef<HTMLDivElement>(null);
  // One place more than bytes: where one appends.
  const lineCount = Math.floor(state.bytes.length / BYTES_A_LINE) + 1;

  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: lineCount,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => LINE_PX,
    overscan: 8,
  });
  const cursorLine = Math.floor(state.cursor / BYTES_A_LINE);
  const showLine = useEffectEvent((line: number) => {
    virtualizer.scrollToIndex(line, { align: 'auto' });
  });
  useEffect(() => {
    showLine(cursorLine);
  }, [cursorLine]);

  const apply = (next: HexState | undefined): boolean => {
    if (next === undefined) return false;
    const hasChanged = next.bytes !== state.bytes;
    if (hasChanged && isReadOnly) return false;
    setState(next);
    if (hasChanged) onChange(next.bytes);
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const move = moveForKey(event);
    const linesAPage = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / LINE_PX) - 1);
    if (move !== undefined) apply(moveCursor(state, move, { isSelecting: event.shiftKey, linesAPage }));
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      apply({ ...state, anchor: 0, cursor: state.bytes.length, isSecondDigit: false });
    } else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === 'Insert') apply(toggleInserting(state));
    else if (event.key === 'Backspace') apply(deleteBytes(state, 'back'));
    else if (event.key === 'Delete') apply(deleteBytes(state, 'forward'));
    else if (event.key === 'Enter') {
      apply(placeCursor(state, state.cursor, { column: state.column === 'hex' ? 'text' : 'hex' }));
    } else if (!apply(event.key.length === 1 ? typeCharacter(state, event.key) : undefined)) return;
    event.preventDefault();
  };

  const onCopy = (event: ClipboardEvent): void => {
    const { start, end } = selectionOf(state);
    if (end === start) return;
    event.preventDefault();
    const selected = state.bytes.subarray(start, end);
    event.clipboardData.setData(
      'text/plain',
      state.column === 'hex' ? toHexText(selected) : asText(selected),
    );
  };

  const onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain');
    const pasted = state.column === 'hex' ? fromHexText(text) : encodeUtf8(text);
    if (pasted !== undefined && pasted.length > 0) apply(insertBytes(state, pasted));
  };

  const onMouseDown = (event: MouseEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-at]');
    if (cell === null) return;
    const column = cell.dataset['column'] === 'text' ? 'text' : 'hex';
    apply(placeCursor(state, Number(cell.dataset['at']), { column, isSelecting: event.shiftKey }));
  };

  const selection = selectionOf(state);
  return (
    <div className={classes.root}>
      <div
        ref={scrollRef}
        role="application"
        aria-label={label}
        aria-roledescription={t('browse:hex.role')}
        tabIndex={0}
        data-focus="rows"
        className={classes.scroll}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onPaste={onPaste}
        onMouseDown={onMouseDown}
        onMouseMove={(event) => {
          if (event.buttons !== 1) return;
          const cell = (event.target as Element).closest<HTMLElement>('[data-at]');
          const at = Number(cell?.dataset['at'] ?? state.cursor);
          if (at !== state.cursor) apply(placeCursor(state, at, { isSelecting: true }));
        }}
      >
        <div className={classes.lines} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => (
            <HexLine
              key={item.index}
              line={item.index}
              top={item.start}
              state={state}
              selection={selection}
            />
          ))}
        </div>
      </div>
      <HexStatus state={state} isReadOnly={isReadOnly} />
    </div>
  );
}

function asText(bytes: Uint8Array): string {
  return Array.from(bytes, printable).join('');
}

interface HexLineProps {
  readonly line: number;
  readonly top: number;
  readonly state: HexState;
  readonly selection: { readonly start: number; readonly end: number };
}

function HexLine({ line, top, state, selection }: HexLineProps): ReactNode {
  const start = line * BYTES_A_LINE;
  const offsets = Array.from({ length: BYTES_A_LINE }, (_, at) => start + at);
  const cell = (at: number, column: HexState['column']): ReactNode => {
    if (at > state.bytes.length) return <span key={at} className={classes.cell} />;
    const byte = state.bytes[at];
    const isCursor = at === state.cursor;
    const isSelected = at >= selection.start && at < selection.end;
    const text =
      column === 'hex'
        ? (byte?.toString(16).padStart(2, '0') ?? '  ')
        : byte === undefined
          ? ' '
          : printable(byte);
    return (
      <span
        key={at}
        data-at={at}
        data-column={column}
        className={classNames(
          classes.cell,
          isSelected && classes.selected,
          isCursor && (state.column === column ? classes.cursor : classes.twin),
          byte === 0 && classes.zero,
          isCursor && state.isSecondDigit && state.column === column && classes.half,
        )}
      >
        {text}
      </span>
    );
  };
  return (
    <div className={classes.line} style={{ transform: `translateY(${top}px)` }}>
      <span className={classes.offset}>{start.toString(16).padStart(8, '0')}</span>
      <span className={classes.hex}>{offsets.map((at) => cell(at, 'hex'))}</span>
      <span className={classes.text}>{offsets.map((at) => cell(at, 'text'))}</span>
    </div>
  );
}

/** Where one is, for eyes and for screen readers, and what typing does. */
function HexStatus({
  state,
  isReadOnly,
}: {
  readonly state: HexState;
  readonly isReadOnly: boolean;
}): ReactNode {
  const t = useTexts();
  const byte = state.bytes[state.cursor];
  const selection = selectionOf(state);
  return (
    <div className={classes.status} role="status">
      <span className="mono">
        0x{state.cursor.toString(16)} ({formatCount(state.cursor)})
      </span>
      <span className="mono">
        {byte === undefined ? t('browse:hex.end') : `0x${byte.toString(16).padStart(2, '0')} = ${byte}`}
      </span>
      {selection.end > selection.start && (
        <span>{t('browse:hex.selected', { count: selection.end - selection.start })}</span>
      )}
      {!isReadOnly && (
        <span>{state.isInserting ? t('browse:hex.inserting') : t('browse:hex.overwriting')}</span>
      )}
      {!isReadOnly && <span className={classes.keys}>{t('browse:hex.keys')}</span>}
    </div>
  );
}

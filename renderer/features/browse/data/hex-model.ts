/**
 * An editor of bytes as a pure state machine: a cursor over 16 bytes a line, in the hex column or the text column,
 * writing over or inserting. Every edit gives a new state; a copy of the largest znode (1 MB) takes a tenth of a
 * millisecond, so nothing cleverer is needed.
 */
import { assertNever } from '../../../../shared/assert.ts';

export const BYTES_A_LINE = 16;

export interface HexState {
  readonly bytes: Uint8Array;
  /** 0 … bytes.length; at the end lies the place to append. */
  readonly cursor: number;
  /** The other end of the selection; the same as `cursor` when nothing is selected. */
  readonly anchor: number;
  readonly column: 'hex' | 'text';
  /** The second digit of the byte under the cursor comes next. */
  readonly isSecondDigit: boolean;
  readonly isInserting: boolean;
}

export function newHexState(bytes: Uint8Array): HexState {
  return { bytes, cursor: 0, anchor: 0, column: 'hex', isSecondDigit: false, isInserting: false };
}

export type HexMove =
  'left' | 'right' | 'up' | 'down' | 'line-start' | 'line-end' | 'start' | 'end' | 'page-up' | 'page-down';

/** `[start, end)`; the byte under the cursor counts as selected as soon as a selection exists. */
export function selectionOf({ cursor, anchor, bytes }: HexState): { start: number; end: number } {
  if (cursor === anchor) return { start: cursor, end: cursor };
  const start = Math.min(cursor, anchor);
  return { start, end: Math.min(bytes.length, Math.max(cursor, anchor) + 1) };
}

export function moveCursor(
  state: HexState,
  move: HexMove,
  { isSelecting = false, linesAPage = 16 }: { isSelecting?: boolean; linesAPage?: number } = {},
): HexState {
  const target = Math.max(0, Math.min(state.bytes.length, moveTarget(state, move, linesAPage)));
  return placeCursor(state, target, { isSelecting });
}

function moveTarget({ cursor, bytes }: HexState, move: HexMove, linesAPage: number): number {
  const lineStart = cursor - (cursor % BYTES_A_LINE);
  switch (move) {
    case 'left':
      return cursor - 1;
    case 'right':
      return cursor + 1;
    case 'up':
      return cursor < BYTES_A_LINE ? cursor : cursor - BYTES_A_LINE;
    case 'down':
      return cursor + BYTES_A_LINE;
    case 'line-start':
      return lineStart;
    case 'line-end':
      return Math.min(bytes.length, lineStart + BYTES_A_LINE - 1);
    case 'start':
      return 0;
    case 'end':
      return bytes.length;
    case 'page-up':
      return cursor % BYTES_A_LINE > cursor - linesAPage * BYTES_A_LINE
        ? cursor % BYTES_A_LINE
        : cursor - linesAPage * BYTES_A_LINE;
    case 'page-down':
      return cursor + linesAPage * BYTES_A_LINE;
    default:
      return assertNever(move, 'move');
  }
}

export function placeCursor(
  state: HexState,
  cursor: number,
  { isSelecting = false, column = state.column }: { isSelecting?: boolean; column?: HexState['column'] } = {},
): HexState {
  return { ...state, cursor, column, anchor: isSelecting ? state.anchor : cursor, isSecondDigit: false };
}

export function toggleInserting(state: HexState): HexState {
  return { ...state, isInserting: !state.isInserting, isSecondDigit: false };
}

/** Replaces the selection, or nothing, by `inserted` and puts the cursor behind it. */
export function insertBytes(state: HexState, inserted: Uint8Array): HexState {
  const { start, end } = selectionOf(state);
  const bytes = splice(state.bytes, { start, end, inserted });
  const cursor = start + inserted.length;
  return { ...state, bytes, cursor, anchor: cursor, isSecondDigit: false };
}

/** One character of the keyboard; undefined when the column cannot take it. */
export function typeCharacter(state: HexState, character: string): HexState | undefined {
  return state.column === 'hex' ? typeDigit(state, character) : typeText(state, character);
}

function typeDigit(state: HexState, character: string): HexState | undefined {
  if (!/^[0-9a-fA-F]$/.test(character)) return undefined;
  const digit = Number.parseInt(character, 16);
  if (state.isSecondDigit) {
    const byte = ((state.bytes[state.cursor] ?? 0) & 0xf0) | digit;
    const bytes = overwrite(state.bytes, state.cursor, byte);
    const cursor = state.cursor + 1;
    return { ...state, bytes, cursor, anchor: cursor, isSecondDigit: false };
  }
  const clean = withoutSelection(state);
  const isNew = clean.isInserting || clean.cursor === clean.bytes.length;
  const bytes = isNew
    ? splice(clean.bytes, { start: clean.cursor, end: clean.cursor, inserted: Uint8Array.of(digit << 4) })
    : overwrite(clean.bytes, clean.cursor, (digit << 4) | ((clean.bytes[clean.cursor] ?? 0) & 0x0f));
  return { ...clean, bytes, isSecondDigit: true };
}

function typeText(state: HexState, character: string): HexState | undefined {
  const unit = character.charCodeAt(0);
  if (character.length !== 1 || unit < 0x20 || unit > 0x7e) return undefined;
  const clean = withoutSelection(state);
  const isNew = clean.isInserting || clean.cursor === clean.bytes.length;
  const bytes = isNew
    ? splice(clean.bytes, { start: clean.cursor, end: clean.cursor, inserted: Uint8Array.of(unit) })
    : overwrite(clean.bytes, clean.cursor, unit);
  const cursor = clean.cursor + 1;
  return { ...clean, bytes, cursor, anchor: cursor, isSecondDigit: false };
}

/** Backspace and Delete: the selection, else the byte before or under the cursor. */
export function deleteBytes(state: HexState, direction: 'back' | 'forward'): HexState {
  const { start, end } = selectionOf(state);
  if (end > start) return withoutSelection(state);
  const at = direction === 'forward' || state.isSecondDigit ? state.cursor : state.cursor - 1;
  if (at < 0 || at >= state.bytes.length) return state;
  const bytes = splice(state.bytes, { start: at, end: at + 1, inserted: new Uint8Array(0) });
  return { ...state, bytes, cursor: at, anchor: at, isSecondDigit: false };
}

/** A selection is removed only when inserting; writing over leaves what it does not reach. */
function withoutSelection(state: HexState): HexState {
  const { start, end } = selectionOf(state);
  if (end === start) return state;
  const bytes = splice(state.bytes, { start, end, inserted: new Uint8Array(0) });
  return { ...state, bytes, cursor: start, anchor: start, isSecondDigit: false };
}

function overwrite(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = byte;
  return copy;
}

function splice(
  bytes: Uint8Array,
  { start, end, inserted }: { start: number; end: number; inserted: Uint8Array },
): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + inserted.length);
  result.set(bytes.subarray(0, start));
  result.set(inserted, start);
  result.set(bytes.subarray(end), start + inserted.length);
  return result;
}

/** `00 ff 7a`, for the clipboard. */
export function toHexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Reads hex digits with any white space, with or without `0x`; undefined when it is something else. */
export function fromHexText(text: string): Uint8Array | undefined {
  const digits = text.replace(/0x|[\s,]/gi, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** What the text column shows of a byte. */
export function printable(byte: number): string {
  return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '·';
}

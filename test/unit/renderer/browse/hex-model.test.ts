import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type HexState,
  deleteBytes,
  fromHexText,
  insertBytes,
  moveCursor,
  newHexState,
  placeCursor,
  selectionOf,
  toHexText,
  toggleInserting,
  typeCharacter,
} from '../../../../renderer/features/browse/data/hex-model.ts';

function type(state: HexState, text: string): HexState {
  return Array.from(text).reduce((at, character) => typeCharacter(at, character) ?? at, state);
}

const abc = (): HexState => newHexState(Uint8Array.of(0x61, 0x62, 0x63));

describe('hex editor', () => {
  test('two digits write over a byte and move on', () => {
    const state = type(abc(), '7Fff');
    expect(toHexText(state.bytes)).toBe('7f ff 63');
    expect(state.cursor).toBe(2);
  });

  test('half a byte already shows, and the next digit completes it', () => {
    expect(toHexText(type(abc(), '0').bytes)).toBe('01 62 63');
  });

  test('inserting makes room; at the end bytes are appended in either mode', () => {
    expect(toHexText(type(toggleInserting(abc()), 'ff').bytes)).toBe('ff 61 62 63');
    expect(toHexText(type(moveCursor(abc(), 'end'), 'ff00').bytes)).toBe('61 62 63 ff 00');
  });

  test('the text column takes printable characters only', () => {
    const state = placeCursor(abc(), 1, { column: 'text' });
    expect(toHexText(type(state, 'Zé').bytes)).toBe('61 5a 63');
    expect(typeCharacter(abc(), 'g')).toBeUndefined();
  });

  test('Backspace and Delete take a byte, or the selection', () => {
    expect(toHexText(deleteBytes(placeCursor(abc(), 1), 'back').bytes)).toBe('62 63');
    expect(toHexText(deleteBytes(placeCursor(abc(), 1), 'forward').bytes)).toBe('61 63');
    const selected = moveCursor(abc(), 'right', { isSelecting: true });
    expect(selectionOf(selected)).toEqual({ start: 0, end: 2 });
    expect(toHexText(deleteBytes(selected, 'back').bytes)).toBe('63');
    expect(deleteBytes(abc(), 'back').bytes).toEqual(abc().bytes);
  });

  test('pasted bytes replace the selection', () => {
    const selected = moveCursor(abc(), 'right', { isSelecting: true });
    expect(toHexText(insertBytes(selected, Uint8Array.of(1)).bytes)).toBe('01 63');
  });

  test('hex text of other tools is understood, other text is not', () => {
    expect(fromHexText('0x00, 0xff\n7A')).toEqual(Uint8Array.of(0, 255, 0x7a));
    expect(fromHexText('abc')).toBeUndefined();
    expect(fromHexText('zz')).toBeUndefined();
  });

  test('the cursor stays within the bytes, whatever one does', () => {
    const moves = [
      'left',
      'right',
      'up',
      'down',
      'line-start',
      'line-end',
      'start',
      'end',
      'page-up',
      'page-down',
    ] as const;
    const act = fc.oneof(
      fc
        .constantFrom(...moves)
        .map((move) => (state: HexState) => moveCursor(state, move, { linesAPage: 2 })),
      fc
        .constantFrom(...moves)
        .map((move) => (state: HexState) => moveCursor(state, move, { isSelecting: true })),
      fc.constantFrom('a', '0', 'x').map((key) => (state: HexState) => typeCharacter(state, key) ?? state),
      fc
        .constantFrom('back' as const, 'forward' as const)
        .map((to) => (state: HexState) => deleteBytes(state, to)),
      fc.constant(toggleInserting),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.array(act, { maxLength: 40 }), (bytes, acts) => {
        let state = newHexState(bytes);
        for (const next of acts) {
          state = next(state);
          expect(state.cursor).toBeGreaterThanOrEqual(0);
          expect(state.cursor).toBeLessThanOrEqual(state.bytes.length);
          expect(state.anchor).toBeLessThanOrEqual(state.bytes.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

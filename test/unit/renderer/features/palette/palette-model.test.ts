import { describe, expect, it } from 'vitest';
import { matchText, piecesOf } from '../../../../../renderer/features/palette/palette-model.ts';

describe('palette: matching', () => {
  it('finds every word in any order and any case', () => {
    expect(matchText('Lock this connection', 'conn lock')?.marks).toEqual([
      { start: 0, end: 4 },
      { start: 10, end: 14 },
    ]);
    expect(matchText('Lock this connection', 'lock ord')).toBeNull();
  });
  it('prefers the beginning of a word to the inside of one', () => {
    expect(matchText('unlock a lock', 'lock')?.marks).toEqual([{ start: 9, end: 13 }]);
  });
  it('ranks the beginning of the text before a later word before the inside of a word', () => {
    const ranks = ['Lock now', 'Take the lock', 'Unlocked'].map((text) => matchText(text, 'lock')?.rank);
    expect(ranks).toEqual([0, 1, 2]);
  });
  it('an empty query matches everything without marks', () => {
    expect(matchText('Anything', '  ')).toEqual({ marks: [], rank: 0 });
  });
  it('marks that touch or overlap become one', () => {
    expect(matchText('connection', 'con conn')?.marks).toEqual([{ start: 0, end: 4 }]);
  });
});

describe('palette: pieces', () => {
  it('together are the text again', () => {
    const pieces = piecesOf('/locks/orders', [
      { start: 1, end: 5 },
      { start: 7, end: 10 },
    ]);
    expect(pieces.map((piece) => piece.text).join('')).toBe('/locks/orders');
    expect(pieces.filter((piece) => piece.isMarked).map((piece) => piece.text)).toEqual(['lock', 'ord']);
  });
  it('a text without marks is one piece', () => {
    expect(piecesOf('a', [])).toEqual([{ text: 'a', isMarked: false }]);
  });
});

/**
 * What the palette finds: words of a query in any order, each as a run of letters, marked where they are. Pure.
 */

/** A stretch of a text that a word of the query matched. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

export interface Match {
  readonly marks: readonly Mark[];
  /** Smaller is better. */
  readonly rank: number;
}

/** Where every word of `query` is in `text`, or null when one is missing. An empty query matches without marks. */
export function matchText(text: string, query: string): Match | null {
  const lower = text.toLowerCase();
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const marks: Mark[] = [];
  let rank = 0;
  for (const word of words) {
    const start = bestStart(lower, word);
    if (start === -1) return null;
    marks.push({ start, end: start + word.length });
    // The beginning of the text beats the beginning of a word, which beats the inside of one.
    rank += start === 0 ? 0 : isWordStart(lower, start) ? 1 : 2;
  }
  return { marks: joinMarks(marks), rank };
}

function bestStart(text: string, word: string): number {
  let start = text.indexOf(word);
  const first = start;
  while (start !== -1 && !isWordStart(text, start)) start = text.indexOf(word, start + 1);
  return start === -1 ? first : start;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s/_.:,(-]/.test(text.charAt(at - 1));
}

/** In order, without overlaps. */
function joinMarks(marks: readonly Mark[]): readonly Mark[] {
  const joined: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && mark.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, mark.end) };
    else joined.push(mark);
  }
  return joined;
}

/** The text in pieces, marked and not, for rendering. */
export function piecesOf(
  text: string,
  marks: readonly Mark[],
): readonly { text: string; isMarked: boolean }[] {
  const pieces: { text: string; isMarked: boolean }[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    if (start > at) pieces.push({ text: text.slice(at, start), isMarked: false });
    pieces.push({ text: text.slice(start, end), isMarked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMarked: false });
  return pieces;
}

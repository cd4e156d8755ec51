/**
 * Which lines differ between two texts: Myers' greedy algorithm (1986) over what is left between equal heads and
 * tails. It counts changed lines and feeds merge3.ts; the editor draws its own differences.
 */

/** Lines `[aStart, aEnd)` of the one became `[bStart, bEnd)` of the other. */
export interface Hunk {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** Beyond so many differences the middle counts as changed as a whole; bounds time and memory (n² numbers). */
const EDITS_MAX = 1_000;

/** Lines with their endings, so that joining them gives the text back. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The hunks in order; none when the lists are equal. */
export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let aEnd = a.length;
  let bEnd = b.length;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  if (aEnd === start && bEnd === start) return [];
  const whole: Hunk = { aStart: start, aEnd, bStart: start, bEnd };
  if (aEnd === start || bEnd === start) return [whole];
  const trace = searchEdits(a.slice(start, aEnd), b.slice(start, bEnd));
  return trace === undefined
    ? [whole]
    : hunksOf(trace, { start, aLength: aEnd - start, bLength: bEnd - start });
}

/** The furthest points on each diagonal, a round each; undefined when there are too many differences. */
function searchEdits(a: readonly string[], b: readonly string[]): Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  let furthest = new Int32Array(3);
  for (let edits = 0; edits <= Math.min(a.length + b.length, EDITS_MAX); edits++) {
    // Diagonal k is kept at index k + edits + 1.
    const next = new Int32Array(2 * edits + 3);
    for (let k = -edits; k <= edits; k += 2) {
      let x = edits === 0 ? 0 : stepInto(furthest, { k, edits });
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      next[k + edits + 1] = x;
      if (x >= a.length && y >= b.length) return [...trace, next];
    }
    trace.push(next);
    furthest = next;
  }
  return undefined;
}

/** Where diagonal `k` begins in round `edits`: down from the diagonal above it, or right from the one below. */
function stepInto(furthest: Int32Array, { k, edits }: { k: number; edits: number }): number {
  const before = edits - 1;
  const fromAbove = k + 1 <= before ? (furthest[k + 1 + before + 1] ?? 0) : -1;
  const fromBelow = k - 1 >= -before ? (furthest[k - 1 + before + 1] ?? 0) + 1 : -1;
  return Math.max(fromAbove, fromBelow);
}

/** Walks the rounds back from the end and joins single edits that touch. */
function hunksOf(
  trace: readonly Int32Array[],
  { start, aLength, bLength }: { start: number; aLength: number; bLength: number },
): Hunk[] {
  const hunks: Hunk[] = [];
  let x = aLength;
  let y = bLength;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const furthest = trace[edits - 1] ?? new Int32Array(0);
    const k = x - y;
    const entered = stepInto(furthest, { k, edits });
    const before = edits - 1;
    const isRight = k - 1 >= -before && (furthest[k - 1 + before + 1] ?? 0) + 1 === entered;
    const fromX = isRight ? entered - 1 : entered;
    const fromY = isRight ? entered - k : entered - k - 1;
    prepend(hunks, {
      aStart: start + fromX,
      aEnd: start + entered,
      bStart: start + fromY,
      bEnd: start + entered - k,
    });
    x = fromX;
    y = fromY;
  }
  return hunks;
}

function prepend(hunks: Hunk[], edit: Hunk): void {
  const first = hunks[0];
  if (first?.aStart === edit.aEnd && first.bStart === edit.bEnd) {
    hunks[0] = { aStart: edit.aStart, aEnd: first.aEnd, bStart: edit.bStart, bEnd: first.bEnd };
  } else {
    hunks.unshift(edit);
  }
}

/** Lines of `b`, from 1, that `a` does not have: `[start, end)`; an empty range marks where lines were taken out. */
export function changedRanges(a: string, b: string): { start: number; end: number }[] {
  return diffLines(splitLines(a), splitLines(b)).map(({ bStart, bEnd }) => ({
    start: bStart + 1,
    end: bEnd + 1,
  }));
}

/** Lines that a person would say were changed: of each hunk the longer side. */
export function countChangedLines(a: string, b: string): number {
  return diffLines(splitLines(a), splitLines(b)).reduce(
    (count, hunk) => count + Math.max(hunk.aEnd - hunk.aStart, hunk.bEnd - hunk.bStart),
    0,
  );
}

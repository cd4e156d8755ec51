/**
 * Where the arrows of flights are, and the words on them. Pure. Words stand on no card, no sign and no other words: an arrow
 * for which there is no room flies without, and what it carries is in the log.
 */
import type { Flight } from './flights.ts';
import { type Box, type Layout, type Point, edgeOf, overlap } from './layout.ts';

/** Beside the line, so that both directions are seen. */
const ASIDE_PX = 9;
/** Between a level arrow and its words: the sign on the link is in between. */
const LEVEL_GAP_PX = 24;
/** Between the begins of two lines of words. */
const LINE_PX = 13;
/** Of 11 px monospace, rounded up. */
const CHARACTER_PX = 6.7;
const ASCENT_PX = 10;
/** Where on its arrow words may begin, nearer to the sender first: so the two directions seldom want the same place. */
const SHARES = [0.24, 0.1, 0.38, 0.52, 0.66];

export interface PlacedWords extends Point {
  readonly anchor: 'start' | 'middle' | 'end';
  /** By how much the next line is lower; negative above a level arrow, where the first line is next to it. */
  readonly lineStepPx: number;
}

export interface PlacedArrow {
  readonly flight: Flight;
  readonly start: Point;
  readonly end: Point;
  /** Null where there is no room. */
  readonly words: PlacedWords | null;
}

/** Earlier flights keep their place. `taken` is what else words must not stand on, beside cards. */
export function placeArrows(
  flights: readonly Flight[],
  layout: Layout,
  {
    taken,
    linesOf,
  }: { readonly taken: readonly Box[]; readonly linesOf: (flight: Flight) => readonly string[] },
): readonly PlacedArrow[] {
  const full: Box[] = [...layout.cards.values(), ...taken];
  return flights.flatMap((flight) => {
    const [source, target] = [layout.cards.get(flight.from), layout.cards.get(flight.to)];
    if (source === undefined || target === undefined) return [];
    const [start, end] = [edgeOf(source, target), edgeOf(target, source)];
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const length = Math.hypot(dx, dy);
    if (length === 0) return [];
    const aside = { x: (-dy / length) * ASIDE_PX, y: (dx / length) * ASIDE_PX };
    const lines = linesOf(flight);
    const places = wordPlaces({ start, dx, dy, aside });
    const words = places.find((place) => !full.some((box) => overlap(boxOf(place, lines), box))) ?? null;
    if (words !== null) full.push(boxOf(words, lines));
    const shift = ({ x, y }: Point): Point => ({ x: x + aside.x, y: y + aside.y });
    return [{ flight, start: shift(start), end: shift(end), words }];
  });
}

function wordPlaces({
  start,
  dx,
  dy,
  aside,
}: {
  readonly start: Point;
  readonly dx: number;
  readonly dy: number;
  readonly aside: Point;
}): readonly PlacedWords[] {
  if (Math.abs(dy) < LEVEL_GAP_PX) {
    const x = start.x + dx / 2 + aside.x;
    const y = start.y + dy / 2 + Math.sign(aside.y) * LEVEL_GAP_PX + 4;
    return [{ x, y, anchor: 'middle', lineStepPx: aside.y < 0 ? -LINE_PX : LINE_PX }];
  }
  return SHARES.map((share) => ({
    x: start.x + dx * share + aside.x * 1.6,
    y: start.y + dy * share + 4,
    anchor: aside.x < 0 ? 'end' : 'start',
    lineStepPx: LINE_PX,
  }));
}

function boxOf({ x, y, anchor, lineStepPx }: PlacedWords, lines: readonly string[]): Box {
  const width = Math.max(...lines.map(({ length }) => length)) * CHARACTER_PX;
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  const more = (lines.length - 1) * LINE_PX;
  return { x: left, y: y - ASCENT_PX - (lineStepPx < 0 ? more : 0), width, height: LINE_PX + more };
}

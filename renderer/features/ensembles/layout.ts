/**
 * Where the servers of an ensemble stand in its picture. Pure. The sides of a partition stand beside each other, each in a
 * frame of its own; within a side two servers stand on top of each other, and more on an ellipse, so that no link runs
 * behind a third card.
 */
import type { Side } from './partition.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point, Size {}

export interface PlacedSide {
  readonly side: Side;
  readonly frame: Box;
}

export interface Layout extends Size {
  readonly cards: ReadonlyMap<number, Box>;
  readonly sides: readonly PlacedSide[];
  /** Whether cards are the small ones. */
  readonly isCompact: boolean;
}

const CARD: Size = { width: 212, height: 164 };
const SMALL_CARD: Size = { width: 176, height: 92 };
const FULL_CARDS_MAX = 4;
/** Between cards, wide enough for the sign on the link between them. */
const GAP: Size = { width: 160, height: 64 };
/** Between a frame and its cards; the words of the frame stand above them. */
const PADDING = 16;
const CAPTION = 24;
const SIDE_GAP = 112;
/** Where two links cross there is a sign on each. */
const DIAGONALS = 44;
const MARGIN = 16;

export function layoutOf(sides: readonly Side[]): Layout {
  const count = sides.reduce((sum, { sids }) => sum + sids.length, 0);
  const isCompact = count > FULL_CARDS_MAX;
  const card = isCompact ? SMALL_CARD : CARD;
  const groups = sides.map((side) => ({ side, group: placeGroup(side.sids, card) }));
  const height = Math.max(0, ...groups.map(({ group }) => group.height + CAPTION + 2 * PADDING)) + 2 * MARGIN;
  const cards = new Map<number, Box>();
  const placed: PlacedSide[] = [];
  let x = MARGIN;
  for (const { side, group } of groups) {
    const frame: Box = {
      x,
      y: (height - group.height - CAPTION - 2 * PADDING) / 2,
      width: group.width + 2 * PADDING,
      height: group.height + CAPTION + 2 * PADDING,
    };
    for (const [sid, at] of group.places) {
      cards.set(sid, { x: frame.x + PADDING + at.x, y: frame.y + PADDING + CAPTION + at.y, ...card });
    }
    placed.push({ side, frame });
    x += frame.width + SIDE_GAP;
  }
  return { width: x - SIDE_GAP + MARGIN, height, cards, sides: placed, isCompact };
}

interface Group extends Size {
  readonly places: ReadonlyMap<number, Point>;
}

function placeGroup(sids: readonly number[], card: Size): Group {
  const points = pointsFor(sids.length, { width: card.width + GAP.width, height: card.height + GAP.height });
  const left = Math.min(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const places = sids.map((sid, index): [number, Point] => {
    const { x = 0, y = 0 } = points[index] ?? {};
    return [sid, { x: Math.round(x - left), y: Math.round(y - top) }];
  });
  return {
    places: new Map(places),
    width: Math.max(...places.map(([, { x }]) => x)) + card.width,
    height: Math.max(...places.map(([, { y }]) => y)) + card.height,
  };
}

/** `step` is what two cards beside or above each other are apart. */
function pointsFor(count: number, { width, height }: Size): readonly Point[] {
  if (count <= 2)
    return [
      { x: 0, y: 0 },
      { x: 0, y: height },
    ].slice(0, count);
  if (count === 3) {
    // The last on top: among equals it is the one that wins.
    return [
      { x: 0, y: height },
      { x: width, y: height },
      { x: width / 2, y: 0 },
    ];
  }
  if (count === 4) {
    const down = height + DIAGONALS;
    return [
      { x: 0, y: down },
      { x: width, y: down },
      { x: width, y: 0 },
      { x: 0, y: 0 },
    ];
  }
  return Array.from({ length: count }, (_, index) => {
    const angle = -Math.PI / 2 + ((index + 1) * 2 * Math.PI) / count;
    return { x: (Math.cos(angle) * width * count) / 6, y: (Math.sin(angle) * height * count) / 6 };
  });
}

export function centreOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where the line between two cards leaves the first one. */
export function edgeOf(from: Box, to: Box): Point {
  const start = centreOf(from);
  const end = centreOf(to);
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  if (dx === 0 && dy === 0) return start;
  const scale = Math.min(
    dx === 0 ? Infinity : from.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : from.height / 2 / Math.abs(dy),
  );
  return { x: start.x + dx * scale, y: start.y + dy * scale };
}

/** As much room as the sign on a link takes, with its words. */
const SIGN: Size = { width: 92, height: 26 };
/** Where on a line a sign may be, the middle first. */
const SHARES = [0.5, 0.36, 0.64, 0.24, 0.76, 0.14, 0.86];

/**
 * Where the signs of links are: on what is seen of the line, beside cards and beside each other, as far as there is room.
 * By the order of `links`.
 */
export function placeSigns(
  links: readonly { readonly a: number; readonly b: number }[],
  layout: Layout,
): readonly Point[] {
  const taken: Box[] = [...layout.cards.values()];
  return links.map(({ a, b }) => {
    const [from, to] = [layout.cards.get(a), layout.cards.get(b)];
    if (from === undefined || to === undefined) return { x: 0, y: 0 };
    const [start, end] = [edgeOf(from, to), edgeOf(to, from)];
    const places = SHARES.map((share) => ({
      x: start.x + (end.x - start.x) * share,
      y: start.y + (end.y - start.y) * share,
    }));
    const free = places.find((place) => !taken.some((box) => overlap(signBox(place), box)));
    const chosen = free ?? places[0] ?? start;
    taken.push(signBox(chosen));
    return chosen;
  });
}

/** What the sign at this place covers. */
export function signBox({ x, y }: Point): Box {
  return { x: x - SIGN.width / 2, y: y - SIGN.height / 2, ...SIGN };
}

export function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

import { describe, expect, test } from 'vitest';
import { type Box, edgeOf, layoutOf, placeSigns } from '../../../../renderer/features/ensembles/layout.ts';
import type { Side } from '../../../../renderer/features/ensembles/partition.ts';

const side = (...sids: readonly number[]): Side => ({ sids, voterCount: sids.length, hasQuorum: true });
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

describe.each(range(9))('layout of %i', (count) => {
  test.each(range(count))(
    'in %i sides: no card on another, each in its frame, all in the picture',
    (sideCount) => {
      const sids = range(count);
      const sides = range(sideCount).map((number) =>
        side(...sids.filter((sid) => (sid % sideCount) + 1 === number)),
      );
      const layout = layoutOf(sides);
      const cards = [...layout.cards.values()];
      expect(cards).toHaveLength(count);
      for (const [index, card] of cards.entries()) {
        expect(cards.slice(index + 1).some((other) => overlaps(card, other))).toBe(false);
        expect(isWithin(card, { x: 0, y: 0, width: layout.width, height: layout.height })).toBe(true);
      }
      for (const { side: placed, frame } of layout.sides) {
        for (const sid of placed.sids) expect(isWithin(layout.cards.get(sid)!, frame)).toBe(true);
      }
      const frames = layout.sides.map(({ frame }) => frame);
      for (const [index, frame] of frames.entries()) {
        expect(frames.slice(index + 1).some((other) => overlaps(frame, other))).toBe(false);
      }
    },
  );
});

test.each([[[1, 2, 3]], [[1], [2, 3]], [[1, 2, 3, 4]], [[1], [2, 3, 4]]])(
  'layout: the signs on the links of the sides %j and %j stand on no card and on no other sign',
  (...groups) => {
    const sids = groups.flat();
    const layout = layoutOf(groups.map((group) => side(...group)));
    const links = sids.flatMap((a) => sids.filter((b) => b > a).map((b) => ({ a, b })));
    const signs = placeSigns(links, layout).map(({ x, y }) => ({
      x: x - 40,
      y: y - 12,
      width: 80,
      height: 24,
    }));
    for (const [index, sign] of signs.entries()) {
      const { a, b } = links[index]!;
      const others = [...layout.cards.values(), ...signs.slice(index + 1)];
      expect(
        others.some((other) => overlaps(sign, other)),
        `${a}-${b}`,
      ).toBe(false);
    }
  },
);

test('layout: up to four cards are the full ones', () => {
  expect(layoutOf([side(...range(4))]).isCompact).toBe(false);
  expect(layoutOf([side(...range(5))]).isCompact).toBe(true);
});

test('layout: a line leaves a card at its edge, towards the other', () => {
  const box = (x: number, y: number): Box => ({ x, y, width: 20, height: 10 });
  expect(edgeOf(box(0, 0), box(100, 0))).toEqual({ x: 20, y: 5 });
  expect(edgeOf(box(0, 0), box(0, 100))).toEqual({ x: 10, y: 10 });
  expect(edgeOf(box(100, 0), box(0, 0))).toEqual({ x: 100, y: 5 });
});

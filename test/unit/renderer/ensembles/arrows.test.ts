import { describe, expect, test } from 'vitest';
import { placeArrows } from '../../../../renderer/features/ensembles/arrows.ts';
import type { Flight } from '../../../../renderer/features/ensembles/flights.ts';
import { layoutOf } from '../../../../renderer/features/ensembles/layout.ts';

const TEXT = '(5, 0x5_00000061, 3)';

function vote(from: number, to: number): Flight {
  return {
    key: `${from}-${to}`,
    kind: 'vote',
    from,
    to,
    text: TEXT,
    verdict: 'accepted',
    sinceMs: 0,
    untilMs: 1,
  };
}

function layoutOfServers(count: number): ReturnType<typeof layoutOf> {
  const sids = Array.from({ length: count }, (_, index) => index + 1);
  return layoutOf([{ sids, voterCount: count, hasQuorum: true }]);
}

const linesOf = ({ text }: Flight): string[] => [text, 'accepted'];

describe('arrows of flights', () => {
  test('each way has a line and words of its own', () => {
    const [there, back] = placeArrows([vote(1, 2), vote(2, 1)], layoutOfServers(3), { taken: [], linesOf });
    expect(there?.start.y).not.toBe(back?.start.y);
    expect(there?.words?.y).not.toBe(back?.words?.y);
  });

  test('the words of all votes of four servers stand apart; those without room are left out', () => {
    const sids = [1, 2, 3, 4];
    const flights = sids.flatMap((from) => sids.filter((to) => to !== from).map((to) => vote(from, to)));
    const arrows = placeArrows(flights, layoutOfServers(4), { taken: [], linesOf });
    expect(arrows).toHaveLength(12);
    const spans = arrows.flatMap(({ words }) => {
      if (words === null) return [];
      const width = TEXT.length * 6.6;
      const left = { start: words.x, middle: words.x - width / 2, end: words.x - width }[words.anchor];
      return [{ left, right: left + width, y: words.y }];
    });
    expect(spans.length).toBeGreaterThanOrEqual(6);
    for (const [index, one] of spans.entries()) {
      for (const other of spans.slice(index + 1)) {
        const isApart = Math.abs(one.y - other.y) >= 11 || one.right <= other.left || other.right <= one.left;
        expect(isApart, JSON.stringify([one, other])).toBe(true);
      }
    }
  });

  test('words that would stand on a sign go elsewhere along the arrow', () => {
    const layout = layoutOfServers(3);
    const [free] = placeArrows([vote(1, 3)], layout, { taken: [], linesOf });
    const { x = 0, y = 0 } = free?.words ?? {};
    const sign = { x: x - 2, y: y - 6, width: 4, height: 4 };
    const [moved] = placeArrows([vote(1, 3)], layout, { taken: [sign], linesOf });
    expect(moved?.words).not.toBeNull();
    expect(moved?.words?.y).not.toBe(y);
  });

  test('a server that is not in the picture has no arrows', () => {
    expect(placeArrows([vote(1, 9)], layoutOfServers(3), { taken: [], linesOf })).toEqual([]);
  });
});

/** What two looks at the clocks tell. */
import { expect, test } from 'vitest';

import { report } from '../../../embedded-server/process-watch.ts';

function told(next: { elapsedMs: number; wallMs: number }): string[] {
  const lines: string[] = [];
  report(
    {
      onLook: (elapsedMs) => lines.push(`look ${elapsedMs}`),
      onStall: (durationMs) => lines.push(`stall ${durationMs}`),
      onClockJump: (byMs) => lines.push(`jump ${byMs}`),
    },
    { elapsedMs: 1000, wallMs: 500_000 },
    next,
  );
  return lines;
}

test('process watch: a timer in time tells nothing', () => {
  expect(told({ elapsedMs: 1250, wallMs: 500_250 })).toEqual(['look 250']);
  expect(told({ elapsedMs: 1440, wallMs: 500_450 })).toEqual(['look 440']);
});

test('process watch: a timer that came late is a stall for as long as it was late', () => {
  expect(told({ elapsedMs: 3250, wallMs: 502_250 })).toEqual(['look 2250', 'stall 2000']);
});

test('process watch: clocks that part are a jump, forwards or backwards', () => {
  expect(told({ elapsedMs: 1250, wallMs: 503_250 })).toEqual(['look 250', 'jump 3000']);
  expect(told({ elapsedMs: 1250, wallMs: 497_250 })).toEqual(['look 250', 'jump -3000']);
});

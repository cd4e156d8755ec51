import { expect, test } from 'vitest';
import { ResponseClock } from '../../../../../electron/services/sessions/response-clock.ts';

test('response clock: nothing is known before the first answer', () => {
  const clock = new ResponseClock();
  clock.onPolled([], 10_000);
  expect(clock.toWallMs(1)).toBeUndefined();
});

test('response clock: no answer is younger than the poll, and every poll brings the zero closer', () => {
  const clock = new ResponseClock();
  // The server's zero is at 9,000: its youngest answer was 400 ms old when asked, then 50 ms.
  clock.onPolled([200, 600], 10_000);
  expect(clock.toWallMs(600)).toBe(10_000);
  clock.onPolled([600, 2_950], 12_000);
  expect(clock.toWallMs(600)).toBe(9_650);
  clock.onPolled([600], 20_000);
  expect(clock.toWallMs(600)).toBe(9_650);
});

test('response clock: what it learned of a server that counts anew is forgotten', () => {
  const clock = new ResponseClock();
  clock.onPolled([1_000_000], 1_000_100);
  for (let at = 0; at < 30; at++) clock.onPolled([at * 1_000], 2_000_000 + at * 1_000);
  expect(clock.toWallMs(29_000)).toBe(2_029_000);
});

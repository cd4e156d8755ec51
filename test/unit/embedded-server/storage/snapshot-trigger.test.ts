/** When a snapshot is due: between half and all of the limits (PROTOCOL.md 6.4). */
import { expect, test } from 'vitest';

import { SnapshotTrigger } from '../../../../embedded-server/storage/snapshot-trigger.ts';

function countUntilDue(trigger: SnapshotTrigger, bytes = 1): number {
  for (let count = 1; ; count++) if (trigger.onAppended(bytes)) return count;
}

test.each([
  [0, 51],
  [0.5, 76],
  [0.999, 100],
])('of 100 transactions with the draw %d: at the %dth', (draw, expected) => {
  const trigger = new SnapshotTrigger({ txnsMax: 100, bytesMax: 0, random: () => draw }, 0);
  expect(countUntilDue(trigger)).toBe(expected);
  trigger.reset();
  expect(countUntilDue(trigger)).toBe(expected);
});

test('what was replayed at the start counts', () => {
  const trigger = new SnapshotTrigger({ txnsMax: 100, bytesMax: 0, random: () => 0 }, 40);
  expect(countUntilDue(trigger)).toBe(11);
});

test('a log that grows large is reason enough', () => {
  const trigger = new SnapshotTrigger({ txnsMax: 1000, bytesMax: 1000, random: () => 0.5 }, 0);
  expect(countUntilDue(trigger, 100)).toBe(8);
});

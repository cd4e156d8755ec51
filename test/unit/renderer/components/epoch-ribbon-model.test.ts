/** Who led when, to the scale of time. */
import { describe, expect, test } from 'vitest';
import { recordElections } from '../../../../electron/diagnosis/elections.ts';
import { placeLabels, ribbonOf } from '../../../../renderer/components/epoch-ribbon-model.ts';
import type { ElectionRecord } from '../../../../shared/api/elections.ts';
import { readEvents } from '../../../support/event-text.ts';

const RECORD = recordElections(readEvents('three-servers-builtin'));
const [first, second] = RECORD.ribbon;
const nowMs = (second?.fromMs ?? 0) + 3_600_000;

const HOUR_MS = 3_600_000;
const reign = (
  leader: number,
  epoch: number,
  from: number,
  to: number | null,
): ElectionRecord['ribbon'][number] => ({
  leader,
  epoch,
  fromMs: nowMs - from * HOUR_MS,
  toMs: to === null ? null : nowMs - to * HOUR_MS,
});

describe('ribbon', () => {
  test('reigns and the gaps between them, each gap with its election', () => {
    const { reigns, gaps } = ribbonOf(RECORD, { range: 'all', nowMs });
    expect(reigns.map(({ reign: { leader, epoch }, isLast }) => [leader, epoch, isLast])).toEqual([
      [first?.leader, 1, false],
      [second?.leader, 2, true],
    ]);
    expect(gaps.map(({ lost, election }) => [lost, election?.epoch])).toEqual([
      [null, 1],
      [first?.leader, 2],
    ]);
    const [, gap] = gaps;
    expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0)).toBeCloseTo((second?.fromMs ?? 0) - (first?.toMs ?? 0));
  });

  test('parts fill the time up to now', () => {
    const { reigns } = ribbonOf(RECORD, { range: 'all', nowMs });
    const last = reigns.at(-1);
    expect((last?.leftShare ?? 0) + (last?.widthShare ?? 0)).toBeCloseTo(1);
    for (const { leftShare, widthShare } of reigns) {
      expect(leftShare).toBeGreaterThanOrEqual(0);
      expect(leftShare + widthShare).toBeLessThanOrEqual(1.000001);
    }
  });

  test('a range shows what lies in it, and cuts what began before', () => {
    const ribbon = [reign(1, 1, 48, 30), reign(2, 2, 30, 0.5), reign(3, 3, 0.5, null)];
    const { reigns, gaps } = ribbonOf({ ribbon, elections: [] }, { range: '1h', nowMs });
    expect(
      reigns.map(({ reign: { leader }, leftShare, widthShare }) => [leader, leftShare, widthShare]),
    ).toEqual([
      [2, 0, 0.5],
      [3, 0.5, 0.5],
    ]);
    expect(gaps.map(({ lost }) => lost)).toEqual([2]);
  });

  test('a reign that ended without another is followed by a gap that lasts', () => {
    const { gaps, reigns } = ribbonOf(
      { ribbon: [reign(1, 1, 3, 1)], elections: [] },
      { range: 'all', nowMs },
    );
    expect(gaps.map(({ toMs, lost }) => [toMs, lost])).toEqual([[null, 1]]);
    expect(reigns[0]?.isLast).toBe(false);
  });

  test('of nothing there is nothing', () => {
    expect(ribbonOf({ ribbon: [], elections: [] }, { range: 'all', nowMs })).toMatchObject({
      reigns: [],
      gaps: [],
    });
  });
});

describe('labels', () => {
  const label = (gap: number, at: number): { gap: number; at: number; width: number } => ({
    gap,
    at,
    width: 100,
  });

  test('stand at their gaps where there is room', () => {
    expect(placeLabels([label(0, 200), label(1, 400)], { from: 0, to: 600 })).toEqual([
      { gap: 1, left: 400 },
      { gap: 0, left: 200 },
    ]);
  });

  test('move to the left rather than over the next one, the newest first', () => {
    expect(placeLabels([label(0, 350), label(1, 400)], { from: 0, to: 600 })).toEqual([
      { gap: 1, left: 400 },
      { gap: 0, left: 284 },
    ]);
  });

  test('are left out where they would stand far from their gap, or over the begin', () => {
    const crowd = [label(0, 390), label(1, 392), label(2, 394), label(3, 396)];
    expect(placeLabels(crowd, { from: 0, to: 600 }).map(({ gap }) => gap)).toEqual([3]);
    expect(placeLabels([label(0, 20)], { from: 90, to: 600 })).toEqual([]);
  });
});

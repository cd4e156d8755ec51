import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { estimateOffsets } from '../../../../../electron/diagnosis/logs/clock-offsets.ts';
import { type Precedence, messagePairs } from '../../../../../electron/diagnosis/logs/message-pairs.ts';
import type { ServerEventDto } from '../../../../../shared/api/server-events.ts';

/** How far ahead of the truth each server's clock is. */
type Skews = Readonly<Record<number, number>>;

interface Message {
  readonly from: number;
  readonly to: number;
  readonly sentMs: number;
  readonly tookMs: number;
}

function pairOf({ from, to, sentMs, tookMs }: Message, skews: Skews): Precedence {
  return {
    earlier: { sid: from, atMs: sentMs + (skews[from] ?? 0) },
    later: { sid: to, atMs: sentMs + tookMs + (skews[to] ?? 0) },
  };
}

describe('clocks from messages', () => {
  test('the truth is within the uncertainty, whatever clocks show and messages take', () => {
    const skew = fc.integer({ min: -1e7, max: 1e7 });
    const message = fc.record({
      from: fc.integer({ min: 1, max: 4 }),
      to: fc.integer({ min: 1, max: 4 }),
      sentMs: fc.integer({ min: 0, max: 1e6 }),
      tookMs: fc.integer({ min: 0, max: 5000 }),
    });
    fc.assert(
      fc.property(
        fc.tuple(skew, skew, skew, skew),
        fc.array(message, { maxLength: 30 }),
        (drawn, messages) => {
          const skews: Skews = { 1: drawn[0], 2: drawn[1], 3: drawn[2], 4: drawn[3] };
          const pairs = messages.filter(({ from, to }) => from !== to).map((each) => pairOf(each, skews));
          for (const { sid, offsetMs, uncertaintyMs, isSteady } of estimateOffsets([1, 2, 3, 4], pairs)) {
            expect(isSteady).toBe(true);
            if (uncertaintyMs === null) continue;
            const truth = (skews[sid] ?? 0) - (skews[1] ?? 0);
            expect(Math.abs(offsetMs - truth)).toBeLessThanOrEqual(uncertaintyMs);
          }
        },
      ),
    );
  });

  test('bounds add up over a server in between', () => {
    const skews: Skews = { 1: 0, 2: 500, 3: -70_000 };
    const ways = [
      { from: 1, to: 2 },
      { from: 2, to: 1 },
      { from: 2, to: 3 },
      { from: 3, to: 2 },
    ];
    const pairs = ways.map((way) => pairOf({ ...way, sentMs: 10, tookMs: 2 }, skews));
    expect(estimateOffsets([1, 2, 3], pairs)).toEqual([
      { sid: 1, offsetMs: 0, uncertaintyMs: 0, isSteady: true },
      { sid: 2, offsetMs: 500, uncertaintyMs: 2, isSteady: true },
      { sid: 3, offsetMs: -70_000, uncertaintyMs: 4, isSteady: true },
    ]);
  });

  test('bounded on one side only, a clock is taken for right as far as that allows', () => {
    const late = pairOf({ from: 1, to: 2, sentMs: 0, tookMs: 3 }, { 1: 0, 2: -1000 });
    const early = pairOf({ from: 1, to: 3, sentMs: 0, tookMs: 3 }, { 1: 0, 3: 1000 });
    expect(estimateOffsets([1, 2, 3], [late, early])).toMatchObject([
      {},
      { offsetMs: -997, uncertaintyMs: null },
      { offsetMs: 0, uncertaintyMs: null },
    ]);
  });

  test('messages that contradict each other say that a clock was moved', () => {
    const pairs = [
      pairOf({ from: 1, to: 2, sentMs: 0, tookMs: 1 }, { 1: 0, 2: 0 }),
      pairOf({ from: 2, to: 1, sentMs: 9000, tookMs: 1 }, { 1: 0, 2: 5000 }),
    ];
    expect(estimateOffsets([1, 2], pairs)).toMatchObject([{}, { isSteady: false }]);
  });

  test('no servers have no clocks', () => {
    expect(estimateOffsets([], [])).toEqual([]);
  });
});

describe('pairs of events', () => {
  const vote = { leader: 1, peerEpoch: 1, zxid: '0x100000000' };
  const sent = (atMs: number): ServerEventDto => ({
    kind: 'vote-sent',
    seq: 0,
    sid: 1,
    atMs,
    to: null,
    vote,
    round: 1,
  });
  const heard = (atMs: number): ServerEventDto => {
    const rest = { fromState: 'LOOKING', vote, round: 1, verdict: 'counted' } as const;
    return { kind: 'vote-received', seq: 0, sid: 2, atMs, from: 1, ...rest };
  };
  const DAY_MS = 86_400_000;

  test('the first sending bounds the first hearing of the same vote, however far clocks are apart', () => {
    expect(messagePairs([sent(0), sent(400), heard(DAY_MS), heard(DAY_MS + 1)])).toEqual([
      { earlier: { sid: 1, atMs: 0 }, later: { sid: 2, atMs: DAY_MS } },
    ]);
  });

  test('the same vote in two elections is paired in both', () => {
    expect(messagePairs([sent(0), sent(DAY_MS), heard(5), heard(DAY_MS + 5)])).toHaveLength(2);
  });

  test('where one of the two knows of fewer elections, nothing is known', () => {
    expect(messagePairs([sent(0), sent(DAY_MS), heard(DAY_MS + 5)])).toEqual([]);
  });

  test('a leader begins to send before its learner begins to take', () => {
    const sync = { kind: 'sync', seq: 0, learner: 2, mode: 'DIFF', fromZxid: null, toZxid: '0x5' } as const;
    const events: ServerEventDto[] = [
      { ...sync, sid: 1, atMs: 10 },
      { ...sync, sid: 2, atMs: 7 },
    ];
    expect(messagePairs(events)).toMatchObject([
      { earlier: { sid: 1, atMs: 10 }, later: { sid: 2, atMs: 7 } },
    ]);
    expect(messagePairs([...events, { ...sync, sid: 3, atMs: 11 }])).toEqual([]);
  });
});

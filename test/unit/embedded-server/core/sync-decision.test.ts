/** The table of PROTOCOL.md 5.5, row by row: how a learner at P catches up. */
import { describe, expect, test } from 'vitest';

import { decideSync } from '../../../../embedded-server/core/sync-decision.ts';
import { type Zxid, makeZxid } from '../../../../shared/zxid.ts';

function at(epoch: number, counter: number): Zxid {
  return makeZxid({ epoch, counter });
}

/** Epoch 1 from 3 to 6, then epoch 2 from 1 to 2. */
const COMMITTED = [at(1, 3), at(1, 4), at(1, 5), at(1, 6), at(2, 1), at(2, 2)];

function decide(learnerZxid: Zxid, committed = COMMITTED, lastProcessedZxid = committed.at(-1) ?? at(0, 0)) {
  return decideSync({ learnerZxid, lastProcessedZxid, committed, zxidOf: (zxid) => zxid });
}

describe('sync decision', () => {
  test('the leader is at P as well: DIFF with nothing', () => {
    expect(decide(at(2, 2))).toEqual({ kind: 'DIFF', zxid: at(2, 2), txns: [] });
    expect(decide(at(1, 9), [], at(1, 9))).toEqual({ kind: 'DIFF', zxid: at(1, 9), txns: [] });
  });

  test('P is above everything: TRUNC to the last committed', () => {
    expect(decide(at(2, 3))).toEqual({ kind: 'TRUNC', zxid: at(2, 2), txns: [] });
  });

  test('P is above everything, but only because its epoch began: SNAP', () => {
    expect(decide(at(3, 0))).toEqual({ kind: 'SNAP' });
  });

  test('P is committed: DIFF with what follows', () => {
    expect(decide(at(1, 5))).toEqual({ kind: 'DIFF', zxid: at(2, 2), txns: COMMITTED.slice(3) });
  });

  test('P is the oldest at hand: DIFF', () => {
    expect(decide(at(1, 3))).toEqual({ kind: 'DIFF', zxid: at(2, 2), txns: COMMITTED.slice(1) });
  });

  test('P is the newest at hand and a new epoch began: DIFF with nothing', () => {
    expect(decide(at(2, 2), COMMITTED, at(3, 0))).toEqual({ kind: 'DIFF', zxid: at(2, 2), txns: [] });
  });

  test('P is the start of an epoch within: DIFF with that epoch', () => {
    expect(decide(at(2, 0))).toEqual({ kind: 'DIFF', zxid: at(2, 2), txns: COMMITTED.slice(4) });
  });

  test('P was never committed, and its epoch ends before it: SNAP', () => {
    expect(decide(at(1, 7))).toEqual({ kind: 'SNAP' });
  });

  test('P was never committed, with transactions of its epoch around it: TRUNC and what follows', () => {
    const gap = [at(1, 1), at(1, 2), at(1, 4)];
    expect(decide(at(1, 3), gap)).toEqual({ kind: 'TRUNC', zxid: at(1, 2), txns: [at(1, 4)] });
  });

  test('P is older than everything at hand: SNAP', () => {
    expect(decide(at(1, 2))).toEqual({ kind: 'SNAP' });
    expect(decide(at(0, 0))).toEqual({ kind: 'SNAP' });
  });

  test('nothing is at hand: SNAP for who is behind, TRUNC for who is ahead', () => {
    expect(decide(at(1, 2), [], at(1, 5))).toEqual({ kind: 'SNAP' });
    expect(decide(at(1, 7), [], at(1, 5))).toEqual({ kind: 'TRUNC', zxid: at(1, 5), txns: [] });
  });
});

/** What is kept of elections and what is seen now, put together (electron/services/diagnosis/merge-elections.ts). */
import { expect, test } from 'vitest';
import type { Election, Reign } from '../../../../../shared/api/elections.ts';
import { endOfWatch, mergeElections } from '../../../../../electron/services/diagnosis/merge-elections.ts';

const reign = (leader: number, epoch: number, fromMs: number, toMs: number | null): Reign => ({
  leader,
  epoch,
  fromMs,
  toMs,
});
const election = (changes: Partial<Election>): Election => ({
  startMs: 0,
  endMs: 100,
  winner: 1,
  epoch: 1,
  previous: null,
  participants: [],
  round: null,
  casts: [],
  heard: [],
  candidates: [],
  syncs: [],
  epochs: [],
  joinVotes: [],
  endings: [],
  clients: null,
  ...changes,
});
const CAST = {
  sid: 1,
  atMs: 0,
  round: 1,
  vote: { leader: 1, peerEpoch: 0, zxid: '0x0' },
  why: { kind: 'own' },
} as const;

test('ribbon: a reign that goes on is one, from when it was first seen', () => {
  const { ribbon } = mergeElections(
    { elections: [], ribbon: [reign(1, 1, 0, 50_000), reign(2, 2, 51_000, 90_000)] },
    { elections: [], ribbon: [reign(2, 2, 95_000, null)] },
  );
  expect(ribbon).toEqual([reign(1, 1, 0, 50_000), reign(2, 2, 51_000, null)]);
});

test('ribbon: the same leader and epoch of long ago is another reign: its data were wiped', () => {
  const { ribbon } = mergeElections(
    { elections: [], ribbon: [reign(1, 1, 0, 1000)] },
    { elections: [], ribbon: [reign(1, 1, 500_000, null)] },
  );
  expect(ribbon).toHaveLength(2);
});

test('ribbon: whoever led when nobody watched any more ended by the time the next began', () => {
  const { ribbon } = mergeElections(
    { elections: [], ribbon: [reign(1, 1, 0, 90_000)] },
    { elections: [], ribbon: [reign(2, 2, 60_000, null)] },
  );
  expect(ribbon[0]?.toMs).toBe(60_000);
});

test('elections: of one seen twice the richer stays, and an open one is followed by how it ended', () => {
  const rich = election({ casts: [CAST], startMs: 0, endMs: 100 });
  const poor = election({ startMs: 40, endMs: 110 });
  const merge = (kept: Election, live: Election): readonly Election[] =>
    mergeElections({ elections: [kept], ribbon: [] }, { elections: [live], ribbon: [] }).elections;
  expect(merge(rich, poor)).toEqual([rich]);
  expect(merge(poor, rich)).toEqual([rich]);
  const open = election({ casts: [CAST], endMs: null, winner: null, epoch: null });
  expect(merge(open, election({}))).toEqual([election({})]);
  expect(merge(rich, election({ epoch: 2, startMs: 60_000, endMs: 60_100 }))).toHaveLength(2);
});

test('end of the watch: what led last is not said to lead, and an open election is not kept', () => {
  const record = { elections: [election({ endMs: null })], ribbon: [reign(1, 1, 10, null)] };
  expect(endOfWatch(record, 500)).toEqual({ elections: [], ribbon: [reign(1, 1, 10, 500)] });
});

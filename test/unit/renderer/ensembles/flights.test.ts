import { expect, test } from 'vitest';
import {
  EMPTY_SKY,
  type Sky,
  inTheAir,
  landed,
  withNews,
} from '../../../../renderer/features/ensembles/flights.ts';
import type { ServerEventDto } from '../../../../shared/api/server-events.ts';

const sids = [1, 2, 3];
const VOTE = { leader: 3, peerEpoch: 5, zxid: '0x500000061' };
const ZXID = '0x500000062';

let seq = 0;
const base = (sid: number): { seq: number; sid: number; atMs: number } => ({ seq: ++seq, sid, atMs: 0 });
const voteSent = (sid: number, to: number | null): ServerEventDto => ({
  ...base(sid),
  kind: 'vote-sent',
  to,
  vote: VOTE,
  round: 7,
});
const proposal = (zxid = ZXID): ServerEventDto => ({
  ...base(3),
  kind: 'proposal',
  zxid,
  sessionId: '0x1',
  operation: 'create',
  count: 1,
});
const ack = (from: number, zxid = ZXID): ServerEventDto => ({
  ...base(3),
  kind: 'ack',
  zxid,
  from,
  count: 1,
});
const commit = (zxid = ZXID): ServerEventDto => ({ ...base(3), kind: 'commit', zxid, count: 1 });

const after = (events: readonly ServerEventDto[], sky: Sky = EMPTY_SKY, nowMs = 0): Sky =>
  withNews(sky, events, { sids, nowMs });
const ways = ({ flights }: Sky): string[] => flights.map(({ kind, from, to }) => `${kind} ${from}>${to}`);

test('flights: a vote flies to its receiver, who says what became of it', () => {
  const sky = after([voteSent(1, 2), voteSent(1, 3), voteSent(1, 1), voteSent(1, null)]);
  expect(ways(sky)).toEqual(['vote 1>2', 'vote 1>3']);
  expect(sky.flights[0]).toMatchObject({ text: '(5, 0x5_00000061, 3)', verdict: null });
  const told = after(
    [
      {
        ...base(2),
        kind: 'vote-received',
        from: 1,
        fromState: 'LOOKING',
        vote: VOTE,
        round: 7,
        verdict: 'worse',
      },
    ],
    sky,
  );
  expect(told.flights.map(({ verdict }) => verdict)).toEqual(['worse', null]);
});

test('flights: a proposal goes to all, acks come back, and the commit follows', () => {
  const sky = after([proposal(), ack(3), ack(2), commit()]);
  expect(ways(sky)).toEqual(['proposal 3>1', 'proposal 3>2', 'ack 2>3', 'commit 3>1', 'commit 3>2']);
  expect(sky.flights.every(({ text }) => text === '0x5_00000062')).toBe(true);
  // All of it took two milliseconds; it is shown one after the other.
  const shown = (nowMs: number): string[] => [
    ...new Set(inTheAir(landed(sky, nowMs), nowMs).map(({ kind }) => kind)),
  ];
  expect(shown(100)).toEqual(['proposal']);
  expect(shown(1_000)).toEqual(['proposal', 'ack']);
  expect(shown(1_700)).toEqual(['ack', 'commit']);
});

test('flights: one proposal at a time; what belongs to others is not drawn', () => {
  const sky = after([proposal(), proposal('0x500000063'), ack(1, '0x500000063'), commit('0x500000063')]);
  expect(ways(sky)).toEqual(['proposal 3>1', 'proposal 3>2']);
  const later = after([proposal('0x500000064')], sky, 10_000);
  expect(later.story?.zxid).toBe('0x500000064');
  expect(ways(later)).toEqual(['proposal 3>1', 'proposal 3>2']);
});

test('flights: they land, and nothing changes while all are in the air', () => {
  const sky = after([voteSent(1, 2)]);
  expect(landed(sky, 1_000)).toBe(sky);
  expect(landed(sky, 2_000).flights).toEqual([]);
  expect(landed(EMPTY_SKY, 2_000)).toBe(EMPTY_SKY);
});

test('flights: more than a person can see are not kept', () => {
  const sky = after(Array.from({ length: 100 }, () => voteSent(1, 2)));
  expect(sky.flights).toHaveLength(24);
});

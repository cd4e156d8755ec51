import { expect, test } from 'vitest';
import { partitionChoices, sidesOf } from '../../../../renderer/features/ensembles/partition.ts';
import { ensembleOf } from './make-ensemble.ts';

test('sides: whole links make one side, which has the quorum', () => {
  expect(sidesOf(ensembleOf({ voters: 3, observers: 1 }))).toEqual({
    voterCount: 3,
    sides: [{ sids: [1, 2, 3, 4], voterCount: 3, hasQuorum: true }],
  });
});

test('sides: a server whose links are all cut stands alone, without a quorum', () => {
  const { sides } = sidesOf(ensembleOf({ voters: 3, observers: 1, cut: ['1-2', '1-3', '1-4'] }));
  expect(sides).toEqual([
    { sids: [1], voterCount: 1, hasQuorum: false },
    { sids: [2, 3, 4], voterCount: 2, hasQuorum: true },
  ]);
});

test('sides: one cut link between two that reach each other by a third makes no side of its own', () => {
  expect(sidesOf(ensembleOf({ voters: 3, cut: ['1-2'] })).sides).toHaveLength(1);
});

test('sides: a link that is cut one way joins nobody', () => {
  const { sides } = sidesOf(ensembleOf({ voters: 3, cut: ['1>2', '3>1'] }));
  expect(sides.map(({ sids }) => sids)).toEqual([[1], [2, 3]]);
});

test('sides: who does not run counts for no quorum, and neither do observers', () => {
  const ensemble = ensembleOf({ voters: 3, observers: 2, processes: { 2: 'stopped', 3: 'paused' } });
  expect(sidesOf(ensemble).sides).toEqual([{ sids: [1, 2, 3, 4, 5], voterCount: 1, hasQuorum: false }]);
});

test('sides: half of an even number of voters is no quorum', () => {
  const { sides } = sidesOf(ensembleOf({ voters: 4, cut: ['1-3', '1-4', '2-3', '2-4'] }));
  expect(sides.map(({ sids, hasQuorum }) => [sids, hasQuorum])).toEqual([
    [[1, 2], false],
    [[3, 4], false],
  ]);
});

test('sides: an ensemble without links has one', () => {
  expect(sidesOf({ ...ensembleOf({ voters: 3 }), links: [] }).sides).toHaveLength(1);
});

test('partition: the leader, another voter, a minority; only what makes sense', () => {
  const groups = (voters: number, leader: number | undefined): unknown =>
    partitionChoices(ensembleOf({ voters }).servers, leader).map(({ kind, group }) => [kind, group]);
  expect(groups(5, 5)).toEqual([
    ['isolate-leader', [5]],
    ['isolate-follower', [1]],
    ['halves', [1, 2]],
  ]);
  expect(groups(3, 1)).toEqual([
    ['isolate-leader', [1]],
    ['isolate-follower', [2]],
  ]);
  expect(groups(3, undefined)).toEqual([['isolate-follower', [1]]]);
  expect(groups(1, 1)).toEqual([]);
});

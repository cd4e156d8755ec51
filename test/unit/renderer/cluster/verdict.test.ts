import { expect, test } from 'vitest';
import { healthOf, judgeCluster } from '../../../../renderer/features/cluster/verdict.ts';
import { server, unreachable } from './make-server.ts';

const leader = server('zk-3', { role: 'leader', quorumSize: 3, syncedFollowers: 2, zxid: '0x500000001' });
const followers = [server('zk-1', { role: 'follower' }), server('zk-2', { role: 'follower' })];

test('verdict: three of three voters survive the loss of one', () => {
  const answer = judgeCluster([...followers, leader]);
  expect(answer).toEqual({
    verdict: { kind: 'led', leader: 'zk-3', voters: { synced: 3, total: 3, spare: 1 } },
    answering: 3,
    asked: 3,
    apart: 0,
  });
  expect(healthOf(answer)).toBe('ok');
});

test('verdict: with one follower lost, two of three voters survive no further loss', () => {
  const answer = judgeCluster([
    { ...leader, syncedFollowers: 1 },
    server('zk-2', { role: 'follower' }),
    unreachable('zk-1'),
  ]);
  expect(answer.verdict).toMatchObject({ voters: { synced: 2, total: 3, spare: 0 } });
  expect(healthOf(answer)).toBe('warning');
});

test.each([
  [5, 4, { synced: 5, total: 5, spare: 2 }],
  [4, 3, { synced: 4, total: 4, spare: 1 }],
  [2, 1, { synced: 2, total: 2, spare: 0 }],
  [1, 0, { synced: 1, total: 1, spare: 0 }],
])('verdict: %i voters, %i synced followers', (quorumSize, syncedFollowers, voters) => {
  expect(judgeCluster([{ ...leader, quorumSize, syncedFollowers }]).verdict).toMatchObject({ voters });
});

test('verdict: followers without a vote do not count', () => {
  const mntr = { zk_synced_non_voting_followers: '1' };
  expect(judgeCluster([{ ...leader, mntr }]).verdict).toMatchObject({ voters: { synced: 2, spare: 0 } });
});

test('verdict: without mntr of the leader the voters are not known', () => {
  expect(judgeCluster([{ ...leader, quorumSize: null }]).verdict).toMatchObject({
    kind: 'led',
    voters: null,
  });
  expect(judgeCluster([{ ...leader, syncedFollowers: 7 }]).verdict).toMatchObject({ voters: null });
});

test('verdict: one server that runs alone has no quorum to speak of', () => {
  const answer = judgeCluster([server('zk', { role: 'standalone' })]);
  expect(answer.verdict).toEqual({ kind: 'standalone', server: 'zk' });
  expect(healthOf(answer)).toBe('ok');
});

test('verdict: two servers that run alone are not one ensemble', () => {
  const servers = [server('a', { role: 'standalone' }), server('b', { role: 'standalone' })];
  expect(judgeCluster(servers).verdict).toEqual({ kind: 'separate-standalones', count: 2 });
});

test('verdict: a server that runs alone beside an ensemble is no part of it', () => {
  const answer = judgeCluster([...followers, leader, server('zk-9', { role: 'standalone' })]);
  expect(answer).toMatchObject({ verdict: { kind: 'led' }, apart: 1 });
  expect(healthOf(answer)).toBe('warning');
});

test('verdict: followers that serve prove a leader that was not asked', () => {
  expect(judgeCluster([...followers, unreachable('zk-3')]).verdict).toEqual({ kind: 'leader-unseen' });
});

test('verdict: two leaders are named, and the later epoch with them', () => {
  const old = server('zk-1', { role: 'leader', zxid: '0x4000000ff' });
  expect(judgeCluster([old, leader]).verdict).toEqual({
    kind: 'several-leaders',
    leaders: ['zk-1', 'zk-3'],
    latest: 'zk-3',
  });
  expect(judgeCluster([{ ...old, zxid: null }, leader]).verdict).toMatchObject({ latest: null });
  expect(judgeCluster([{ ...old, zxid: '0x500000009' }, leader]).verdict).toMatchObject({ latest: null });
});

test('verdict: nobody leads, nobody serves, nobody answers', () => {
  const looking = server('zk-1', { isServing: false });
  expect(judgeCluster([looking, unreachable('zk-2')])).toEqual({
    verdict: { kind: 'not-serving' },
    answering: 1,
    asked: 2,
    apart: 0,
  });
  expect(judgeCluster([unreachable('zk-1')]).verdict).toEqual({ kind: 'nobody-answers' });
  expect(judgeCluster([looking, server('zk-2', { role: 'read-only' })]).verdict).toEqual({
    kind: 'read-only',
  });
});

test('verdict: a leader that stopped serving leads nothing', () => {
  expect(judgeCluster([{ ...leader, isServing: false }]).verdict).toEqual({ kind: 'not-serving' });
});

/** Which servers vote and how far each is, from a sample. */
import { expect, test } from 'vitest';
import { knownQuorum } from '../../../../renderer/features/cluster/quorum-members.ts';
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import { server as makeServer } from './make-server.ts';

const server = (sid: number, more: Partial<ServerDto>): ServerDto =>
  makeServer(`h${sid}:2181`, { sid, failure: null, isServing: true, role: 'follower', ...more });

const CONFIG = [
  'server.1=h1:2888:3888:participant;2181',
  'server.2=h2:2888:3888:participant;2181',
  'server.3=h3:2888:3888:participant;2181',
  'server.4=h4:2888:3888:observer;2181',
].join('\n');

const FAILURE = {
  code: 'CONNECTION_REFUSED',
  message: 'refused',
  retryable: true,
} as unknown as ServerDto['failure'];

test('voters are those of the configuration, whether or not they answer', () => {
  const quorum = knownQuorum(
    [
      server(1, {}),
      server(3, { role: 'leader' }),
      server(4, { role: 'observer' }),
      server(2, { failure: FAILURE }),
    ],
    CONFIG,
  );
  expect(quorum?.isGuessed).toBe(false);
  expect(quorum?.members.map(({ sid, isUp, isLeader }) => [sid, isUp, isLeader])).toEqual([
    [1, true, false],
    [2, false, false],
    [3, true, true],
  ]);
});

test('a voter that nobody asked counts as down', () => {
  expect(knownQuorum([server(1, {})], CONFIG)?.members[1]).toMatchObject({ sid: 2, isUp: false });
});

test('whoever serves follows the present epoch, also before its first transaction', () => {
  const quorum = knownQuorum(
    [server(1, { zxid: '0x40000002f' }), server(2, { zxid: '0x500000000', role: 'leader' })],
    null,
  );
  expect(quorum?.isGuessed).toBe(true);
  expect(quorum?.members.map(({ peerEpoch }) => peerEpoch)).toEqual([5, 5]);
});

test('whoever looks is as far as its own log', () => {
  const quorum = knownQuorum(
    [server(1, { zxid: '0x40000002f', isServing: false, role: null }), server(2, { zxid: '0x500000000' })],
    null,
  );
  expect(quorum?.members.map(({ peerEpoch }) => peerEpoch)).toEqual([4, 5]);
});

test('servers that do not say their number, or run alone, are no quorum', () => {
  expect(knownQuorum([server(1, { sid: null })], null)).toBeUndefined();
  expect(knownQuorum([server(1, { role: 'standalone' })], null)).toBeUndefined();
});

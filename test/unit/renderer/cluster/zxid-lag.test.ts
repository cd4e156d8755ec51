import { expect, test } from 'vitest';
import { zxidLag } from '../../../../renderer/features/cluster/zxid-lag.ts';
import { server } from './make-server.ts';

const leader = server('zk-1', { role: 'leader', zxid: '0x50000000a' });
const follower = server('zk-2', { role: 'follower', zxid: '0x500000004' });

test('zxid lag: counters are compared within one epoch', () => {
  expect(zxidLag([leader, follower], follower)).toEqual({ kind: 'behind', transactions: 6 });
  expect(zxidLag([leader, follower], leader)).toEqual({ kind: 'newest' });
});

test('zxid lag: another epoch is said, not counted', () => {
  const old = { ...follower, zxid: '0x4000000ff' };
  expect(zxidLag([leader, old], old)).toEqual({ kind: 'other-epoch', epoch: 4, newestEpoch: 5 });
});

test('zxid lag: a zxid that another server does not share is compared with nothing', () => {
  expect(zxidLag([leader], leader)).toBeNull();
  expect(zxidLag([leader, { ...follower, zxid: null }], leader)).toBeNull();
  const alone = server('zk-3', { role: 'standalone', zxid: '0x1' });
  expect(zxidLag([leader, alone], alone)).toBeNull();
  expect(zxidLag([leader, alone], leader)).toBeNull();
});

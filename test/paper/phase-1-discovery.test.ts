/**
 * Zab (Junqueira, Reed, Serafini: "Zab: High-performance broadcast for primary-backup systems", DSN 2011), phase 1, step by
 * step, by the paper's names: CEPOCH is FOLLOWERINFO, NEWEPOCH is LEADERINFO, ACK-E is ACKEPOCH; f.p is acceptedEpoch, f.a is
 * currentEpoch.
 */
import { describe, expect, test } from 'vitest';

import { PaperServer, historyOf, zxid } from './paper-server.ts';

describe('phase 1, discovery: the follower', () => {
  test('f.1.1: tells the prospective leader the last epoch that it promised', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 4, currentEpoch: 2, log: historyOf([2, 3]) });
    expect(follower.follow(3, 2).hear()).toEqual(['FOLLOWERINFO 4.0']);
  });

  test('f.1.2: promises a later epoch, and answers with the epoch that it followed and its history', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 4, currentEpoch: 2, log: historyOf([2, 3]) });
    const leader = follower.follow(3, 2);
    leader.hear();
    leader.newEpoch(5);
    expect(follower.disk.acceptedEpoch).toBe(5);
    expect(follower.disk.currentEpoch).toBe(2);
    expect(leader.hear()).toEqual(['ACKEPOCH 2.3 of epoch 2']);
  });

  test('f.1.2: the promise is durable before it is given', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 4 });
    const leader = follower.follow(3, 2);
    leader.hear();
    follower.isDiskHeld = true;
    leader.newEpoch(5);
    expect(leader.hear()).toEqual([]);
    follower.sync();
    expect(leader.hear()).toEqual(['ACKEPOCH 0.0 of epoch 4']);
  });

  test('f.1.2: gives no promise for an epoch in front of one that it promised', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 4 });
    const leader = follower.follow(3, 2);
    leader.hear();
    leader.newEpoch(3);
    expect(leader.hear()).toEqual([]);
    expect(leader.isClosed).toBe(true);
    expect(follower.server.peerState).toBe('LOOKING');
    expect(follower.disk.acceptedEpoch).toBe(4);
  });

  test('f.1.2: a promise given before is not given a second time, to whomever', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 5, currentEpoch: 2 });
    const leader = follower.follow(3, 2);
    leader.hear();
    leader.newEpoch(5);
    expect(leader.hear()).toEqual(['ACKEPOCH 0.0 of epoch -1']);
  });

  test('invariant: whoever has promised an epoch takes nothing of an earlier leader any more', () => {
    const [first, second] = historyOf([1, 2]);
    const follower = new PaperServer(1);
    const former = follower.follow(3, 2);
    former.establish(1);
    former.propose(first!);
    follower.step({ kind: 'linkClosed', linkId: former.linkId });
    follower.follow(2, 3).newEpoch(2);
    former.propose(second!);
    expect(follower.disk.history).toEqual(['1.1']);
    expect(former.hear()).not.toContain('ACK 1.2');
  });

  test('invariant: what is told in ACK-E is the whole history, what is not committed included', () => {
    const follower = new PaperServer(1);
    const former = follower.follow(3, 2);
    former.establish(1);
    for (const txn of historyOf([1, 3])) former.propose(txn);
    follower.step({ kind: 'linkClosed', linkId: former.linkId });
    const leader = follower.follow(2, 3);
    leader.newEpoch(2);
    expect(leader.hear()).toEqual(['FOLLOWERINFO 1.0', 'ACKEPOCH 1.3 of epoch 1']);
  });
});

describe('phase 1, discovery: the leader', () => {
  function prospectiveLeader(content: ConstructorParameters<typeof PaperServer>[1]): PaperServer {
    const leader = new PaperServer(3, content);
    leader.lead(2);
    return leader;
  }

  test('l.1.1: proposes no epoch before a quorum has told its own', () => {
    const leader = prospectiveLeader({ acceptedEpoch: 4 });
    expect(leader.disk.acceptedEpoch).toBe(4);
    const follower = leader.dialFrom(1);
    expect(follower.hear()).toEqual([]);
    follower.promised(2);
    expect(follower.hear()).toEqual(['LEADERINFO 5.0']);
  });

  test('l.1.1: the new epoch is later than any that the quorum promised', () => {
    const leader = prospectiveLeader({ acceptedEpoch: 4 });
    const follower = leader.dialFrom(1);
    follower.promised(9);
    expect(follower.hear()).toEqual(['LEADERINFO 10.0']);
    expect(leader.disk.acceptedEpoch).toBe(10);
  });

  test('l.1.1: the leader promises what it proposes first, durably', () => {
    const leader = prospectiveLeader({ acceptedEpoch: 4 });
    leader.isDiskHeld = true;
    const follower = leader.dialFrom(1);
    follower.promised(4);
    expect(follower.hear()).toEqual([]);
    leader.sync();
    expect(follower.hear()).toEqual(['LEADERINFO 5.0']);
  });

  test('l.1.2: does not go on before a quorum has acknowledged the epoch', () => {
    const leader = prospectiveLeader({ log: historyOf([1, 2]) });
    const follower = leader.dialFrom(1);
    follower.promised(1);
    follower.hear();
    expect(leader.server.zabState).toBe('DISCOVERY');
    follower.ackEpoch(1, zxid(1, 2));
    expect(leader.server.zabState).toBe('SYNCHRONIZATION');
    expect(follower.hear()).toEqual(['DIFF 1.2', 'NEWLEADER 2.0']);
  });

  test('l.1.2: who promised this epoch before, perhaps to another, is not counted', () => {
    const leader = prospectiveLeader({ log: historyOf([1, 2]) });
    const follower = leader.dialFrom(1);
    follower.promised(1);
    follower.hear();
    follower.ackEpoch(-1, zxid(1, 2));
    expect(leader.server.zabState).toBe('DISCOVERY');
    expect(follower.hear()).toEqual([]);
  });

  test.each([
    ['a later epoch', 2, zxid(1, 1)],
    ['a longer history of the same epoch', 1, zxid(1, 3)],
  ])(
    'l.1.2: the initial history is the newest of the quorum: %s ends a leader without it',
    (_, epoch, last) => {
      const leader = prospectiveLeader({ log: historyOf([1, 2]) });
      const follower = leader.dialFrom(1);
      follower.promised(2);
      follower.ackEpoch(epoch, last);
      expect(follower.isClosed).toBe(true);
      expect(leader.server.zabState).toBe('DISCOVERY');
      for (let tick = 0; tick < 10; tick++) leader.pass(1000);
      expect(leader.server.peerState).toBe('LOOKING');
    },
  );

  test('l.1.2: an older history in the quorum gives way', () => {
    const leader = prospectiveLeader({ log: historyOf([1, 2], [2, 1]) });
    const follower = leader.dialFrom(1);
    follower.promised(2);
    follower.ackEpoch(1, zxid(1, 9));
    expect(leader.server.zabState).toBe('SYNCHRONIZATION');
  });

  test('a leader without a quorum gives up, so that another may be chosen', () => {
    const leader = prospectiveLeader({});
    for (let tick = 0; tick < 10; tick++) leader.pass(1000);
    expect(leader.server.peerState).toBe('LOOKING');
  });
});

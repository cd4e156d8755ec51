/**
 * Zab (DSN 2011), phase 2, step by step. NEWLEADER of the paper carries the initial history; here that is what comes between
 * ACKEPOCH and NEWLEADER, as little of it as the follower lacks. Its COMMIT is UPTODATE; f.a is currentEpoch.
 */
import { describe, expect, test } from 'vitest';

import { encodeDatabase } from '../../embedded-server/core/snapshot-transfer.ts';
import { NO_ZXID } from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { PaperDisk } from './paper-disk.ts';
import { PaperServer, historyOf, zxid } from './paper-server.ts';

describe('phase 2, synchronization: the leader', () => {
  function newLeader(): PaperServer {
    const leader = new PaperServer(3, { log: historyOf([1, 4]) });
    leader.lead(2);
    return leader;
  }

  test('l.2.1: proposes its history to the quorum: what a follower lacks, and nothing else', () => {
    const leader = newLeader();
    const follower = leader.dialFrom(1);
    follower.promised(1);
    follower.ackEpoch(1, zxid(1, 2));
    expect(follower.hear()).toEqual([
      'LEADERINFO 2.0',
      'DIFF 1.4',
      'PROPOSAL 1.3',
      'COMMIT 1.3',
      'PROPOSAL 1.4',
      'COMMIT 1.4',
      'NEWLEADER 2.0',
    ]);
  });

  test('l.2.1: a follower forgets what is not in the history', () => {
    const leader = newLeader();
    leader.dialFrom(2).join(2, zxid(1, 4));
    const follower = leader.dialFrom(1);
    follower.promised(1);
    follower.ackEpoch(1, zxid(1, 6));
    expect(follower.hear()).toEqual(['LEADERINFO 2.0', 'TRUNC 1.4', 'NEWLEADER 2.0']);
  });

  test('l.2.1: a follower far behind is sent the state in place of the transactions', () => {
    const leader = newLeader();
    const follower = leader.dialFrom(1);
    follower.promised(0);
    follower.ackEpoch(0, zxid(0, 0));
    expect(follower.hear()).toEqual(['LEADERINFO 2.0', 'SNAP 1.4', 'snapshot', 'NEWLEADER 2.0']);
  });

  test('l.2.1: the leader itself follows the new epoch, durably, before it counts itself', () => {
    const leader = newLeader();
    leader.isDiskHeld = true;
    const follower = leader.dialFrom(1);
    follower.promised(1);
    leader.sync();
    follower.ackEpoch(1, zxid(1, 4));
    follower.ack(2, 0);
    expect(leader.server.isServing).toBe(false);
    leader.sync();
    expect(leader.disk.currentEpoch).toBe(2);
    expect(leader.server.isServing).toBe(true);
  });

  test('l.2.2: commits the history when a quorum has it, and not before', () => {
    const leader = newLeader();
    const follower = leader.dialFrom(1);
    follower.promised(1);
    follower.ackEpoch(1, zxid(1, 4));
    follower.hear();
    expect(leader.server.isServing).toBe(false);
    follower.ack(2, 0);
    expect(leader.server.isServing).toBe(true);
    expect(follower.hear()).toEqual(['UPTODATE -']);
  });

  test('l.2.2: what the quorum has is committed with it, whoever committed it before or did not', () => {
    const leader = newLeader();
    leader.dialFrom(1).join(2, zxid(1, 4));
    expect(leader.delivered).toBe('2.0');
    expect(leader.server.database.tree.get('/e1-4')).toBeDefined();
  });
});

describe('phase 2, synchronization: the follower', () => {
  const [first, second, third] = historyOf([1, 3]);

  function greeted(content: ConstructorParameters<typeof PaperServer>[1]): {
    follower: PaperServer;
    leader: ReturnType<PaperServer['follow']>;
  } {
    const follower = new PaperServer(1, content);
    const leader = follower.follow(3, 2);
    leader.newEpoch(2);
    leader.hear();
    return { follower, leader };
  }

  test('f.2.1: accepts the history, then the epoch, then acknowledges', () => {
    const { follower, leader } = greeted({ log: [first!] });
    leader.say('DIFF', zxid(1, 3));
    for (const txn of [second!, third!]) {
      leader.propose(txn);
      leader.commit(txn);
    }
    follower.isDiskHeld = true;
    leader.say('NEWLEADER', zxid(2, 0));
    expect(leader.hear()).toEqual([]);
    follower.sync();
    expect(follower.disk.history).toEqual(['1.1', '1.2', '1.3']);
    expect(follower.disk.currentEpoch).toBe(2);
    expect(leader.hear()).toEqual(['ACK 2.0']);
  });

  test('f.2.1: what the leader does not have is forgotten before the history is acknowledged', () => {
    const { follower, leader } = greeted({ log: historyOf([1, 3]) });
    leader.say('TRUNC', zxid(1, 2));
    leader.say('NEWLEADER', zxid(2, 0));
    expect(follower.disk.history).toEqual(['1.1', '1.2']);
    expect(leader.hear()).toEqual(['ACK 2.0']);
  });

  test('f.2.1: a state takes the place of everything before', () => {
    const { follower, leader } = greeted({ log: historyOf([1, 1]) });
    const { database } = new PaperDisk({ log: historyOf([1, 3]) }).read();
    leader.say('SNAP', zxid(1, 3));
    follower.step({
      kind: 'linkMessage',
      linkId: leader.linkId,
      message: { kind: 'snapshot', bytes: encodeDatabase(database) },
    });
    leader.say('NEWLEADER', zxid(2, 0));
    expect(leader.hear()).toEqual(['ACK 2.0']);
    const { data } = follower.disk.restore();
    expect(data.database.lastProcessedZxid).toBe(zxid(1, 3));
    expect(data.database.tree.digest).toBe(database.tree.digest);
  });

  test('f.2.1: a follower that cannot forget says so, keeps what it has, and asks for the state', () => {
    const { follower, leader } = greeted({});
    const { database } = new PaperDisk({ log: historyOf([1, 3]) }).read();
    follower.disk.carryOut({ op: 'snapshot', zxid: zxid(1, 3), body: encodeDatabase(database) });
    const before = follower.disk.read().database.tree.digest;
    leader.say('TRUNC', zxid(1, 2));
    leader.say('NEWLEADER', zxid(2, 0));
    expect(leader.hear()).toEqual([]);
    expect(leader.isClosed).toBe(true);
    expect(follower.disk.read().database.tree.digest).toBe(before);
    const again = follower.acceptDial();
    again.newEpoch(2);
    expect(again.hear().slice(-1)).toEqual(['ACKEPOCH 0.0 of epoch -1']);
    const { database: older } = new PaperDisk({ log: historyOf([1, 2]) }).read();
    again.say('SNAP', zxid(1, 2));
    follower.step({
      kind: 'linkMessage',
      linkId: again.linkId,
      message: { kind: 'snapshot', bytes: encodeDatabase(older) },
    });
    again.say('NEWLEADER', zxid(2, 0));
    expect(again.hear()).toEqual(['ACK 2.0']);
    expect(follower.disk.read().database.tree.digest).toBe(older.tree.digest);
  });

  test('f.2.1: NEWLEADER of another epoch than the one promised is not accepted', () => {
    const { follower, leader } = greeted({});
    leader.say('DIFF', zxid(0, 0));
    leader.say('NEWLEADER', zxid(3, 0));
    expect(leader.hear()).toEqual([]);
    expect(follower.server.peerState).toBe('LOOKING');
    expect(follower.disk.currentEpoch).toBe(0);
  });

  test('f.2.2: delivers nothing to its clients before the leader says that a quorum has the history', () => {
    const { follower, leader } = greeted({});
    leader.say('DIFF', zxid(1, 1));
    leader.propose(first!);
    leader.commit(first!);
    leader.say('NEWLEADER', zxid(2, 0));
    expect(follower.server.isServing).toBe(false);
    leader.say('UPTODATE', NO_ZXID);
    expect(follower.server.isServing).toBe(true);
    expect(follower.delivered).toBe('1.1');
  });

  test('a history that was acknowledged is not lost in a crash', () => {
    const { follower, leader } = greeted({});
    leader.say('DIFF', zxid(1, 1));
    leader.propose(first!);
    leader.commit(first!);
    leader.say('NEWLEADER', zxid(2, 0));
    const restarted = new PaperServer(1, follower.disk);
    expect(restarted.delivered).toBe('1.1');
    expect(restarted.vote).toMatchObject({ leader: 1, zxid: zxid(1, 1), peerEpoch: 2 });
  });
});

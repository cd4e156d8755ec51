/** Zab (DSN 2011), phase 3, step by step. */
import { describe, expect, test } from 'vitest';

import { type LearnerLink, PaperServer, historyOf, zxid } from './paper-server.ts';

describe('phase 3, broadcast: the leader', () => {
  /** Server 3 leads epoch 1; 1 and 2 follow. */
  function establishedLeader(): { leader: PaperServer; first: LearnerLink; second: LearnerLink } {
    const leader = new PaperServer(3);
    leader.lead(2);
    const first = leader.dialFrom(1);
    first.join(1, zxid(0, 0));
    const second = leader.dialFrom(2);
    second.join(1, zxid(0, 0));
    first.hear();
    second.hear();
    return { leader, first, second };
  }

  test('l.3.1: proposes to all followers, with zxids of its epoch that grow by one', () => {
    const { first, second } = establishedLeader();
    for (let at = 0; at < 3; at++) first.request();
    expect(first.hear()).toEqual(['PROPOSAL 1.1', 'PROPOSAL 1.2', 'PROPOSAL 1.3']);
    expect(second.hear()).toEqual(['PROPOSAL 1.1', 'PROPOSAL 1.2', 'PROPOSAL 1.3']);
  });

  test('l.3.1: more than one proposal may be outstanding', () => {
    const { leader, first } = establishedLeader();
    first.request();
    first.request();
    expect(leader.delivered).toBe('1.0');
    expect(first.hear()).toEqual(['PROPOSAL 1.1', 'PROPOSAL 1.2']);
  });

  test('l.3.2: commits when a quorum has acknowledged, the leader among it once its own log has it', () => {
    const { leader, first, second } = establishedLeader();
    leader.isDiskHeld = true;
    first.request();
    first.ack(1, 1);
    expect(leader.delivered).toBe('1.0');
    leader.sync();
    expect(leader.delivered).toBe('1.1');
    expect(second.hear()).toEqual(['PROPOSAL 1.1', 'COMMIT 1.1']);
  });

  test('l.3.2: a quorum of followers is enough, before the leader has it in its own log', () => {
    const { leader, first, second } = establishedLeader();
    leader.isDiskHeld = true;
    first.request();
    first.ack(1, 1);
    second.ack(1, 1);
    expect(leader.delivered).toBe('1.1');
  });

  test('l.3.2: the same follower twice is one follower', () => {
    const { leader, first } = establishedLeader();
    leader.isDiskHeld = true;
    first.request();
    first.ack(1, 1);
    first.ack(1, 1);
    expect(leader.delivered).toBe('1.0');
  });

  test('l.3.2: commits in the order of proposals, whatever is acknowledged first', () => {
    const { leader, first, second } = establishedLeader();
    leader.isDiskHeld = true;
    first.request();
    first.request();
    first.ack(1, 2);
    second.ack(1, 2);
    expect(leader.delivered).toBe('1.0');
    first.ack(1, 1);
    second.ack(1, 1);
    expect(leader.delivered).toBe('1.2');
    expect(first.hear()).toEqual(['PROPOSAL 1.1', 'PROPOSAL 1.2', 'COMMIT 1.1', 'COMMIT 1.2']);
  });

  test('l.3.3: a follower that comes later is given the epoch and the history with all that was proposed in it', () => {
    const { leader, first, second } = establishedLeader();
    leader.step({ kind: 'linkClosed', linkId: second.linkId });
    first.request();
    first.ack(1, 1);
    leader.isDiskHeld = true;
    first.request();
    const late = leader.dialFrom(2);
    late.promised(1);
    expect(late.hear()).toEqual(['LEADERINFO 1.0']);
    late.ackEpoch(-1, zxid(0, 0));
    expect(late.hear()).toEqual(['SNAP 1.1', 'snapshot', 'PROPOSAL 1.2', 'NEWLEADER 1.0']);
  });

  test('l.3.4: it counts once it has acknowledged that history, and hears of every commit from then on', () => {
    const { leader, first, second } = establishedLeader();
    leader.step({ kind: 'linkClosed', linkId: second.linkId });
    const late = leader.dialFrom(2);
    late.promised(1);
    late.ackEpoch(-1, zxid(1, 0));
    late.hear();
    late.ack(1, 0);
    expect(late.hear()).toEqual(['UPTODATE -']);
    leader.isDiskHeld = true;
    first.request();
    late.ack(1, 1);
    first.ack(1, 1);
    expect(late.hear()).toEqual(['PROPOSAL 1.1', 'COMMIT 1.1']);
  });

  test('a leader that a quorum no longer follows steps down', () => {
    const { leader, first, second } = establishedLeader();
    for (const { linkId } of [first, second]) leader.step({ kind: 'linkClosed', linkId });
    leader.pass(1000);
    expect(leader.server.peerState).toBe('LOOKING');
    expect(leader.server.isServing).toBe(false);
  });

  test('a leader makes way for who has promised a later epoch', () => {
    const { leader, second } = establishedLeader();
    leader.step({ kind: 'linkClosed', linkId: second.linkId });
    leader.dialFrom(2).promised(7);
    expect(leader.server.peerState).toBe('LOOKING');
  });
});

describe('phase 3, broadcast: the follower', () => {
  const [first, second, third] = historyOf([1, 3]);

  function following(): { follower: PaperServer; leader: ReturnType<PaperServer['follow']> } {
    const follower = new PaperServer(1);
    const leader = follower.follow(3, 2);
    leader.establish(1);
    return { follower, leader };
  }

  test('f.3.2: appends proposals in the order in which they come, and acknowledges each when it is durable', () => {
    const { follower, leader } = following();
    follower.isDiskHeld = true;
    leader.propose(first!);
    leader.propose(second!);
    expect(leader.hear()).toEqual([]);
    follower.sync();
    expect(leader.hear()).toEqual(['ACK 1.1', 'ACK 1.2']);
    expect(follower.disk.history).toEqual(['1.1', '1.2']);
  });

  test('f.3.2: a proposal is not delivered', () => {
    const { follower, leader } = following();
    leader.propose(first!);
    expect(follower.delivered).toBe('0.0');
  });

  test('f.3.3: delivers what is committed, in order', () => {
    const { follower, leader } = following();
    for (const txn of [first!, second!, third!]) leader.propose(txn);
    leader.commit(first!);
    expect(follower.delivered).toBe('1.1');
    leader.commit(second!);
    expect(follower.delivered).toBe('1.2');
  });

  test('f.3.3: delivers nothing before what was proposed in front of it', () => {
    const { follower, leader } = following();
    leader.propose(first!);
    leader.propose(second!);
    leader.commit(second!);
    expect(follower.server.peerState).toBe('LOOKING');
    expect(leader.hear()).not.toContain('ACK 1.3');
    expect(follower.server.isServing).toBe(false);
  });

  test('invariant: accepts a proposal only behind all others of the epoch', () => {
    const { follower, leader } = following();
    leader.propose(first!);
    leader.propose(third!);
    expect(follower.disk.history).toEqual(['1.1']);
    expect(follower.server.peerState).toBe('LOOKING');
  });

  test('a follower that hears nothing of its leader looks for another', () => {
    const { follower } = following();
    for (let tick = 0; tick < 10; tick++) follower.pass(1000);
    expect(follower.server.peerState).toBe('LOOKING');
  });

  test('what was acknowledged, committed or not, is what the follower votes with', () => {
    const { follower, leader } = following();
    for (const txn of [first!, second!]) leader.propose(txn);
    leader.commit(first!);
    follower.step({ kind: 'linkClosed', linkId: leader.linkId });
    expect(follower.vote).toMatchObject({ leader: 1, zxid: zxid(1, 2), peerEpoch: 1 });
  });
});

/**
 * Zab (DSN 2011): what crash-recovery atomic broadcast promises (integrity, total order, agreement), what primary order adds
 * (local and global primary order, primary integrity), and the claims behind it, each in the smallest story that could break
 * it. test/simulation checks the same promises in thousands of random ones.
 */
import { describe, expect, test } from 'vitest';

import { PaperEnsemble } from './paper-ensemble.ts';
import { PaperServer, SIDS, historyOf, zxid } from './paper-server.ts';

/** Three servers that share transaction 1.1; the one with the highest number leads epoch 2. */
function settledEnsemble(): PaperEnsemble {
  const ensemble = new PaperEnsemble({ log: historyOf([1, 1]) });
  ensemble.settle();
  return ensemble;
}

/** Server 3 leads and is alone with its last proposal, 2.2, when it crashes; 2.1 is committed. */
function leaderLostWithAProposal(): PaperEnsemble {
  const ensemble = settledEnsemble();
  ensemble.write(3);
  ensemble.run();
  ensemble.cut(3, 1);
  ensemble.cut(3, 2);
  ensemble.write(3);
  ensemble.crash(3);
  return ensemble;
}

describe('atomic broadcast', () => {
  test('integrity: what is delivered was broadcast by a primary, and is delivered once', () => {
    const ensemble = settledEnsemble();
    for (const sid of SIDS) ensemble.write(sid);
    ensemble.run();
    for (const sid of SIDS) {
      const delivered = ensemble.deliveredBy(sid).slice(1);
      expect(delivered).toEqual(['2.1', '2.2', '2.3']);
      expect(delivered.every((each) => ensemble.proposed.has(each))).toBe(true);
    }
  });

  test('total order: two servers deliver in the same order, across primaries', () => {
    const ensemble = settledEnsemble();
    ensemble.write(1);
    ensemble.write(2);
    ensemble.run();
    ensemble.crash(3);
    ensemble.settle();
    ensemble.write(1);
    ensemble.write(2);
    ensemble.run();
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1', '2.2', '3.1', '3.2']);
    expect(ensemble.deliveredBy(2)).toEqual(ensemble.deliveredBy(1));
  });

  test('agreement: what one server delivers is delivered by all that go on', () => {
    const ensemble = settledEnsemble();
    ensemble.crash(1);
    ensemble.write(3);
    ensemble.run();
    expect(ensemble.deliveredBy(3)).toEqual(['1.1', '2.1']);
    ensemble.restart(1);
    ensemble.settle();
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1']);
  });

  test('agreement: committed by a quorum and known to nobody but a leader that is gone, it is delivered all the same', () => {
    const ensemble = settledEnsemble();
    const leader = ensemble.server(3);
    leader.isDiskHeld = true;
    ensemble.write(3);
    ensemble.run();
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1']);
    ensemble.crash(3);
    ensemble.settle();
    expect(ensemble.deliveredBy(2)).toEqual(['1.1', '2.1']);
  });
});

describe('primary order', () => {
  test("local primary order: a primary's transactions are delivered in the order in which it broadcast them", () => {
    const ensemble = settledEnsemble();
    for (let count = 0; count < 5; count++) ensemble.write(3);
    ensemble.run();
    expect(ensemble.deliveredBy(1).slice(1)).toEqual(['2.1', '2.2', '2.3', '2.4', '2.5']);
  });

  test('local primary order: a primary that is followed again goes on behind all that it broadcast', () => {
    const ensemble = settledEnsemble();
    ensemble.write(3);
    ensemble.run();
    ensemble.cut(3, 1);
    ensemble.write(3);
    ensemble.run();
    ensemble.heal();
    ensemble.settle();
    ensemble.write(3);
    ensemble.run();
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1', '2.2', '2.3']);
  });

  test("global primary order: nothing of an earlier primary is delivered behind a later one's", () => {
    const ensemble = leaderLostWithAProposal();
    ensemble.settle();
    ensemble.write(2);
    ensemble.run();
    ensemble.heal();
    ensemble.restart(3);
    ensemble.settle();
    for (const sid of SIDS) expect(ensemble.deliveredBy(sid)).toEqual(['1.1', '2.1', '3.1']);
  });

  test('what was skipped never comes back, not even when whoever has it leads again', () => {
    const ensemble = leaderLostWithAProposal();
    ensemble.settle();
    ensemble.write(2);
    ensemble.run();
    ensemble.heal();
    ensemble.restart(3);
    ensemble.settle();
    expect(ensemble.server(3).disk.history).not.toContain('2.2');
    ensemble.crash(2);
    ensemble.settle();
    ensemble.write(3);
    ensemble.run();
    expect(ensemble.leader?.sid).toBe(3);
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1', '3.1', '4.1']);
  });

  test('what was proposed and not committed may be delivered, if the next primary has it', () => {
    const ensemble = leaderLostWithAProposal();
    ensemble.heal();
    ensemble.restart(3);
    ensemble.settle();
    for (const sid of SIDS) expect(ensemble.deliveredBy(sid)).toEqual(['1.1', '2.1', '2.2']);
  });

  test('primary integrity: a primary broadcasts nothing before it has delivered all that earlier ones delivered', () => {
    const ensemble = settledEnsemble();
    ensemble.crash(2);
    ensemble.write(3);
    ensemble.run();
    ensemble.crash(3);
    ensemble.restart(2);
    ensemble.settle();
    expect(ensemble.leader?.sid).toBe(1);
    expect(ensemble.deliveredBy(1)).toEqual(['1.1', '2.1']);
    expect([...ensemble.proposed].filter((each) => each.startsWith('3.'))).toEqual([]);
  });
});

describe('claims', () => {
  test('an epoch has one primary at most: two that propose the same one share a follower, which promises it once', () => {
    const follower = new PaperServer(1, { acceptedEpoch: 1 });
    const first = follower.follow(3, 2);
    first.newEpoch(2);
    follower.step({ kind: 'linkClosed', linkId: first.linkId });
    const second = follower.follow(2, 3);
    second.newEpoch(2);
    expect(second.hear().at(-1)).toBe('ACKEPOCH 0.0 of epoch -1');
    const rival = new PaperServer(2, { acceptedEpoch: 1 });
    rival.lead(1);
    const link = rival.dialFrom(1);
    link.promised(1);
    link.ackEpoch(-1, zxid(0, 0));
    for (let tick = 0; tick < 10; tick++) rival.pass(1000);
    expect(rival.server.peerState).toBe('LOOKING');
    expect(rival.disk.currentEpoch).toBe(1);
  });

  test('an epoch has one primary at most, through crashes of every leader in turn', () => {
    const ensemble = settledEnsemble();
    for (let round = 0; round < 6; round++) {
      const { sid } = ensemble.leader!;
      ensemble.crash(sid);
      ensemble.settle();
      ensemble.restart(sid);
      ensemble.settle();
    }
    const sizes = [...ensemble.primaries.values()].map((sids) => sids.size);
    expect(sizes.length).toBeGreaterThanOrEqual(7);
    expect(new Set(sizes)).toEqual(new Set([1]));
  });

  test('a leader cut off in a minority commits nothing, and steps down', () => {
    const ensemble = settledEnsemble();
    ensemble.cut(3, 1);
    ensemble.cut(3, 2);
    ensemble.write(3);
    ensemble.run();
    expect(ensemble.deliveredBy(3)).toEqual(['1.1']);
    ensemble.passUntil(() => ensemble.leader?.sid === 2 && !ensemble.server(3).server.isServing);
    expect(ensemble.server(3).server.peerState).toBe('LOOKING');
    expect(ensemble.deliveredBy(2)).toEqual(['1.1']);
  });

  test('with a quorum that can talk, it goes on', () => {
    const ensemble = settledEnsemble();
    ensemble.cut(1, 3);
    ensemble.cut(2, 3);
    ensemble.passUntil(() => ensemble.leader?.sid === 2 && !ensemble.server(3).server.isServing);
    ensemble.write(1);
    ensemble.run();
    expect(ensemble.deliveredBy(2)).toContain('3.1');
    ensemble.heal();
    ensemble.settle();
    expect(ensemble.deliveredBy(3)).toEqual(ensemble.deliveredBy(2));
  });
});

describe('phase 0, leader election', () => {
  test.each([
    ['the latest epoch', { currentEpoch: 2, last: zxid(1, 1) }, { currentEpoch: 1, last: zxid(1, 9) }],
    [
      'the longest history within it',
      { currentEpoch: 1, last: zxid(1, 9) },
      { currentEpoch: 1, last: zxid(1, 1) },
    ],
  ])(
    'whoever has %s of a quorum is to lead, so that phase 1 need not fetch a history',
    (_, better, worse) => {
      const server = new PaperServer(1, { acceptedEpoch: 2, currentEpoch: 1, log: historyOf([1, 1]) });
      server.hearVote(3, { leader: 3, zxid: worse.last, peerEpoch: worse.currentEpoch });
      server.hearVote(2, { leader: 2, zxid: better.last, peerEpoch: better.currentEpoch });
      expect(server.vote).toMatchObject({ leader: 2, zxid: better.last, peerEpoch: better.currentEpoch });
    },
  );

  test('the elected one has the newest history of those that elected it', () => {
    const ensemble = settledEnsemble();
    ensemble.crash(3);
    ensemble.settle();
    ensemble.write(1);
    ensemble.run();
    ensemble.crash(1);
    ensemble.restart(3);
    ensemble.settle();
    expect(ensemble.leader?.sid).toBe(2);
    expect(ensemble.deliveredBy(3)).toEqual(['1.1', '3.1']);
  });
});

/** Fast leader election, message by message (PROTOCOL.md 4.3 to 4.5). */
import { describe, expect, test } from 'vitest';

import type { ChronicleEvent } from '../../../../embedded-server/core/chronicle.ts';
import { Election } from '../../../../embedded-server/core/election.ts';
import { parseEnsembleConfig } from '../../../../embedded-server/core/ensemble-config.ts';
import { Membership } from '../../../../embedded-server/core/membership.ts';
import { isSameVote } from '../../../../embedded-server/core/vote.ts';
import type { Notification } from '../../../../embedded-server/quorum-protocol/notification.ts';
import { LONG_MIN } from '../../../../embedded-server/quorum-protocol/small-long.ts';
import { type Zxid, ZXID_NONE, toZxid } from '../../../../shared/zxid.ts';

const CONFIG = parseEnsembleConfig([
  ['server.1', 'a:1:2'],
  ['server.2', 'b:1:2'],
  ['server.3', 'c:1:2'],
  ['server.4', 'd:1:2:observer'],
]);

function membershipOf(sid: number): Membership {
  return new Membership({ sid, isReconfigurable: true, committed: CONFIG });
}

function startedElection(sid: number, lastZxid: Zxid = ZXID_NONE, currentEpoch = 0): Election {
  const election = new Election({ sid, membership: membershipOf(sid) });
  election.startLooking({ lastZxid, currentEpoch, nowMs: 0 });
  return election;
}

function looking(leader: number, changes: Partial<Notification> = {}): Notification {
  return {
    peerState: 'LOOKING',
    leader,
    zxid: ZXID_NONE,
    logicalClock: 1,
    peerEpoch: 0,
    version: 2,
    config: CONFIG.text,
    ...changes,
  };
}

/** To whom, and for whom. */
function sent(election: Election): [number, number][] {
  return election.takeEffects().map(({ to, notification }) => [to, notification.leader]);
}

describe('election: looking', () => {
  test('a server proposes itself to all other voters', () => {
    expect(sent(startedElection(1))).toEqual([
      [2, 1],
      [3, 1],
    ]);
  });

  test('a better candidate is taken over and passed on, a worse one is not', () => {
    const election = startedElection(2);
    election.takeEffects();
    election.onNotification(1, looking(1), 0);
    expect(sent(election)).toEqual([]);
    election.onNotification(3, looking(3), 0);
    expect(sent(election)).toEqual([
      [1, 3],
      [3, 3],
    ]);
  });

  test.each([
    ['epoch before zxid', { peerEpoch: 2, zxid: toZxid(1n) }, { currentEpoch: 1, lastZxid: toZxid(9n) }, 1],
    ['zxid before sid', { peerEpoch: 1, zxid: toZxid(9n) }, { currentEpoch: 1, lastZxid: toZxid(8n) }, 1],
    ['sid last', { peerEpoch: 1, zxid: toZxid(9n) }, { currentEpoch: 1, lastZxid: toZxid(9n) }, 2],
  ])('votes are ordered by %s', (_, theirs, own, expected) => {
    const election = startedElection(2, own.lastZxid, own.currentEpoch);
    election.onNotification(1, looking(1, theirs), 0);
    expect(election.leader).toBe(expected);
  });

  test('a quorum and 200 ms of quiet decide', () => {
    const election = startedElection(2);
    election.onNotification(1, looking(2), 10);
    election.tick(209);
    expect(election.peerState).toBe('LOOKING');
    election.tick(210);
    expect(election.peerState).toBe('LEADING');
  });

  test('all voters together need no quiet', () => {
    const election = startedElection(1);
    election.onNotification(2, looking(2), 0);
    election.onNotification(3, looking(3), 0);
    election.tick(0);
    expect(election.peerState).toBe('LOOKING');
    election.onNotification(2, looking(3), 5);
    election.tick(5);
    expect([election.peerState, election.leader]).toEqual(['FOLLOWING', 3]);
  });

  test('a better candidate in the quiet time starts it anew', () => {
    const election = startedElection(1);
    election.onNotification(2, looking(2), 0);
    election.onNotification(3, looking(3), 150);
    election.tick(210);
    expect(election.peerState).toBe('LOOKING');
    election.tick(350);
    expect([election.peerState, election.leader]).toEqual(['FOLLOWING', 3]);
  });

  test('a newer round is joined with the better of both, an older one is answered and ignored', () => {
    const election = startedElection(2);
    election.takeEffects();
    election.onNotification(1, looking(1, { logicalClock: 5 }), 0);
    expect([election.logicalClock, election.leader]).toEqual([5, 2]);
    election.takeEffects();
    election.onNotification(3, looking(3, { logicalClock: 4 }), 0);
    expect(sent(election)).toEqual([[3, 2]]);
  });

  test('notifications are sent again after 200 ms, then twice as long each time, at most 60 s', () => {
    const election = startedElection(1);
    const times: number[] = [];
    for (let count = 0; count < 12; count++) {
      times.push(election.nextMs);
      election.tick(election.nextMs);
    }
    const gaps = times.map((time, at) => time - (times[at - 1] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([200, 400, 800, 1600]);
    expect(gaps.at(-1)).toBe(60_000);
  });

  test('an empty database that is not trusted convinces nobody', () => {
    const election = startedElection(1);
    election.onNotification(3, looking(3, { zxid: toZxid(-1n) }), 0);
    expect(election.leader).toBe(1);
  });

  test('before its first round a server says nothing', () => {
    const election = new Election({ sid: 1, membership: membershipOf(1) });
    election.onNotification(3, looking(3), 0);
    expect(sent(election)).toEqual([]);
  });
});

describe('election: servers that have decided', () => {
  const decided = { peerEpoch: 4, logicalClock: 9 };

  test('a newcomer joins a leader that a quorum follows and that says so itself', () => {
    const election = startedElection(1);
    election.onNotification(2, looking(3, { ...decided, peerState: 'FOLLOWING' }), 0);
    expect(election.peerState).toBe('LOOKING');
    election.onNotification(3, looking(3, { ...decided, peerState: 'LEADING' }), 0);
    expect([election.peerState, election.leader, election.logicalClock]).toEqual(['FOLLOWING', 3, 9]);
  });

  test('followers of a leader that is silent elect nobody', () => {
    const election = startedElection(1);
    election.onNotification(2, looking(3, { ...decided, peerState: 'FOLLOWING' }), 0);
    election.onNotification(2, looking(3, { ...decided, peerState: 'FOLLOWING' }), 0);
    expect(election.peerState).toBe('LOOKING');
  });

  test('who looks is answered with the vote of the decision, and with its epoch once that is established', () => {
    const election = startedElection(3);
    election.onNotification(1, looking(3), 0);
    election.tick(200);
    election.onEpochEstablished(7);
    election.takeEffects();
    election.onNotification(2, looking(2, { logicalClock: 30 }), 500);
    const [answer] = election.takeEffects();
    expect(answer).toMatchObject({
      to: 2,
      notification: { peerState: 'LEADING', leader: 3, peerEpoch: 7, logicalClock: 1 },
    });
    election.onNotification(1, looking(3, { peerState: 'FOLLOWING' }), 500);
    expect(election.takeEffects()).toEqual([]);
  });
});

describe('election: observers', () => {
  test('an observer proposes nobody and follows the leader that the voters have', () => {
    const election = startedElection(4);
    expect(election.takeEffects().every(({ notification }) => notification.leader === LONG_MIN)).toBe(true);
    election.onNotification(3, looking(3, { peerState: 'LEADING' }), 0);
    election.onNotification(2, looking(3, { peerState: 'FOLLOWING' }), 0);
    expect([election.peerState, election.leader]).toEqual(['OBSERVING', 3]);
  });

  test('an observer that backs nobody takes part in any round, also in an earlier one: others may need its word', () => {
    const election = startedElection(4);
    for (let round = 2; round <= 3; round++) {
      election.startLooking({ lastZxid: ZXID_NONE, currentEpoch: 0, nowMs: 0 });
    }
    election.takeEffects();
    election.onNotification(3, looking(3, { logicalClock: 2 }), 0);
    expect([election.leader, election.logicalClock]).toEqual([3, 2]);
    expect(sent(election)).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    election.onNotification(3, looking(3, { logicalClock: 1 }), 0);
    expect(election.logicalClock).toBe(2);
  });

  test('what an observer says is answered at once and counts nothing', () => {
    const election = startedElection(1);
    election.takeEffects();
    election.onNotification(4, looking(3, { logicalClock: 99 }), 0);
    expect(sent(election)).toEqual([[4, 1]]);
    expect(election.logicalClock).toBe(1);
  });
});

describe('votes', () => {
  const vote = looking(3, { zxid: toZxid(5n), peerEpoch: 2 });

  test('of servers that look must be the same in everything', () => {
    expect(isSameVote(vote, { ...vote })).toBe(true);
    expect(isSameVote(vote, { ...vote, zxid: toZxid(4n) })).toBe(false);
    expect(isSameVote(vote, { ...vote, peerState: 'LEADING', logicalClock: 2 })).toBe(false);
  });

  test('of servers that follow need the same leader and epoch only', () => {
    const following = { ...vote, peerState: 'FOLLOWING' } as const;
    expect(isSameVote(following, { ...following, zxid: ZXID_NONE, logicalClock: 8 })).toBe(true);
    expect(isSameVote(following, { ...following, peerEpoch: 1 })).toBe(false);
    expect(isSameVote(following, { ...following, peerEpoch: 1, version: 0 })).toBe(true);
  });
});

describe('election: what is told of it', () => {
  /** Of a server that backs itself for zxid 5 in epoch 1, in round 1. */
  function toldOf(notifications: readonly (readonly [from: number, notification: Notification])[]): string[] {
    const told: string[] = [];
    const election = new Election({
      sid: 2,
      membership: membershipOf(2),
      chronicle: { tell: (event) => told.push(describeEvent(event)), count: () => 0 },
    });
    election.startLooking({ lastZxid: toZxid(5n), currentEpoch: 1, nowMs: 0 });
    told.length = 0;
    for (const [from, notification] of notifications) election.onNotification(from, notification, 0);
    return told;
  }

  function describeEvent(event: ChronicleEvent): string {
    if (event.kind === 'vote-received') return `${event.from} ${event.verdict}`;
    return event.kind === 'vote-sent' ? `to ${event.to} for ${event.vote?.leader ?? 'nobody'}` : event.kind;
  }

  const own = { zxid: toZxid(5n), peerEpoch: 1 };

  test.each<[verdict: string, from: number, notification: Notification]>([
    ['counted', 1, looking(2, own)],
    ['worse', 1, looking(1, { zxid: toZxid(4n), peerEpoch: 1 })],
    ['untrusted', 1, looking(1, { zxid: toZxid(-1n) })],
    ['established', 1, looking(3, { peerState: 'FOLLOWING' })],
    ['no-voter', 1, looking(9, own)],
  ])('a vote that is %s', (verdict, from, notification) => {
    expect(toldOf([[from, notification]])).toEqual([`${from} ${verdict}`]);
  });

  test('a better vote comes before what follows from it', () => {
    expect(toldOf([[3, looking(3, own)]])).toEqual(['3 accepted', 'to 1 for 3', 'to 3 for 3']);
  });

  test('an earlier round is stale and answered, a later one is joined', () => {
    expect(toldOf([[1, looking(1, { logicalClock: 0 })]])).toEqual(['1 stale', 'to 1 for 2']);
    expect(toldOf([[1, looking(1, { logicalClock: 7 })]])).toEqual([
      '1 newer-round',
      'to 1 for 2',
      'to 3 for 2',
    ]);
  });

  test('an observer is answered and has no say', () => {
    const nobody = { leader: LONG_MIN, peerEpoch: LONG_MIN };
    expect(toldOf([[4, looking(LONG_MIN, nobody)]])).toEqual(['4 no-voter', 'to 4 for 2']);
  });

  test('who follows already answers who looks, and counts nothing', () => {
    const decided: [number, Notification][] = [
      [3, looking(3, { peerState: 'LEADING' })],
      [1, looking(3, { peerState: 'FOLLOWING' })],
    ];
    expect(toldOf([...decided, [1, looking(1)]]).slice(2)).toEqual(['1 not-looking', 'to 1 for 3']);
  });
});

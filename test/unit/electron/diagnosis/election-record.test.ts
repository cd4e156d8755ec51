/** Elections from events: recorded ones against what the servers' own AdminServers said, and such as are hard to tell apart. */
import { describe, expect, test } from 'vitest';

import { recordElections } from '../../../../electron/diagnosis/elections.ts';
import type { Election, ElectionRecord } from '../../../../shared/api/elections.ts';
import { readLogs } from '../../../../electron/diagnosis/logs/read-logs.ts';
import type { ServerEventDto } from '../../../../shared/api/server-events.ts';
import { RECORDINGS, type Recording, logFiles, readRecording } from '../../../support/log-text.ts';

/** A metric ends with the line that is logged behind the state; machines under load take their time in between. */
const TOLERANCE_MS = 60;

async function recordOf(recording: Pick<Recording, 'logs'>): Promise<ElectionRecord> {
  return recordElections((await readLogs(logFiles(recording), { timeZone: 'UTC' })).events);
}

describe.each(RECORDINGS)('recorded elections of %s', (name) => {
  const recording = readRecording(name);

  test('winner and epoch are those that the servers named', async () => {
    const { ribbon } = await recordOf(recording);
    const truths = recording.truth.map(({ leader, epoch }) => ({ leader, epoch }));
    const reigns = truths.filter(({ epoch }, index) => truths[index - 1]?.epoch !== epoch);
    expect(ribbon.map(({ leader, epoch }) => ({ leader, epoch }))).toEqual(reigns);
  });

  test('phase times are those that the servers measured', async () => {
    const { elections } = await recordOf(recording);
    for (const { atMs, servers } of recording.truth) {
      for (const [sid, truth] of Object.entries(servers)) {
        const passages = elections
          .flatMap(({ participants }) => participants)
          .filter(
            (participant) => participant.sid === Number(sid) && (participant.electedMs ?? Infinity) < atMs,
          );
        // Metrics are of one process; after a restart they begin again.
        const ofProcess = passages.slice(passages.findLastIndex(({ isFresh }) => isFresh));
        expect(ofProcess).toHaveLength(truth.elections);
        const sum = (times: readonly (number | null)[]): number =>
          times.reduce<number>((x, y) => x + (y ?? 0), 0);
        const electionMs = sum(ofProcess.map(({ times }) => times.electionMs));
        expect(Math.abs(electionMs - truth.electionMs)).toBeLessThanOrEqual(TOLERANCE_MS);
        const following = ofProcess.filter(({ state }) => state === 'FOLLOWING');
        expect(following).toHaveLength(truth.syncs);
        const syncMs = sum(following.map(({ times }) => times.synchronizationMs));
        expect(Math.abs(syncMs - truth.syncMs)).toBeLessThanOrEqual(TOLERANCE_MS);
      }
    }
  });

  test('votes are those that each server told itself', async () => {
    const { elections } = await recordOf(recording);
    for (const [sid, log] of recording.logs) {
      const own = new RegExp(
        String.raw`Notification: my state:LOOKING; n\.sid:${sid}, n\.state:LOOKING, n\.leader:(\d+), n\.round:0x(\w+), n\.peerEpoch:0x(\w+), n\.zxid:(\w+)`,
        'g',
      );
      const told = [...log.matchAll(own)].map(([, leader, round, peerEpoch, zxid]) => {
        return `${leader} ${Number(`0x${round}`)} ${Number(`0x${peerEpoch}`)} ${zxid}`;
      });
      const cast = elections
        .flatMap(({ casts, participants }) => [
          ...casts,
          // Of those who came later only that they came is kept.
          ...participants.filter(({ isLate }) => isLate).map(() => undefined),
        ])
        .flatMap((each) => (each?.sid === sid ? [each] : []))
        .map(({ vote, round }) => `${vote.leader} ${round} ${vote.peerEpoch} ${vote.zxid}`);
      expect(told).toEqual(expect.arrayContaining(cast));
      expect(cast.length).toBeGreaterThan(0);
    }
  });

  test('every learner was brought level, as its leader told', async () => {
    const { elections } = await recordOf(recording);
    for (const { winner, participants, syncs } of elections) {
      const learners = participants.filter(({ sid, state }) => sid !== winner && state === 'FOLLOWING');
      expect(syncs.map(({ learner, sid, mode }) => [learner, sid, mode]).sort()).toEqual(
        learners.map(({ sid }) => [sid, winner, 'DIFF']).sort(),
      );
    }
  });

  test('winners are known from the log of any one server', async () => {
    const whole = await recordOf(recording);
    for (const [sid, log] of recording.logs) {
      const { elections } = await recordOf({ logs: new Map([[sid, log]]) });
      for (const { winner } of elections)
        expect(whole.elections.map((each) => each.winner)).toContain(winner);
    }
  });
});

type StateEvent = Extract<ServerEventDto, { kind: 'state' }>;

/** What servers tell, written short. */
class Story {
  readonly events: ServerEventDto[] = [];
  #atMs = 0;

  tell(event: object): this {
    this.#atMs += 10;
    this.events.push({ seq: this.events.length, atMs: this.#atMs, ...event } as ServerEventDto);
    return this;
  }

  state(sid: number, state: StateEvent['state'], rest: Partial<StateEvent> = {}): this {
    const empty = { leader: null, epoch: null, lastZxid: null, reason: null, phase: 'ELECTION' };
    return this.tell({ kind: 'state', sid, state, ...empty, ...rest });
  }

  look(...sids: readonly number[]): this {
    for (const sid of sids) this.state(sid, 'LOOKING');
    return this;
  }

  serve(leader: number, epoch: number | null, ...followers: readonly number[]): this {
    for (const phase of ['DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'] as const) {
      this.state(leader, 'LEADING', { leader, epoch, phase });
      for (const sid of followers) this.state(sid, 'FOLLOWING', { leader, epoch, phase });
    }
    return this;
  }

  get elections(): readonly Election[] {
    return recordElections(this.events).elections;
  }
}

const winners = (elections: readonly Election[]) => elections.map(({ winner, epoch }) => [winner, epoch]);
const late = ({ participants }: Election) =>
  participants.filter(({ isLate }) => isLate).map(({ sid }) => sid);

describe('elections that are hard to tell apart', () => {
  test('the same server is elected again', () => {
    const story = new Story().look(1, 2, 3).serve(3, 1, 1, 2).look(3, 1, 2).serve(3, 2, 1, 2);
    expect(winners(story.elections)).toEqual([
      [3, 1],
      [3, 2],
    ]);
  });

  test('again, and epochs are not told', () => {
    const story = new Story().look(1, 2, 3).serve(3, null, 1, 2).look(3, 1, 2).serve(3, null, 1, 2);
    expect(winners(story.elections)).toEqual([
      [3, null],
      [3, null],
    ]);
  });

  test('again, and only those who follow tell of it', () => {
    const follow = (epoch: number) => ({ leader: 3, epoch, phase: 'BROADCAST' }) as const;
    const story = new Story().look(1, 2).state(1, 'FOLLOWING', follow(1)).state(2, 'FOLLOWING', follow(1));
    story.look(1, 2).state(1, 'FOLLOWING', follow(2)).state(2, 'FOLLOWING', follow(2));
    expect(winners(story.elections)).toEqual([
      [3, 1],
      [3, 2],
    ]);
  });

  test('how a learner was brought level is told by its leader, who knows more, where both tell', () => {
    const sync = { kind: 'sync', learner: 1, mode: 'DIFF', toZxid: '0x5' };
    const story = new Story().look(1, 3).state(3, 'LEADING', { leader: 3 });
    story.tell({ ...sync, sid: 1, fromZxid: null }).tell({ ...sync, sid: 3, fromZxid: '0x3' });
    expect(story.serve(3, 1, 1).elections[0]?.syncs).toMatchObject([{ sid: 3, fromZxid: '0x3' }]);
  });

  test('a server that joins a leader is no election', () => {
    const story = new Story().look(1, 2, 3).serve(3, 1, 2).serve(3, 1, 1);
    story.tell({ kind: 'started', sid: 2, version: null }).look(2);
    story.state(2, 'FOLLOWING', { leader: 3, epoch: 1, phase: 'BROADCAST' });
    expect(winners(story.elections)).toEqual([[3, 1]]);
    expect(late(story.elections[0]!)).toEqual([2]);
  });

  test('a leader that nobody follows is an attempt of the election that comes of it', () => {
    const story = new Story().look(1, 2, 3).state(3, 'LEADING', { leader: 3 }).look(3).serve(2, 1, 1, 3);
    expect(winners(story.elections)).toEqual([[2, 1]]);
    expect(story.elections[0]?.participants.map(({ sid, state }) => [sid, state])).toEqual([
      [1, 'FOLLOWING'],
      [2, 'LEADING'],
      [3, 'LEADING'],
      [3, 'FOLLOWING'],
    ]);
  });

  test('an election that nobody has won yet', () => {
    const story = new Story().look(1, 2, 3).serve(3, 1, 1, 2).look(1, 2);
    expect(winners(story.elections)).toEqual([
      [3, 1],
      [null, null],
    ]);
    expect(story.elections[1]?.previous).toMatchObject({ leader: 3, epoch: 1 });
    expect(recordElections(story.events).ribbon.map(({ toMs }) => toMs)).toEqual([
      story.elections[1]?.startMs,
    ]);
  });

  test('one of three that looks is no election', () => {
    const story = new Story().look(1, 2, 3).serve(3, 1, 1, 2).look(2);
    expect(winners(story.elections)).toEqual([[3, 1]]);
  });

  test('no events, no elections', () => {
    expect(recordElections([])).toEqual({ elections: [], ribbon: [] });
  });
});

describe('why a vote won or lost', () => {
  const vote = (leader: number, peerEpoch: number, zxid: string) => ({ leader, peerEpoch, zxid });
  const [newest, older, oldest] = [
    vote(1, 2, '0x200000009'),
    vote(2, 2, '0x200000007'),
    vote(3, 1, '0x100000ffff'),
  ];

  function contest(): Story {
    const story = new Story().look(1, 2, 3);
    for (const [sid, own] of [newest, older, oldest].entries()) {
      story.tell({ kind: 'vote-sent', sid: sid + 1, to: 1, vote: own, round: 4 });
      // Live servers tell it for each voter.
      story.tell({ kind: 'vote-sent', sid: sid + 1, to: 2, vote: own, round: 4 });
    }
    for (const sid of [2, 3]) {
      const heard = { from: 1, fromState: 'LOOKING', vote: newest, round: 4, verdict: 'accepted' };
      story.tell({ kind: 'vote-received', sid, ...heard });
      story.tell({ kind: 'vote-sent', sid, to: null, vote: newest, round: 4 });
    }
    return story.serve(1, 3, 2, 3);
  }

  test('each candidate is set against the winner, the best first', () => {
    expect(contest().elections[0]?.candidates).toEqual([
      { vote: newest, backers: [1, 2, 3], isWinner: true, lostBy: null },
      { vote: older, backers: [], isWinner: false, lostBy: 'zxid' },
      { vote: oldest, backers: [], isWinner: false, lostBy: 'peerEpoch' },
    ]);
  });

  test('each vote that was cast has its reason, and is told once', () => {
    const casts = contest().elections[0]?.casts.map(({ sid, vote: { leader }, why }) => [sid, leader, why]);
    expect(casts).toEqual([
      [1, 1, { kind: 'own' }],
      [2, 2, { kind: 'own' }],
      [3, 3, { kind: 'own' }],
      [2, 1, { kind: 'better', from: 1, by: 'zxid' }],
      [3, 1, { kind: 'better', from: 1, by: 'peerEpoch' }],
    ]);
  });

  test('only the round that decided has candidates', () => {
    const story = new Story().look(1, 2);
    story.tell({ kind: 'vote-sent', sid: 2, to: null, vote: older, round: 1 });
    story.tell({ kind: 'vote-sent', sid: 1, to: null, vote: newest, round: 2 });
    story.tell({
      kind: 'vote-received',
      sid: 2,
      from: 1,
      fromState: 'LOOKING',
      vote: newest,
      round: 2,
      verdict: 'newer-round',
    });
    story.tell({ kind: 'vote-sent', sid: 2, to: null, vote: newest, round: 2 });
    const [election] = story.serve(1, 3, 2).elections;
    expect(election?.round).toBe(2);
    expect(election?.candidates).toEqual([{ vote: newest, backers: [1, 2], isWinner: true, lostBy: null }]);
    expect(election?.casts.at(-1)?.why).toEqual({ kind: 'newer-round', from: 1 });
  });
});

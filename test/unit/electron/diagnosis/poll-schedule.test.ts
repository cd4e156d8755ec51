/** Which word a server is asked next (electron/diagnosis/sources/poll-schedule.ts). */
import { expect, test } from 'vitest';
import type { PollAnswer } from '../../../../electron/diagnosis/observation.ts';
import { type PolledWord, PollSchedule } from '../../../../electron/diagnosis/sources/poll-schedule.ts';

const TURNS = 100;
const COUNTED = { zk_num_alive_connections: '1', zk_global_sessions: '1' };

function answerTo(word: PolledWord, metrics: Readonly<Record<string, string>>): PollAnswer | undefined {
  switch (word) {
    case 'mntr':
      return { word, role: 'follower', metrics };
    case 'srvr':
      return { word, role: 'follower', zxid: 1n };
    case 'cons':
      return { word, connections: [] };
    case 'dump':
      return { word, sessions: new Map(), ephemeralCount: 0, connections: undefined };
    case 'conf':
      return { word, sid: 1, values: new Map() };
  }
}

/** The words of so many turns, each answered by a follower. */
function asked(
  schedule: PollSchedule,
  turns = TURNS,
  metrics: Readonly<Record<string, string>> = COUNTED,
): PolledWord[] {
  return Array.from({ length: turns }, () => {
    const word = schedule.next();
    schedule.onAnswer('serving', answerTo(word, metrics));
    return word;
  });
}

test('all words have their turn, the counts and connections most', () => {
  const words = asked(new PollSchedule());
  const turnsOf = (word: PolledWord): number => words.filter((other) => other === word).length;
  expect(words.slice(0, 5)).toEqual(['mntr', 'srvr', 'conf', 'cons', 'dump']);
  expect(Math.min(turnsOf('mntr'), turnsOf('cons'))).toBeGreaterThan(TURNS / 4);
  expect(turnsOf('srvr')).toBeGreaterThan(TURNS / 20);
});

test('who serves nobody is asked for its role, which is then known at the first answer', () => {
  const schedule = new PollSchedule();
  asked(schedule, 7);
  for (const standing of ['looking', 'refused', 'silent', 'looking'] as const) {
    schedule.next();
    schedule.onAnswer(standing, undefined);
    expect(schedule.next()).toBe('srvr');
  }
});

test('who leads since the last look is asked for its epoch at once', () => {
  const schedule = new PollSchedule();
  asked(schedule, 7);
  expect(schedule.isUrgent).toBe(false);
  schedule.onAnswer('serving', { word: 'mntr', role: 'leader', metrics: {} });
  expect(schedule.isUrgent).toBe(true);
  expect(schedule.next()).toBe('srvr');
  expect(schedule.isUrgent).toBe(false);
});

test('where sessions are not counted they are listed more often', () => {
  const lists = (metrics: Readonly<Record<string, string>>): number =>
    asked(new PollSchedule(), TURNS, metrics).filter((word) => word === 'dump').length;
  expect(lists(COUNTED)).toBeLessThan(TURNS / 10);
  expect(lists({})).toBeGreaterThan(TURNS / 7);
});

test('a word that is not allowed is not asked again before the process is another one', () => {
  const schedule = new PollSchedule();
  schedule.forbid('cons');
  expect(asked(schedule)).not.toContain('cons');
  schedule.onAnswer('refused', undefined);
  expect(asked(schedule)).toContain('cons');
});

test('who comes or goes is looked for next; a long list is asked for more rarely', () => {
  const schedule = new PollSchedule();
  asked(schedule, 9);
  schedule.onAnswer('serving', answerTo('mntr', { ...COUNTED, zk_num_alive_connections: '2' }));
  expect([schedule.next(), schedule.next()]).toEqual(['cons', 'dump']);
  const sessions = new Map(
    Array.from({ length: 5000 }, (_, at) => [`0x${at}`, { timeoutMs: 1, expiresAtMs: undefined }]),
  );
  schedule.onAnswer('serving', { word: 'dump', sessions, ephemeralCount: 0, connections: undefined });
  expect(Array.from({ length: TURNS }, () => schedule.next())).not.toContain('dump');
});

/** Elections as diagrams: recorded ones of builtin servers and of Apache's logs, and such as last long. */
import { describe, expect, test } from 'vitest';
import { recordElections } from '../../../../../electron/diagnosis/elections.ts';
import { readLogs } from '../../../../../electron/diagnosis/logs/read-logs.ts';
import {
  type Diagram,
  type MessageRow,
  diagramOf,
} from '../../../../../renderer/features/diagnose/election/diagram-model.ts';
import { layOut, rowsBetween } from '../../../../../renderer/features/diagnose/election/diagram-layout.ts';
import { leaderLossOf } from '../../../../../renderer/features/diagnose/election/leader-loss.ts';
import { phasesOf } from '../../../../../renderer/features/diagnose/election/election-phases.ts';
import type { Election } from '../../../../../shared/api/elections.ts';
import { readEvents } from '../../../../support/event-text.ts';
import { logFiles, readRecording } from '../../../../support/log-text.ts';

function second(elections: readonly Election[]): Election {
  const [, election] = elections;
  if (election === undefined) throw new Error('there are two elections');
  return election;
}

const builtin = (name: 'three-servers-builtin' | 'five-servers-builtin'): Election =>
  second(recordElections(readEvents(name)).elections);

const draw = (election: Election): Diagram =>
  diagramOf(election, leaderLossOf(election, { cause: 'leader-crashed', evidence: [] }));

/** A row as one line: `1→2,3 vote 3 counted`. */
function told({ message, links, isImplied }: MessageRow): string {
  const ends = [links.map(({ from }) => from), links.map(({ to }) => to)].map((sids) =>
    [...new Set(sids)].sort((x, y) => x - y).join(','),
  );
  const what =
    message.kind === 'vote'
      ? `${message.fromState === 'LOOKING' ? 'vote' : message.fromState} ${message.vote?.leader ?? '-'}`
      : message.kind === 'sync'
        ? message.mode
        : message.kind;
  return `${ends.join('→')} ${what}${isImplied ? ' (implied)' : ''}`;
}

const messagesOf = ({ rows }: Diagram, phase: string): string[] =>
  rows.flatMap((row) => (row.kind === 'message' && row.phase === phase ? [told(row)] : []));

const badgesOf = ({ rows }: Diagram): string[] =>
  rows.flatMap((row) => (row.kind === 'badges' ? row.badges.map(({ sid, state }) => `${sid} ${state}`) : []));

describe('diagram: three builtin servers, the leader killed and started again', () => {
  const election = builtin('three-servers-builtin');
  const diagram = draw(election);

  test('those who elected come first, the one that was lost last', () => {
    expect(diagram.lanes.map(({ sid, role }) => `${sid} ${role}`)).toEqual([
      '1 follower',
      '3 leader',
      '2 follower',
    ]);
  });

  test('states follow each other as each server told', () => {
    expect(badgesOf(diagram)).toEqual([
      '2 loss',
      '3 LOOKING',
      '1 LOOKING',
      '1 FOLLOWING',
      '3 LEADING',
      '2 LOOKING',
      '2 FOLLOWING',
    ]);
  });

  test('votes are arrows to whoever heard them, and to the dead server of which nothing is heard', () => {
    const votes = messagesOf(diagram, 'election');
    expect(votes).toContain('1→3 vote 1');
    expect(votes).toContain('1→3 vote 3');
    expect(votes.some((vote) => vote.startsWith('3→1,2 vote 3'))).toBe(true);
    const unheard = diagram.rows.flatMap((row) =>
      row.kind === 'message' ? row.links.filter(({ to, verdict }) => to === 2 && verdict === null) : [],
    );
    expect(unheard.slice(0, 2).map(({ atMs }) => atMs)).toEqual([null, null]);
  });

  test('the phases behind the election have their messages, in the order of the protocol', () => {
    expect(messagesOf(diagram, 'discovery')).toEqual([
      '1→3 FOLLOWERINFO (implied)',
      '3→1 LEADERINFO',
      '1→3 ACKEPOCH',
    ]);
    expect(messagesOf(diagram, 'synchronization')).toEqual([
      '3→1 DIFF',
      '3→1 NEWLEADER (implied)',
      '1→3 ACK (implied)',
      '3→1 UPTODATE',
    ]);
  });

  test('the server that came back is brought level in the broadcast phase', () => {
    const late = messagesOf(diagram, 'broadcast');
    expect(late).toContain('3→2 UPTODATE');
    expect(late.some((line) => /^3→2 (DIFF|SNAP|TRUNC)/.test(line))).toBe(true);
  });

  test('the wait for a better vote is noted at the last vote before it', () => {
    const [phase] = phasesOf(election);
    expect(phase?.waitFromMs).not.toBeNull();
    const noted = diagram.rows.flatMap((row) => (row.kind === 'message' && row.note ? [row.note.kind] : []));
    expect(noted).toEqual(['waits', 'epoch-agreed', 'serves']);
  });
});

describe('diagram: five servers', () => {
  test('what one told four others is one row', () => {
    const diagram = draw(builtin('five-servers-builtin'));
    const votes = messagesOf(diagram, 'election');
    const heard = builtin('five-servers-builtin').heard.length;
    expect(votes.length).toBeLessThan(heard / 2);
    expect(messagesOf(diagram, 'discovery')).toContain('4→1,2,3 LEADERINFO');
    expect(messagesOf(diagram, 'synchronization')).toContain('4→1,2,3 UPTODATE');
  });

  test('logs of Apache tell the same election, with what they leave out implied', async () => {
    const { events } = await readLogs(logFiles(readRecording('five-servers-log4j')), { timeZone: 'UTC' });
    const diagram = draw(second(recordElections(events).elections));
    expect(messagesOf(diagram, 'discovery')).toEqual([
      '1,2,3→4 FOLLOWERINFO (implied)',
      '4→1,2,3 LEADERINFO (implied)',
      '1,2,3→4 ACKEPOCH (implied)',
    ]);
  });
});

describe('diagram: long elections', () => {
  const base = builtin('three-servers-builtin');
  const [first] = base.heard;
  if (first === undefined) throw new Error('votes were heard');

  test('a notification that comes again and again is one row with a count', () => {
    const heard = Array.from({ length: 500 }, (_, index) => ({ ...first, atMs: first.atMs + index * 100 }));
    const diagram = draw({ ...base, heard });
    const rows = diagram.rows.filter(
      (row) => row.kind === 'message' && row.message.kind === 'vote' && row.phase === 'election',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.kind === 'message' && rows[0].links[0]?.count).toBe(500);
  });

  test('of hundreds of rounds only what is on screen is drawn', () => {
    const heard = Array.from({ length: 600 }, (_, index) => ({
      ...first,
      round: index,
      atMs: first.atMs + index * 100,
    }));
    const diagram = draw({ ...base, heard });
    const startMs = performance.now();
    const { rows } = layOut(diagram, 700);
    expect(rows.length).toBeGreaterThan(600);
    expect(rowsBetween(rows, { top: 5_000, bottom: 6_000 }).length).toBeLessThan(60);
    expect(performance.now() - startMs).toBeLessThan(200);
  });
});

describe('layout', () => {
  const diagram = draw(builtin('three-servers-builtin'));

  test('quiet time is pressed into a mark that says how long it was', () => {
    const { pauses, height } = layOut(diagram, 700);
    expect(pauses.some(({ ms }) => ms > 1_000)).toBe(true);
    expect(height).toBeLessThan(1_000);
  });

  test('rows do not overlap, and phases hold theirs', () => {
    const { rows, phases } = layOut(diagram, 700);
    for (const [index, { y }] of rows.entries()) expect(y - (rows[index - 1]?.y ?? 0)).toBeGreaterThan(20);
    for (const { row, y } of rows) {
      const phase = phases.find(({ top, bottom }) => y > top && y < bottom);
      expect(phase?.name).toBe(row.phase);
    }
  });

  test('lanes stand as far apart as there is room, and never too close', () => {
    const gapAt = (width: number): number => {
      const { laneX } = layOut(diagram, width);
      return (laneX.get(3) ?? 0) - (laneX.get(1) ?? 0);
    };
    expect(gapAt(300)).toBe(148);
    expect(gapAt(700)).toBeGreaterThan(148);
    expect(gapAt(3_000)).toBe(240);
    expect(layOut(diagram, 300).width).toBeGreaterThan(300);
  });

  test('a time says what differs from the row above', () => {
    const times = layOut(diagram, 700).rows.flatMap(({ time }) => (time === null ? [] : [time]));
    expect(times[0]).toMatch(/^\d\d\.\d{3}$/);
    expect(times[1]).toMatch(/^\.\d{3}$/);
  });
});

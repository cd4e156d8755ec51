/** The facts, the vote and the syncs of recorded elections, and which finding belongs to which. */
import { describe, expect, test } from 'vitest';
import { recordElections } from '../../../../../electron/diagnosis/elections.ts';
import { answerOf } from '../../../../../renderer/features/diagnose/election/election-answer.ts';
import { electionOf, findingOf } from '../../../../../renderer/features/diagnose/election/find-election.ts';
import { diagramOf } from '../../../../../renderer/features/diagnose/election/diagram-model.ts';
import {
  type ElectionFinding,
  leaderLossOf,
} from '../../../../../renderer/features/diagnose/election/leader-loss.ts';
import { phasesOf } from '../../../../../renderer/features/diagnose/election/election-phases.ts';
import { syncRowsOf } from '../../../../../renderer/features/diagnose/election/sync-rows.ts';
import {
  truncatedLearners,
  voteRowsOf,
} from '../../../../../renderer/features/diagnose/election/vote-table.ts';
import type { Election } from '../../../../../shared/api/elections.ts';
import { readEvents } from '../../../../support/event-text.ts';

const { elections } = recordElections(readEvents('three-servers-builtin'));
const [first, second] = elections as readonly [Election, Election];
const FINDING: Pick<ElectionFinding, 'cause' | 'evidence'> = { cause: 'leader-crashed', evidence: [] };

describe('answer', () => {
  test('of a killed leader: who, for which epoch, how long without one, whose traces', () => {
    const answer = answerOf(second, leaderLossOf(second, FINDING));
    expect(answer).toMatchObject({
      winner: 3,
      wonBy: 'leader',
      electors: [1, 3],
      previousEpoch: 1,
      epoch: 2,
      round: 2,
      traced: [1, 2, 3],
      untraced: [],
      hasVotes: true,
      clients: { cut: 1, back: 1, expired: 0 },
    });
    expect(answer.withoutLeaderMs).toBe((second.endMs ?? 0) - second.startMs);
  });

  test('of a first election nobody was lost', () => {
    expect(leaderLossOf(first, FINDING)).toBeNull();
    expect(answerOf(first, null)).toMatchObject({
      isFirst: true,
      withoutLeaderMs: null,
      previousEpoch: null,
    });
  });

  test('a server that only others name has no traces', () => {
    const without = {
      ...second,
      participants: second.participants.filter(({ sid }) => sid !== 2),
      syncs: [],
    };
    expect(answerOf(without, null)).toMatchObject({ traced: [1, 3], untraced: [2] });
  });

  test('a leader that fell silent was lost when it was last heard, not when the others noticed', () => {
    const at = new Date(second.startMs - 500).toISOString();
    const evidence = [{ at, source: 'port', fact: 'silent' }] as unknown as ElectionFinding['evidence'];
    const loss = leaderLossOf(second, { cause: 'leader-paused', evidence });
    expect(loss?.atMs).toBe(second.startMs - 500);
    expect(leaderLossOf(second, { cause: 'leader-crashed', evidence })?.atMs).toBe(second.startMs);
  });
});

describe('phases', () => {
  test('follow each other without gaps, up to serving', () => {
    const phases = phasesOf(second);
    expect(phases.map(({ name }) => name)).toEqual(['election', 'discovery', 'synchronization', 'broadcast']);
    for (const [index, { fromMs }] of phases.entries()) {
      if (index > 0) expect(fromMs).toBe(phases[index - 1]?.toMs);
    }
    expect(phases.at(-1)).toMatchObject({ fromMs: second.endMs, toMs: null });
  });

  test('an election that goes on has no further phase', () => {
    const open = {
      ...second,
      endMs: null,
      winner: null,
      participants: second.participants.map((each) => ({ ...each, electedMs: null })),
    };
    expect(phasesOf(open)).toMatchObject([{ name: 'election', toMs: null, waitFromMs: null }]);
  });
});

describe('vote and syncs', () => {
  const { lanes } = diagramOf(second, leaderLossOf(second, FINDING));

  test('the winner comes first, who lost says by what, who was away took no part', () => {
    const rows = voteRowsOf(second, lanes);
    expect(
      rows.map(({ sid, isWinner, decidedBy, vote }) => [sid, isWinner, decidedBy, vote !== null]),
    ).toEqual([
      [3, true, 'leader', true],
      [1, false, 'leader', true],
      [2, false, null, false],
    ]);
  });

  test('by how many transactions a candidate is behind is counted within one epoch only', () => {
    const behind = (zxid: string): number | null | undefined =>
      voteRowsOf(
        {
          ...second,
          candidates: [
            {
              vote: { leader: 3, peerEpoch: 4, zxid: '0x40000002f' },
              backers: [1, 3],
              isWinner: true,
              lostBy: null,
            },
            { vote: { leader: 1, peerEpoch: 4, zxid }, backers: [], isWinner: false, lostBy: 'zxid' },
          ],
        },
        lanes,
      )[1]?.behind;
    expect(behind('0x40000002d')).toBe(2);
    expect(behind('0x30000002d')).toBeNull();
  });

  test('each learner has its mode, its transactions and how long it took', () => {
    expect(syncRowsOf(second).map(({ sid, mode, isLate }) => [sid, mode, isLate])).toEqual([
      [1, 'DIFF', false],
      [2, 'DIFF', true],
    ]);
    for (const { tookMs } of syncRowsOf(second)) expect(tookMs).toBeGreaterThanOrEqual(0);
  });

  test('a log that was cut is counted backwards', () => {
    const [sync] = second.syncs;
    if (sync === undefined) throw new Error('somebody was brought level');
    const cut = { ...sync, mode: 'TRUNC' as const, fromZxid: '0x400000030', toZxid: '0x40000002f' };
    expect(syncRowsOf({ ...second, syncs: [cut] })[0]?.transactions).toBe(-1);
    expect(truncatedLearners({ ...second, syncs: [cut] })).toEqual([sync.learner]);
  });
});

describe('findings and elections', () => {
  const finding = (id: string, atMs: number): ElectionFinding =>
    ({ id, kind: 'election', at: new Date(atMs).toISOString() }) as ElectionFinding;

  test('belong together by epoch, and by time where epochs began anew', () => {
    expect(electionOf({ elections }, finding('election/2', second.startMs + 900))).toBe(second);
    expect(electionOf({ elections }, finding('election/2026-11-21', first.startMs))).toBe(first);
    const again = { ...second, startMs: second.startMs + 600_000, endMs: (second.endMs ?? 0) + 600_000 };
    const both = { elections: [first, second, again] };
    expect(electionOf(both, finding('election/2', second.startMs))).toBe(second);
    expect(electionOf(both, finding('election/2', again.startMs))).toBe(again);
    expect(electionOf({ elections }, finding('election/9', second.startMs + 3_600_000))).toBeUndefined();
  });

  test('the finding of an election is the one of its epoch, near in time', () => {
    const findings = [finding('election/1', first.startMs), finding('election/2', second.startMs + 500)];
    expect(findingOf(findings, second)?.id).toBe('election/2');
    expect(findingOf(findings, { ...second, startMs: second.startMs + 600_000 })).toBeUndefined();
  });

  test('an election whose finding is still to come has none: not that of the reign before', () => {
    const findings = [finding('election/1', first.startMs)];
    expect(findingOf(findings, second)).toBeUndefined();
    expect(findingOf(findings, { ...second, epoch: null })).toBeUndefined();
    expect(findingOf(findings, first)?.id).toBe('election/1');
  });
});

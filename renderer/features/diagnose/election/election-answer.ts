/** The facts of an election that its headline and its strip of numbers state. Pure. */
import type { ClientsCut, Election, VoteField } from '../../../../shared/api/elections.ts';
import type { LeaderLoss } from './leader-loss.ts';

export interface ElectionAnswer {
  readonly winner: number | null;
  readonly sinceMs: number | null;
  /** Why the winner's vote was the best; null where one candidate had all votes, or no vote is told. */
  readonly wonBy: VoteField | null;
  readonly isUncontested: boolean;
  /** The last transactions that decided, of the winner and of the best that lost. */
  readonly logs: { readonly winner: string; readonly other: number; readonly others: string } | null;
  /** Who backed the winner, or followed it where no vote is told. */
  readonly electors: readonly number[];
  readonly epoch: number | null;
  readonly previousEpoch: number | null;
  readonly round: number | null;
  /** Until clients were served again; null while nobody leads, or where nobody led before. */
  readonly withoutLeaderMs: number | null;
  readonly isFirst: boolean;
  readonly clients: ClientsCut | null;
  /** Servers whose own traces there are, and those that others name but of which there are none. */
  readonly traced: readonly number[];
  readonly untraced: readonly number[];
  readonly hasVotes: boolean;
}

export function answerOf(election: Election, loss: LeaderLoss | null): ElectionAnswer {
  const { winner, endMs, candidates, participants, previous, startMs, casts } = election;
  const best = candidates.find(({ isWinner }) => isWinner);
  const lost = candidates.find(({ isWinner, lostBy }) => !isWinner && lostBy !== null);
  const traced = [...new Set(participants.map(({ sid }) => sid))].sort((x, y) => x - y);
  const named = [
    ...(previous === null ? [] : [previous.leader]),
    ...election.heard.map(({ from }) => from),
    ...election.syncs.map(({ learner }) => learner),
  ];
  const followers = participants.filter(({ leader, isLate }) => leader === winner && !isLate);
  const lostAtMs = Math.min(startMs, loss?.atMs ?? startMs);
  return {
    winner,
    sinceMs: endMs,
    wonBy: lost?.lostBy ?? null,
    isUncontested: best !== undefined && candidates.length === 1,
    logs:
      best && lost?.lostBy === 'zxid'
        ? { winner: best.vote.zxid, other: lost.vote.leader, others: lost.vote.zxid }
        : null,
    electors: (best?.backers ?? followers.map(({ sid }) => sid)).toSorted((x, y) => x - y),
    epoch: election.epoch,
    previousEpoch: previous?.epoch ?? null,
    round: election.round,
    withoutLeaderMs: endMs === null || previous === null ? null : endMs - lostAtMs,
    isFirst: previous === null,
    clients: election.clients,
    traced,
    untraced: [...new Set(named)].filter((sid) => !traced.includes(sid)).sort((x, y) => x - y),
    hasVotes: casts.length > 0,
  };
}

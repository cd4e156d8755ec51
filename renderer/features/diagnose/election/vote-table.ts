/**
 * The vote as a table: every candidate of the round that decided, the best first, compared field by field from left to right
 * (totalOrderPredicate), and the servers that could have led but did not vote. Pure.
 */
import type { Election, VoteField } from '../../../../shared/api/elections.ts';
import type { VoteDto } from '../../../../shared/api/server-events.ts';
import type { Lane } from './diagram-model.ts';
import { transactionsBetween } from './transactions-between.ts';

export interface VoteRow {
  readonly sid: number;
  readonly role: Lane['role'];
  /** Null of a server that took no part and told no vote. */
  readonly vote: VoteDto | null;
  readonly backers: readonly number[];
  readonly isWinner: boolean;
  /** By which field it lost; the winner's own field that decided against the best of the others. */
  readonly decidedBy: VoteField | null;
  /** Transactions that it is behind the winner, where both are of one epoch. */
  readonly behind: number | null;
}

export function voteRowsOf(election: Election, lanes: readonly Lane[]): readonly VoteRow[] {
  const { candidates } = election;
  const winner = candidates.find(({ isWinner }) => isWinner);
  const firstLost = candidates.find(({ lostBy }) => lostBy !== null)?.lostBy ?? null;
  const roleOf = new Map(lanes.map(({ sid, role }) => [sid, role]));
  const rows = candidates.map(({ vote, backers, isWinner, lostBy }): VoteRow => ({
    sid: vote.leader,
    role: roleOf.get(vote.leader) ?? 'down',
    vote,
    backers,
    isWinner,
    decidedBy: isWinner ? firstLost : lostBy,
    behind: winner === undefined || isWinner ? null : transactionsBetween(vote.zxid, winner.vote.zxid),
  }));
  const absent = lanes.filter(
    ({ sid, role }) => role !== 'observer' && !rows.some((row) => row.sid === sid) && isAbsent(election, sid),
  );
  return [
    ...rows,
    ...absent.map(({ sid }): VoteRow => ({
      sid,
      role: 'down',
      vote: null,
      backers: [],
      isWinner: false,
      decidedBy: null,
      behind: null,
    })),
  ];
}

/** It did not look while the others elected, as far as they heard. */
function isAbsent({ participants, casts, heard }: Election, sid: number): boolean {
  return (
    !heard.some(({ from, fromState }) => from === sid && fromState === 'LOOKING') &&
    !casts.some((cast) => cast.sid === sid) &&
    !participants.some((participant) => participant.sid === sid && !participant.isLate)
  );
}

/** Learners whose log was cut: they had transactions that no quorum had. */
export function truncatedLearners({ syncs }: Election): readonly number[] {
  return syncs.filter(({ mode }) => mode === 'TRUNC' || mode === 'TRUNC+DIFF').map(({ learner }) => learner);
}

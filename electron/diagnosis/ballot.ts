/**
 * The votes of one election: each that a server cast, what made it, and every candidate of the deciding round beside the
 * winner: what it was better by. Live servers tell a vote to each voter by itself; here it counts once. Pure.
 */
import type { Ballot, Candidate, CastVote, Passage } from '../../shared/api/elections.ts';
import type { ServerEventDto, VoteDto, VoteReceivedEvent } from '../../shared/api/server-events.ts';
import type { SpanIndex } from './span-index.ts';
import { decidingField, isSameVote, voteBeats } from './votes.ts';

export type VoteEvent = VoteReceivedEvent | Extract<ServerEventDto, { kind: 'vote-sent' }>;

export interface BallotParts {
  /** Votes by server. */
  readonly votes: SpanIndex<number, VoteEvent>;
  /** Of those who looked at the time. */
  readonly passages: readonly Passage[];
  readonly leader: number | null;
}

export function ballotOf({ votes, passages, leader }: BallotParts): Ballot {
  const casts: CastVote[] = [];
  const heard: VoteReceivedEvent[] = [];
  for (const passage of passages) {
    // What is heard after it was elected has no part in it.
    const mine = votes.between(
      passage.sid,
      passage.lookingMs,
      passage.electedMs ?? passage.endMs ?? Infinity,
    );
    heard.push(...mine.filter((event) => event.kind === 'vote-received'));
    casts.push(...castsOf(mine));
  }
  const round = decidingRound(casts, leader);
  return {
    round,
    casts: casts.sort((x, y) => x.atMs - y.atMs),
    heard: heard.sort((x, y) => x.atMs - y.atMs),
    candidates: candidatesOf(casts, { round, leader }),
  };
}

function castsOf(events: readonly VoteEvent[]): CastVote[] {
  const casts: CastVote[] = [];
  let cause: VoteReceivedEvent | undefined;
  for (const event of events) {
    if (event.kind === 'vote-received') {
      if (event.verdict === 'accepted' || event.verdict === 'newer-round') cause = event;
      continue;
    }
    if (event.vote === null) continue;
    const { sid, atMs, round, vote } = event;
    const last = casts.at(-1);
    if (last && last.round === round && isSameVote(last.vote, vote)) continue;
    casts.push({ sid, atMs, round, vote, why: whyOf(vote, last, cause) });
    // What came before its own vote it handles right behind it.
    if (last) cause = undefined;
  }
  return casts;
}

function whyOf(
  vote: VoteDto,
  last: CastVote | undefined,
  cause: VoteReceivedEvent | undefined,
): CastVote['why'] {
  if (last === undefined || cause === undefined) return { kind: 'own' };
  if (cause.verdict === 'newer-round') return { kind: 'newer-round', from: cause.from };
  const by = decidingField(vote, last.vote);
  return by === undefined ? { kind: 'own' } : { kind: 'better', from: cause.from, by };
}

/** That of the last vote for the winner; without one, the latest. */
function decidingRound(casts: readonly CastVote[], leader: number | null): number | null {
  const rounds = casts
    .filter(({ vote }) => leader === null || vote.leader === leader)
    .map(({ round }) => round);
  return rounds.length === 0 ? null : Math.max(...rounds);
}

function candidatesOf(
  casts: readonly CastVote[],
  { round, leader }: { round: number | null; leader: number | null },
): Candidate[] {
  const ofRound = casts.filter((cast) => cast.round === round);
  const votes: VoteDto[] = [];
  for (const { vote } of ofRound) if (!votes.some((known) => isSameVote(known, vote))) votes.push(vote);
  votes.sort((x, y) => (voteBeats(x, y) ? -1 : 1));
  const winner = votes.find((vote) => vote.leader === leader);
  const lastBySid = new Map(ofRound.map((cast) => [cast.sid, cast.vote]));
  return votes.map((vote) => ({
    vote,
    backers: [...lastBySid].filter(([, last]) => isSameVote(last, vote)).map(([sid]) => sid),
    isWinner: vote === winner,
    lostBy: winner === undefined || vote === winner ? null : (decidingField(winner, vote) ?? null),
  }));
}

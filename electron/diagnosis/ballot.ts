/**
 * The votes of one election: each that a server cast, what made it, and every candidate of the deciding round beside the
 * winner: what it was better by. Live servers tell a vote to each voter by itself; here it counts once. Pure.
 */
import type { ServerEventDto, VoteDto } from '../../shared/api/server-events.ts';
import type { Passage } from './passages.ts';
import type { SpanIndex } from './span-index.ts';
import { type VoteField, decidingField, isSameVote, voteBeats } from './votes.ts';

type HeardEvent = Extract<ServerEventDto, { kind: 'vote-received' }>;
export type VoteEvent = HeardEvent | Extract<ServerEventDto, { kind: 'vote-sent' }>;

export interface CastVote {
  readonly sid: number;
  readonly atMs: number;
  readonly round: number;
  readonly vote: VoteDto;
  readonly why:
    /** Its own: what it has in its log. */
    | { readonly kind: 'own' }
    /** Heard of a better one, better by this field. */
    | { readonly kind: 'better'; readonly from: number; readonly by: VoteField }
    /** Heard of a later round, and began again with the better one of its own and what it heard. */
    | { readonly kind: 'newer-round'; readonly from: number };
}

export interface Candidate {
  readonly vote: VoteDto;
  /** Who backed it last in the deciding round. */
  readonly backers: readonly number[];
  readonly isWinner: boolean;
  /** What the winner's vote was better by; null for the winner, and where nobody won. */
  readonly lostBy: VoteField | null;
}

export interface Ballot {
  /** The round that decided; null where no vote is told. */
  readonly round: number | null;
  readonly casts: readonly CastVote[];
  /** Every notification, with what became of it. */
  readonly heard: readonly HeardEvent[];
  /** The best first. */
  readonly candidates: readonly Candidate[];
}

export interface BallotParts {
  /** Votes by server. */
  readonly votes: SpanIndex<number, VoteEvent>;
  /** Of those who looked at the time. */
  readonly passages: readonly Passage[];
  readonly leader: number | null;
}

export function ballotOf({ votes, passages, leader }: BallotParts): Ballot {
  const casts: CastVote[] = [];
  const heard: HeardEvent[] = [];
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
  let cause: HeardEvent | undefined;
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

function whyOf(vote: VoteDto, last: CastVote | undefined, cause: HeardEvent | undefined): CastVote['why'] {
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

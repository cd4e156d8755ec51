/**
 * What one server did with the notifications of an election (FastLeaderElection; PROTOCOL.md 4.5), from what its log tells:
 * whom it offered first, and every notification in the order in which it was handled. From these follow, by the rules of the
 * election, each vote that it cast and why. Pure.
 *
 * Apache logs no vote of its own at INFO, but sends it to itself too: the first notification of itself tells what it began
 * with. What it heard before that waits here.
 */
import type { VoteDto, VoteVerdict } from '../../../shared/api/server-events.ts';
import { isSameVote, voteBeats } from '../votes.ts';

export interface HeardVote {
  readonly atMs: number;
  readonly from: number;
  readonly fromState: 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';
  /** Null backs nobody. */
  readonly vote: VoteDto | null;
  readonly round: number;
}

export interface BallotListener {
  onJudged(heard: HeardVote, verdict: VoteVerdict): void;
  onCast(cast: { readonly atMs: number; readonly vote: VoteDto | null; readonly round: number }): void;
}

/** Of notifications that wait; more of them are not judged by themselves. */
const WAITING_MAX = 1000;
const UNTRUSTED_ZXID = '0xffffffffffffffff';

export class BallotReplay {
  readonly #listener: BallotListener;
  #begunMs: number | undefined;
  #waiting: HeardVote[] = [];
  #own: VoteDto | null = null;
  #proposal: VoteDto | null = null;
  #round: number | undefined;
  /** Who said of itself that it leads. */
  #established: number | undefined;

  constructor(listener: BallotListener) {
    this.#listener = listener;
  }

  /** Whom the server backs by now; null when that is nobody, or not known. */
  get leader(): number | null {
    return this.#established ?? this.#proposal?.leader ?? null;
  }

  /** A new election; what was heard and not handled yet belongs to it. */
  begin(atMs: number): void {
    this.#forget();
    this.#begunMs = atMs;
  }

  /** Of an observer, which does not notify itself: it backs nobody, and takes over any round. */
  beginWithoutVote(atMs: number): void {
    this.begin(atMs);
    this.#start({ atMs, vote: null, round: 0 });
  }

  /** The server heard itself; the first time that tells what it offers, later ones only confirm what is known. */
  onOwn({ vote, round }: HeardVote): void {
    if (this.#begunMs === undefined || this.#round !== undefined) return;
    this.#start({ atMs: this.#begunMs, vote, round });
  }

  onHeard(heard: HeardVote): void {
    if (this.#round === undefined && this.#waiting.length < WAITING_MAX) this.#waiting.push(heard);
    else this.#judge(heard);
  }

  /** A server that follows or leads answers and counts nothing. */
  onHeardWhileServing(heard: HeardVote): void {
    this.#listener.onJudged(heard, 'not-looking');
  }

  /** It follows or leads; what it did not handle any more is judged by what it backed. */
  end(): void {
    for (const heard of this.#takeWaiting()) this.#judge(heard);
    this.#begunMs = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#own = null;
    this.#proposal = null;
    this.#round = undefined;
    this.#established = undefined;
  }

  #start(cast: { atMs: number; vote: VoteDto | null; round: number }): void {
    this.#own = cast.vote;
    this.#proposal = cast.vote;
    this.#round = cast.round;
    this.#listener.onCast(cast);
    for (const heard of this.#takeWaiting()) this.#judge(heard);
  }

  #takeWaiting(): HeardVote[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #judge(heard: HeardVote): void {
    const verdict = this.#verdictOn(heard);
    this.#listener.onJudged(heard, verdict);
    if (verdict === 'newer-round') {
      this.#round = heard.round;
      this.#cast(
        this.#own && heard.vote && !voteBeats(heard.vote, this.#own) ? this.#own : heard.vote,
        heard,
      );
    } else if (verdict === 'accepted') {
      this.#cast(heard.vote, heard);
    } else if (verdict === 'established' && heard.fromState === 'LEADING') {
      this.#established = heard.from;
    }
  }

  #verdictOn({ fromState, vote, round }: HeardVote): VoteVerdict {
    if (vote === null || fromState === 'OBSERVING') return 'no-voter';
    if (fromState !== 'LOOKING') return 'established';
    if (vote.zxid === UNTRUSTED_ZXID || this.#own?.zxid === UNTRUSTED_ZXID) return 'untrusted';
    if (this.#round === undefined || round > this.#round) return 'newer-round';
    if (round < this.#round) return 'stale';
    if (this.#proposal === null || voteBeats(vote, this.#proposal)) return 'accepted';
    return isSameVote(vote, this.#proposal) ? 'counted' : 'worse';
  }

  #cast(vote: VoteDto | null, heard: HeardVote): void {
    this.#proposal = vote;
    // What had come before the election began was handled when it had.
    const atMs = Math.max(heard.atMs, this.#begunMs ?? heard.atMs);
    this.#listener.onCast({ atMs, vote, round: heard.round });
  }
}

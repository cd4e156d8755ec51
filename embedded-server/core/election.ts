/**
 * Fast leader election (ZooKeeper's FastLeaderElection; PROTOCOL.md 4.3 to 4.7) as a machine without a clock, threads or
 * sockets. A server that looks tells all voters whom it backs, takes over every better candidate that it hears of, and is
 * done when a quorum backs the same one and nothing better came for a while, when all voters do, or when a quorum already
 * follows a leader that says so itself. A server that does not look only answers those who do.
 *
 * ```
 *   LOOKING ──a quorum agrees──► finalizing ──finalizeWaitMs of quiet──► decided (LEADING, FOLLOWING, OBSERVING)
 *      ▲                             │ a better candidate                          │
 *      └─────────────────────────────┘            startLooking ◄───────────────────┘
 * ```
 */
import { assert } from '../../shared/assert.ts';
import type { Sid } from '../../shared/ids.ts';
import { type Zxid, toZxid } from '../../shared/zxid.ts';
import { NOTIFICATION_VERSION, type Notification, type PeerState } from '../quorum-protocol/notification.ts';
import { LONG_MIN } from '../quorum-protocol/small-long.ts';
import { type Chronicle, NO_CHRONICLE, type VoteVerdict, toldVote } from './chronicle.ts';
import type { Membership } from './membership.ts';
import { type Candidate, type Vote, beats, isSameVote } from './vote.ts';

export interface ElectionOptions {
  /** How long to wait for a better candidate once a quorum agrees. */
  readonly finalizeWaitMs: number;
  /** Notifications are sent again after this, then after twice as long each time. */
  readonly notificationMsMin: number;
  readonly notificationMsMax: number;
}

export const ELECTION_DEFAULTS: ElectionOptions = {
  finalizeWaitMs: 200,
  notificationMsMin: 200,
  notificationMsMax: 60_000,
};

export interface ElectionEffect {
  readonly to: Sid;
  readonly notification: Notification;
}

/** An empty, not trusted database: its owner votes, but backs nobody and convinces nobody. */
const UNTRUSTED_ZXID = toZxid(-1n);
/** What an observer proposes: nobody. */
const NOBODY: Candidate = { leader: LONG_MIN, zxid: toZxid(-(2n ** 63n)), peerEpoch: LONG_MIN };

export class Election {
  readonly #sid: Sid;
  readonly #membership: Membership;
  readonly #options: ElectionOptions;
  readonly #chronicle: Chronicle;
  #peerState: PeerState = 'LOOKING';
  #logicalClock = 0;
  /** What this server offers itself with. */
  #own: Candidate = NOBODY;
  /** Whom it backs; once decided, whom it follows, as others are told. */
  #proposal: Candidate = NOBODY;
  /** The round that the decision was made in, which need not be this server's own. */
  #decidedClock = 0;
  /** Votes of this round, the own among them. */
  #received = new Map<Sid, Vote>();
  /** What servers say that are not looking, of any round. */
  #outOfElection = new Map<Sid, Vote>();
  /** Before the first round there is nothing to tell. */
  #isStarted = false;
  #resendMs = Infinity;
  #resendAfterMs = 0;
  #finalizeMs: number | undefined;
  #effects: ElectionEffect[] = [];

  constructor({
    sid,
    membership,
    options = ELECTION_DEFAULTS,
    chronicle = NO_CHRONICLE,
  }: {
    sid: Sid;
    membership: Membership;
    options?: ElectionOptions;
    chronicle?: Chronicle;
  }) {
    this.#sid = sid;
    this.#membership = membership;
    this.#options = options;
    this.#chronicle = chronicle;
  }

  get peerState(): PeerState {
    return this.#peerState;
  }

  /** Whom this server backs or follows. */
  get leader(): Sid {
    return this.#proposal.leader;
  }

  get logicalClock(): number {
    return this.#logicalClock;
  }

  /** When {@link tick} has something to do. */
  get nextMs(): number {
    if (!this.#isStarted || this.#peerState !== 'LOOKING') return Infinity;
    return Math.min(this.#resendMs, this.#finalizeMs ?? Infinity);
  }

  get #isVoter(): boolean {
    return this.#membership.committed.verifier.voters.has(this.#sid);
  }

  takeEffects(): ElectionEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** A new round with what this server has in its log. */
  startLooking({
    lastZxid,
    currentEpoch,
    nowMs,
  }: {
    lastZxid: Zxid;
    currentEpoch: number;
    nowMs: number;
  }): void {
    this.#isStarted = true;
    this.#peerState = 'LOOKING';
    this.#logicalClock++;
    this.#received = new Map();
    this.#outOfElection = new Map();
    this.#finalizeMs = undefined;
    this.#own = this.#isVoter ? { leader: this.#sid, zxid: lastZxid, peerEpoch: currentEpoch } : NOBODY;
    this.#resendAfterMs = this.#options.notificationMsMin;
    this.#resendMs = nowMs + this.#resendAfterMs;
    this.#back(this.#own, nowMs);
  }

  /** Takes up a role without an election: a reconfiguration named the leader. */
  follow({ leader, zxid, peerEpoch }: Candidate): void {
    assert(this.#isStarted, 'a server that never looked has nobody to follow');
    this.#peerState = 'LOOKING';
    this.#decide({ leader, zxid, peerEpoch }, this.#logicalClock);
  }

  /** The epoch is established: who looks is told it, so that votes of one epoch count together. */
  onEpochEstablished(epoch: number): void {
    this.#proposal = { ...this.#proposal, peerEpoch: epoch };
  }

  /** A connection to `sid` came up: what was sent before may be lost. */
  onPeerConnected(sid: Sid): void {
    if (this.#isStarted && this.#peerState === 'LOOKING') this.#send(sid);
  }

  tick(nowMs: number): void {
    if (!this.#isStarted || this.#peerState !== 'LOOKING') return;
    if (this.#finalizeMs !== undefined && nowMs >= this.#finalizeMs) {
      this.#decide(this.#proposal, this.#logicalClock);
      return;
    }
    if (nowMs < this.#resendMs) return;
    this.#resendAfterMs = Math.min(this.#resendAfterMs * 2, this.#options.notificationMsMax);
    this.#resendMs = nowMs + this.#resendAfterMs;
    this.#sendAll();
  }

  onNotification(from: Sid, notification: Notification, nowMs: number): void {
    if (!this.#isStarted) return;
    const verdict = this.#judge(from, notification);
    const { peerState: fromState, logicalClock: round } = notification;
    const vote = toldVote(notification);
    this.#chronicle.tell({ kind: 'vote-received', from, fromState, vote, round, verdict });
    if (this.#isAnswered(from, notification)) this.#send(from);
    switch (verdict) {
      case 'newer-round':
      case 'accepted':
      case 'counted':
      case 'worse':
        this.#onLooking(from, notification, nowMs);
        break;
      case 'established':
        this.#onDecided(from, notification);
        break;
      case 'stale':
      case 'no-voter':
      case 'untrusted':
      case 'not-looking':
        break;
    }
  }

  #judge(from: Sid, notification: Notification): VoteVerdict {
    const { voters } = this.#membership;
    if (!voters.has(from)) return 'no-voter';
    if (this.#peerState !== 'LOOKING') return 'not-looking';
    if (!voters.has(notification.leader) || notification.peerState === 'OBSERVING') return 'no-voter';
    if (notification.peerState !== 'LOOKING') return 'established';
    if (this.#own.zxid === UNTRUSTED_ZXID || notification.zxid === UNTRUSTED_ZXID) return 'untrusted';
    if (this.#isOtherRound(notification)) return 'newer-round';
    if (notification.logicalClock < this.#logicalClock) return 'stale';
    if (this.#isBetter(notification, this.#proposal)) return 'accepted';
    return isSameVote(notification, this.#ownVote()) ? 'counted' : 'worse';
  }

  /**
   * Whether to take part in the notification's round from now on. Who has no vote and backs nobody is in none, but a pending
   * configuration that only others have seen may need what it says.
   */
  #isOtherRound({ logicalClock }: Notification): boolean {
    const isInRound = this.#isVoter || this.#proposal.leader !== LONG_MIN;
    return isInRound ? logicalClock > this.#logicalClock : logicalClock !== this.#logicalClock;
  }

  #isAnswered(from: Sid, { peerState, logicalClock }: Notification): boolean {
    // An observer, or somebody who is not in the ensemble yet: it may learn, it has no say.
    if (!this.#membership.voters.has(from)) return true;
    if (peerState !== 'LOOKING') return false;
    // An observer has nothing to say to voters that look, and they answer whatever an observer says.
    return this.#peerState !== 'LOOKING' || (logicalClock < this.#logicalClock && this.#isVoter);
  }

  #onLooking(from: Sid, notification: Notification, nowMs: number): void {
    if (this.#isOtherRound(notification)) {
      this.#logicalClock = notification.logicalClock;
      this.#received = new Map();
      this.#finalizeMs = undefined;
      this.#back(this.#isBetter(notification, this.#own) ? notification : this.#own, nowMs);
    } else if (this.#isBetter(notification, this.#proposal)) {
      this.#finalizeMs = undefined;
      this.#back(notification, nowMs);
    }
    this.#received.set(from, notification);
    this.#checkAgreement(nowMs);
  }

  #isBetter(candidate: Candidate, current: Candidate): boolean {
    const { verifier } = this.#membership.committed;
    return beats({ candidate, current, weightOf: (sid) => verifier.weightOf(sid) });
  }

  #back({ leader, zxid, peerEpoch }: Candidate, nowMs: number): void {
    this.#proposal = { leader, zxid, peerEpoch };
    if (this.#isVoter) this.#received.set(this.#sid, this.#ownVote());
    this.#sendAll();
    this.#checkAgreement(nowMs);
  }

  #ownVote(): Vote {
    return {
      ...this.#proposal,
      logicalClock: this.#logicalClock,
      peerState: 'LOOKING',
      version: NOTIFICATION_VERSION,
    };
  }

  /**
   * Begins to finalize when a quorum of this round backs the same candidate. Differs: Apache waits in any case; where all
   * voters agree, there is nobody left of whom something better could come.
   */
  #checkAgreement(nowMs: number): void {
    if (this.#proposal.leader === LONG_MIN) return;
    const backers = backersOf(this.#received, this.#ownVote());
    if (!this.#membership.hasQuorum(backers)) return;
    const isUnanimous = [...this.#membership.voters].every((sid) => backers.includes(sid));
    if (isUnanimous) this.#finalizeMs = nowMs;
    else this.#finalizeMs ??= nowMs + this.#options.finalizeWaitMs;
  }

  /** Somebody already follows or leads: join them if a quorum does and the leader itself says that it leads. */
  #onDecided(from: Sid, notification: Notification): void {
    if (notification.logicalClock === this.#logicalClock) {
      this.#received.set(from, notification);
      if (this.#isLed(this.#received, notification)) {
        this.#decide(notification, notification.logicalClock);
        return;
      }
    }
    this.#outOfElection.set(from, notification);
    if (this.#isLed(this.#outOfElection, notification)) {
      this.#logicalClock = notification.logicalClock;
      this.#decide(notification, notification.logicalClock);
    }
  }

  /**
   * Whether a quorum follows that leader, who says so itself: followers of a dead one must not elect it again by each
   * other's word. Differs: Apache wants a quorum of a pending configuration too, which may never come to be; who
   * follows risks nothing, since it is the leader that needs both.
   */
  #isLed(votes: ReadonlyMap<Sid, Vote>, vote: Vote): boolean {
    const { leader, logicalClock } = vote;
    if (!this.#membership.committed.verifier.containsQuorum(backersOf(votes, vote))) return false;
    if (leader === this.#sid) return logicalClock === this.#logicalClock;
    return votes.get(leader)?.peerState === 'LEADING';
  }

  #decide({ leader, zxid, peerEpoch }: Candidate, logicalClock: number): void {
    assert(this.#peerState === 'LOOKING', `a server that is ${this.#peerState} decides for a leader`);
    this.#proposal = { leader, zxid, peerEpoch };
    this.#decidedClock = logicalClock;
    this.#finalizeMs = undefined;
    if (leader === this.#sid) this.#peerState = 'LEADING';
    else this.#peerState = this.#membership.isObserver ? 'OBSERVING' : 'FOLLOWING';
  }

  #sendAll(): void {
    for (const sid of this.#membership.voters) if (sid !== this.#sid) this.#send(sid);
  }

  #send(to: Sid): void {
    const logicalClock = this.#peerState === 'LOOKING' ? this.#logicalClock : this.#decidedClock;
    this.#chronicle.tell({ kind: 'vote-sent', to, vote: toldVote(this.#proposal), round: logicalClock });
    this.#effects.push({
      to,
      notification: {
        ...this.#proposal,
        peerState: this.#peerState,
        logicalClock,
        version: NOTIFICATION_VERSION,
        config: this.#membership.committed.text,
      },
    });
  }
}

/** Whose vote is the same as `vote`. */
function backersOf(votes: ReadonlyMap<Sid, Vote>, vote: Vote): Sid[] {
  const backers: Sid[] = [];
  for (const [sid, other] of votes) if (isSameVote(vote, other)) backers.push(sid);
  return backers;
}

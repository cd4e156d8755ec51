/** One learner as its leader sees it (ZooKeeper's LearnerHandler): who it is, how far it got, when it was last heard. */
import { assert } from '../../shared/assert.ts';
import type { Sid } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import { LinkStats } from './link-stats.ts';
import type { LinkId } from './quorum-effects.ts';

/**
 * ```
 *   connected ─FOLLOWERINFO─► waiting ─LEADERINFO─► greeted ─ACKEPOCH─► agreed ─history, NEWLEADER─► syncing
 *      ─ACK of NEWLEADER─► acked ─UPTODATE─► synced
 * ```
 */
type LinkPhase = 'connected' | 'waiting' | 'greeted' | 'agreed' | 'syncing' | 'acked' | 'synced';

const PHASES: readonly LinkPhase[] = [
  'connected',
  'waiting',
  'greeted',
  'agreed',
  'syncing',
  'acked',
  'synced',
];

/** What others may know of a learner. */
export interface LearnerFacts {
  readonly linkId: LinkId;
  /** 0 until it said who it is. */
  readonly name: Sid;
  readonly establishedWallMs: number;
  readonly stats: LinkStats;
  readonly isObserver: boolean;
  readonly isVoter: boolean;
  readonly isSynced: boolean;
}

export class LearnerLink {
  readonly linkId: LinkId;
  readonly establishedWallMs: number;
  readonly stats = new LinkStats();
  #phase: LinkPhase = 'connected';
  #sid: Sid | undefined;
  isObserver = false;
  /** The last zxid of its log, of ACKEPOCH. */
  lastZxid: Zxid | undefined;
  /** Silent for that long, it is given up. */
  deadlineMs: number;
  /** The oldest proposal without its ACK, and since when. */
  #awaited: { readonly zxid: Zxid; readonly sinceMs: number } | undefined;
  #lastProposedZxid: Zxid | undefined;

  constructor(linkId: LinkId, { deadlineMs, wallMs }: { deadlineMs: number; wallMs: number }) {
    this.linkId = linkId;
    this.establishedWallMs = wallMs;
    this.deadlineMs = deadlineMs;
  }

  get phase(): LinkPhase {
    return this.#phase;
  }

  get isSynced(): boolean {
    return this.#phase === 'synced';
  }

  get name(): Sid {
    return this.#sid ?? 0;
  }

  /** Demands that it said who it is. */
  get sid(): Sid {
    assert(this.#sid !== undefined, 'a learner without a name');
    return this.#sid;
  }

  /** Whether it is sent what is proposed and committed. */
  get isForwarding(): boolean {
    return this.#phase === 'syncing' || this.#phase === 'acked' || this.#phase === 'synced';
  }

  introduce({ sid, isObserver }: { sid: Sid; isObserver: boolean }): void {
    this.becomeNext('waiting');
    this.#sid = sid;
    this.isObserver = isObserver;
  }

  isNamed(sid: Sid): boolean {
    return this.#sid === sid;
  }

  /** Whether it counts in quorums of these voters: one that observes does not, whatever it is to become. */
  isVoter(voters: ReadonlySet<Sid>): boolean {
    return !this.isObserver && this.#sid !== undefined && voters.has(this.#sid);
  }

  /** Phases come one after the other; none is left out, none comes twice. */
  becomeNext(phase: LinkPhase): void {
    const isNext = PHASES.indexOf(phase) === PHASES.indexOf(this.#phase) + 1;
    assert(isNext, `a learner that is ${this.#phase} cannot become ${phase}`);
    this.#phase = phase;
  }

  onProposed(zxid: Zxid, nowMs: number): void {
    this.#awaited ??= { zxid, sinceMs: nowMs };
    this.#lastProposedZxid = zxid;
  }

  onAcked(zxid: Zxid, nowMs: number): void {
    if (!this.#awaited || zxid < this.#awaited.zxid) return;
    const isAll = this.#lastProposedZxid === undefined || zxid >= this.#lastProposedZxid;
    this.#awaited = isAll ? undefined : { zxid, sinceMs: nowMs };
  }

  /** For how long it has owed an ACK. */
  laggingMs(nowMs: number): number {
    return this.#awaited ? nowMs - this.#awaited.sinceMs : 0;
  }
}

/**
 * What becomes of an ensemble when servers stop: whether a quorum is left, which further stops would lose it, who would lead
 * and why. Answers for a moment's states and zxids; who leads is what FastLeaderElection would decide among those that are
 * left (PROTOCOL.md 4.4), or nothing new where the present leader stays and keeps a quorum. Pure.
 */
import type { Sid } from './ids.ts';
import { type QuorumRules, verifierOf } from './quorum-rules.ts';
import type { QuorumVerifier } from './quorum-verifier.ts';
import type { Zxid } from './zxid.ts';

export interface QuorumMember {
  readonly sid: Sid;
  /** Whether it takes part now: its process runs, and the others reach it. */
  readonly isUp: boolean;
  readonly isLeader: boolean;
  /** Of the last epoch that it followed; null where it does not tell. */
  readonly peerEpoch: number | null;
  /** The last transaction in its log; null where it does not tell. */
  readonly zxid: Zxid | null;
}

/** What the next leader was better by than the runner-up. */
export type LeadBy = 'peerEpoch' | 'zxid' | 'sid';

export type NextLeader =
  /** The present one goes on. */
  | { readonly kind: 'stays'; readonly sid: Sid }
  | {
      readonly kind: 'elected';
      readonly sid: Sid;
      /** Null where nobody else could lead. */
      readonly over: Sid | null;
      readonly by: LeadBy | null;
    }
  /** A quorum is left, and not all of those that could lead tell how far they are. */
  | { readonly kind: 'hidden'; readonly silent: readonly Sid[] }
  /** A quorum is left, but only of servers that may not lead: their weight is 0. */
  | { readonly kind: 'nobody-may-lead' }
  | { readonly kind: 'no-quorum' };

export interface WhatIf {
  /** Voters that run, without those that stop. */
  readonly running: readonly Sid[];
  readonly hasQuorum: boolean;
  /** Of the running voters, each that may stop as the only one. */
  readonly mayStop: readonly Sid[];
  /** How many running voters may stop whichever they are; null where the quorum is lost already. */
  readonly spareAny: number | null;
  /** The smallest sets of running voters whose stop loses the quorum: no part of such a set would. */
  readonly losingSets: readonly (readonly Sid[])[];
  /** There are more losing sets than are told, or there are too many voters to look for them. */
  readonly hasMoreSets: boolean;
  readonly leader: NextLeader;
}

export interface WhatIfParts {
  readonly rules: QuorumRules;
  readonly members: readonly QuorumMember[];
  readonly stopped: ReadonlySet<Sid>;
}

/** Sets of so many voters are looked through one by one; an ensemble of more is rare, and has observers instead. */
const VOTERS_MAX = 15;
const SETS_MAX = 200;

export function whatIf({ rules, members, stopped }: WhatIfParts): WhatIf {
  const verifier = verifierOf(rules);
  const running = members
    .filter(({ sid, isUp }) => isUp && !stopped.has(sid) && verifier.voters.has(sid))
    .map(({ sid }) => sid)
    .sort((a, b) => a - b);
  const hasQuorum = verifier.containsQuorum(running);
  const { sets, hasMore } = losingSetsOf(running, verifier);
  return {
    running,
    hasQuorum,
    mayStop: running.filter((sid) => verifier.containsQuorum(running.filter((other) => other !== sid))),
    spareAny: hasQuorum && sets.length > 0 ? Math.min(...sets.map(({ length }) => length)) - 1 : null,
    losingSets: sets,
    hasMoreSets: hasMore,
    leader: leaderOf(
      members.filter(({ sid }) => running.includes(sid)),
      verifier,
    ),
  };
}

/** By size, so that what is told first is the least that must happen. */
function losingSetsOf(
  running: readonly Sid[],
  verifier: QuorumVerifier,
): { readonly sets: readonly (readonly Sid[])[]; readonly hasMore: boolean } {
  if (!verifier.containsQuorum(running)) return { sets: [], hasMore: false };
  const sets: (readonly Sid[])[] = [];
  const masks: number[] = [];
  const bySize = running.length <= VOTERS_MAX ? masksBySize(running.length) : [];
  for (const mask of bySize) {
    // What holds a smaller set that loses the quorum says nothing new.
    if (masks.some((smaller) => (smaller & mask) === smaller)) continue;
    if (verifier.containsQuorum(running.filter((_, index) => (mask & (1 << index)) === 0))) continue;
    if (sets.length === SETS_MAX) return { sets, hasMore: true };
    masks.push(mask);
    sets.push(running.filter((_, index) => (mask & (1 << index)) !== 0));
  }
  return { sets, hasMore: running.length > VOTERS_MAX };
}

function masksBySize(count: number): number[] {
  const bits = (mask: number): number => mask.toString(2).replaceAll('0', '').length;
  return Array.from({ length: 2 ** count - 1 }, (_, index) => index + 1)
    .map((mask) => ({ mask, size: bits(mask) }))
    .sort((a, b) => a.size - b.size || a.mask - b.mask)
    .map(({ mask }) => mask);
}

function leaderOf(running: readonly QuorumMember[], verifier: QuorumVerifier): NextLeader {
  if (!verifier.containsQuorum(running.map(({ sid }) => sid))) return { kind: 'no-quorum' };
  const present = running.find(({ isLeader }) => isLeader);
  if (present) return { kind: 'stays', sid: present.sid };
  const able = running.filter(({ sid }) => verifier.weightOf(sid) > 0);
  if (able.length === 0) return { kind: 'nobody-may-lead' };
  const silent = able.filter(({ peerEpoch, zxid }) => peerEpoch === null || zxid === null);
  // One that is alone wins whatever it has.
  if (silent.length > 0 && able.length > 1) return { kind: 'hidden', silent: silent.map(({ sid }) => sid) };
  const [best, second] = able.toSorted((x, y) => compareMembers(y, x));
  if (best === undefined) return { kind: 'nobody-may-lead' };
  if (second === undefined) return { kind: 'elected', sid: best.sid, over: null, by: null };
  return { kind: 'elected', sid: best.sid, over: second.sid, by: decidedBy(best, second) };
}

function decidedBy(best: QuorumMember, second: QuorumMember): LeadBy {
  if (best.peerEpoch !== second.peerEpoch) return 'peerEpoch';
  return best.zxid === second.zxid ? 'sid' : 'zxid';
}

/** As votes compare: negative, 0 or positive. Who does not tell comes last. */
function compareMembers(x: QuorumMember, y: QuorumMember): number {
  const epochs = (x.peerEpoch ?? -1) - (y.peerEpoch ?? -1);
  if (epochs !== 0) return epochs;
  const [xZxid, yZxid] = [x.zxid ?? -1n, y.zxid ?? -1n];
  if (xZxid !== yZxid) return xZxid < yZxid ? -1 : 1;
  return x.sid - y.sid;
}

/**
 * What a quorum is (ZooKeeper's QuorumMaj and QuorumHierarchical; PROTOCOL.md 4.6): any two quorums share a server, which
 * is what Zab stands on. Observers are never asked; callers may pass any sids, those that do not vote do not count.
 */
import type { Sid } from './ids.ts';

export interface QuorumVerifier {
  /** Everybody who votes. */
  readonly voters: ReadonlySet<Sid>;
  containsQuorum(sids: Iterable<Sid>): boolean;
  /** 0 of a server that may vote but never lead, and of one that does not vote. */
  weightOf(sid: Sid): number;
}

/** More than half of all voters. */
export class MajorityVerifier implements QuorumVerifier {
  readonly voters: ReadonlySet<Sid>;

  constructor(voters: Iterable<Sid>) {
    this.voters = new Set(voters);
  }

  containsQuorum(sids: Iterable<Sid>): boolean {
    let count = 0;
    for (const sid of new Set(sids)) if (this.voters.has(sid)) count++;
    return count > Math.floor(this.voters.size / 2);
  }

  weightOf(sid: Sid): number {
    return this.voters.has(sid) ? 1 : 0;
  }
}

/** More than half of all groups, each by more than half of its weight. Groups without any weight do not count. */
export class HierarchicalVerifier implements QuorumVerifier {
  readonly voters: ReadonlySet<Sid>;
  readonly #groupOf: ReadonlyMap<Sid, number>;
  readonly #weights: ReadonlyMap<Sid, number>;
  /** Of the groups that count. */
  readonly #groupWeights = new Map<number, number>();

  /** `weights` may leave servers out: they have weight 1. A voter without a group has no say. */
  constructor({
    voters,
    groupOf,
    weights,
  }: {
    voters: Iterable<Sid>;
    groupOf: ReadonlyMap<Sid, number>;
    weights: ReadonlyMap<Sid, number>;
  }) {
    this.voters = new Set(voters);
    this.#groupOf = groupOf;
    this.#weights = weights;
    for (const [group, weight] of this.#sum(this.voters)) {
      if (weight > 0) this.#groupWeights.set(group, weight);
    }
  }

  #sum(sids: Iterable<Sid>): Map<number, number> {
    const sums = new Map<number, number>();
    for (const sid of new Set(sids)) {
      const group = this.#groupOf.get(sid);
      if (group !== undefined) sums.set(group, (sums.get(group) ?? 0) + this.weightOf(sid));
    }
    return sums;
  }

  containsQuorum(sids: Iterable<Sid>): boolean {
    let majorities = 0;
    for (const [group, weight] of this.#sum(sids)) {
      const total = this.#groupWeights.get(group);
      if (total !== undefined && weight > Math.floor(total / 2)) majorities++;
    }
    return majorities > Math.floor(this.#groupWeights.size / 2);
  }

  weightOf(sid: Sid): number {
    return this.voters.has(sid) ? (this.#weights.get(sid) ?? 1) : 0;
  }
}

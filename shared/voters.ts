/**
 * How many voters an ensemble can still lose, from what the leader tells: `quorum_size` is the number of voters, `synced_followers`
 * counts the leader's followers including those that have no vote, without the leader itself. The margin assumes majority
 * quorums: weights and groups of zoo.cfg are not visible in any four-letter word. Pure.
 */
import type { ServerDto } from './api/cluster.ts';

export interface Voters {
  readonly synced: number;
  readonly total: number;
  /** How many of the synced voters may be lost until no majority is left. */
  readonly spare: number;
}

/** Null when the leader does not tell it, or tells what cannot be. */
export function votersOf(leader: Pick<ServerDto, 'quorumSize' | 'syncedFollowers' | 'mntr'>): Voters | null {
  const { quorumSize: total, syncedFollowers, mntr } = leader;
  if (total === null || total < 1 || syncedFollowers === null) return null;
  const withoutVote = Number(mntr?.['zk_synced_non_voting_followers'] ?? 0);
  const synced = 1 + syncedFollowers - (Number.isFinite(withoutVote) ? withoutVote : 0);
  if (synced < 1 || synced > total) return null;
  const majority = Math.floor(total / 2) + 1;
  return { synced, total, spare: Math.max(0, synced - majority) };
}

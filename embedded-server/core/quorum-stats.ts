/** Counters of a server of an ensemble (ZooKeeper's ServerMetrics), as `mntr` shows them. */
import { PercentileSummary, Summary } from './summary.ts';

export class QuorumStats {
  /** How often this server began to look for a leader. */
  lookings = 0;
  // Of a leader.
  commits = 0;
  diffs = 0;
  snapshots = 0;
  revalidations = 0;
  // Of a learner.
  proposalsReceived = 0;
  commitsReceived = 0;
  readonly electionMs = new Summary();
  /** From the end of serving, or the start of the server, until it served. */
  readonly unavailableMs = new Summary();
  readonly leaderUnavailableMs = new Summary();
  readonly followerSyncMs = new Summary();
  readonly observerSyncMs = new Summary();
  // Since the leader made the transaction, by its clock: until a quorum had it; until it came here, was acknowledged from
  // here, and until its commit came.
  readonly quorumAckMs = new PercentileSummary();
  readonly proposalMs = new PercentileSummary();
  readonly ackCreationMs = new PercentileSummary();
  readonly commitPropagationMs = new PercentileSummary();

  /** What `srst` resets. */
  reset(): void {
    Object.assign(this, new QuorumStats());
  }
}

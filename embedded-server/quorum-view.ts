/** What the admin surface is told of a server's part in its ensemble. */
import type { Sid } from '../shared/ids.ts';
import type { LearnerView, QuorumView } from './admin/admin-view.ts';
import type { ServerConfig } from './core/config.ts';
import type { LinkId } from './core/quorum-effects.ts';
import type { QuorumServer } from './core/quorum-server.ts';

/** Bytes of the proposals that this server made. */
export class ProposalSizes {
  count = 0;
  last = -1;
  min = -1;
  max = -1;

  add(bytes: number): void {
    this.count++;
    this.last = bytes;
    this.min = this.min === -1 ? bytes : Math.min(this.min, bytes);
    this.max = Math.max(this.max, bytes);
  }
}

export function describeQuorum({
  server,
  sid,
  config,
  proposalSizes,
  linkFacts,
}: {
  readonly server: QuorumServer;
  readonly sid: Sid;
  readonly config: ServerConfig;
  readonly proposalSizes: ProposalSizes;
  readonly linkFacts: (linkId: LinkId) => Pick<LearnerView, 'address' | 'unsentBytes'>;
}): QuorumView {
  const { ensemble } = server;
  const {
    peerState,
    zabState,
    isServing,
    isReadOnly,
    leader,
    leaderFacts,
    learners,
    quorumStats: stats,
  } = server;
  return {
    sid,
    peerState,
    zabState,
    isServing,
    isReadOnly,
    leader,
    stats,
    leaderFacts,
    learners: learners.map((learner) => ({ ...learner, ...linkFacts(learner.linkId) })),
    proposals: proposalSizes,
    ensemble,
    initLimitTicks: config.initLimitTicks,
    syncLimitTicks: config.syncLimitTicks,
  };
}

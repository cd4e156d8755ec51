/** What the admin surface is told of a server's part in its ensemble. */
import type { Sid } from '../shared/ids.ts';
import type { QuorumView } from './admin/admin-view.ts';
import type { ServerConfig } from './core/config.ts';
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
}: {
  readonly server: QuorumServer;
  readonly sid: Sid;
  readonly config: ServerConfig;
  readonly proposalSizes: ProposalSizes;
}): QuorumView {
  const { ensemble } = server;
  const own = ensemble.servers.get(sid);
  const { peerState, zabState, isServing, leader, learners } = server;
  return {
    sid,
    peerState,
    zabState,
    isServing,
    leader,
    learners,
    proposals: proposalSizes,
    quorumSize: ensemble.verifier.voters.size,
    initLimitTicks: config.initLimitTicks,
    syncLimitTicks: config.syncLimitTicks,
    electionPort: own?.addresses[0]?.electionPort ?? 0,
    quorumPort: own?.addresses[0]?.quorumPort ?? 0,
    role: own?.role ?? 'participant',
    configText: ensemble.text,
  };
}

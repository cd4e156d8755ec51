/**
 * The answer that the Cluster view begins with, from one sample. Pure, and claims only what the sample proves: that a quorum
 * exists follows from a leader, follower or observer that serves (a server that lost its quorum stops serving, or serves reads
 * only); how many voters are in sync only the leader knows (shared/voters.ts).
 */
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { type Voters, votersOf } from '../../../shared/voters.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';

export type ClusterVerdict =
  | { readonly kind: 'nobody-answers' }
  | { readonly kind: 'standalone'; readonly server: string }
  /** Several servers that each run alone: they are not one ensemble. */
  | { readonly kind: 'separate-standalones'; readonly count: number }
  /** `voters` is null where the leader's `mntr` is not told. */
  | { readonly kind: 'led'; readonly leader: string; readonly voters: Voters | null }
  /** Followers or observers serve, so somebody leads, but no server that was asked says that it does. */
  | { readonly kind: 'leader-unseen' }
  /** Two say so for a moment while one steps down; the later epoch is the true one where epochs differ. */
  | { readonly kind: 'several-leaders'; readonly leaders: readonly string[]; readonly latest: string | null }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'not-serving' };

export interface ClusterAnswer {
  readonly verdict: ClusterVerdict;
  readonly answering: number;
  readonly asked: number;
  /** Servers that run alone although others form an ensemble: the connection names what does not belong together. */
  readonly apart: number;
}

export type Health = 'ok' | 'warning' | 'failed';

export function judgeCluster(servers: readonly ServerDto[]): ClusterAnswer {
  const answering = servers.filter((server) => server.failure === null);
  const alone = answering.filter(({ isServing, role }) => isServing && role === 'standalone').length;
  const verdict = verdictOf(answering);
  const isEnsemble = verdict.kind !== 'standalone' && verdict.kind !== 'separate-standalones';
  return {
    verdict,
    answering: answering.length,
    asked: servers.length,
    apart: isEnsemble ? alone : 0,
  };
}

function verdictOf(answering: readonly ServerDto[]): ClusterVerdict {
  if (answering.length === 0) return { kind: 'nobody-answers' };
  const serving = answering.filter((server) => server.isServing);
  const leaders = serving.filter((server) => server.role === 'leader');
  const [leader, secondLeader] = leaders;
  if (leader && secondLeader) {
    return {
      kind: 'several-leaders',
      leaders: leaders.map((each) => each.server),
      latest: latestOf(leaders),
    };
  }
  if (leader) return { kind: 'led', leader: leader.server, voters: votersOf(leader) };
  if (serving.some((server) => server.role === 'follower' || server.role === 'observer')) {
    return { kind: 'leader-unseen' };
  }
  const [standalone, another] = serving.filter((server) => server.role === 'standalone');
  if (standalone && another) {
    return {
      kind: 'separate-standalones',
      count: serving.filter((server) => server.role === 'standalone').length,
    };
  }
  if (standalone) return { kind: 'standalone', server: standalone.server };
  return serving.some((server) => server.role === 'read-only')
    ? { kind: 'read-only' }
    : { kind: 'not-serving' };
}

function latestOf(leaders: readonly ServerDto[]): string | null {
  const known = leaders.flatMap(({ server, zxid }) =>
    zxid === null ? [] : [{ server, epoch: zxidEpoch(zxidFromHex(zxid)) }],
  );
  if (known.length < leaders.length) return null;
  const epochMax = Math.max(...known.map(({ epoch }) => epoch));
  const latest = known.filter(({ epoch }) => epoch === epochMax);
  return latest.length === 1 ? (latest[0]?.server ?? null) : null;
}

/** Green is for a statement, amber for what somebody should look at, red for a cluster that does not serve. */
export function healthOf({ verdict, answering, asked, apart }: ClusterAnswer): Health {
  const isWhole = answering === asked && apart === 0;
  switch (verdict.kind) {
    case 'nobody-answers':
    case 'not-serving':
      return 'failed';
    case 'read-only':
    case 'several-leaders':
    case 'separate-standalones':
      return 'warning';
    case 'leader-unseen':
    case 'standalone':
      return isWhole ? 'ok' : 'warning';
    case 'led': {
      const isShort = verdict.voters !== null && verdict.voters.synced < verdict.voters.total;
      return isWhole && !isShort ? 'ok' : 'warning';
    }
  }
}

/**
 * The four-letter word `mntr`: every metric of Apache's that this server truly measures, under Apache's names and in its
 * order. What it does not measure is left out rather than shown as 0.
 */
import { readFileSync, readdirSync } from 'node:fs';

import { Summary } from '../core/server-stats.ts';
import type { AdminView, QuorumView, StorageView } from './admin-view.ts';
import { countByOrigin } from './client-commands.ts';
import { formatDouble, modeOf } from './format.ts';
import { JavaDouble } from './jackson-json.ts';

type Metric = readonly [key: string, value: string | number | JavaDouble];
/** Undefined where this machine does not tell. */
type PossibleMetric = readonly [key: string, value: Metric[1] | undefined];

export function describeMetrics(view: AdminView): string {
  return metricsOf(view)
    .map(([key, value]) => `zk_${key}\t${value.toString()}\n`)
    .join('');
}

/** Without the `zk_` of `mntr`. */
export function metricsOf(view: AdminView): readonly Metric[] {
  const { server, quorum, version, now } = view;
  const { stats, database } = server;
  const { latencyMs } = stats;
  const { local, remote } = countByOrigin(view);
  const metrics: readonly PossibleMetric[] = [
    ['version', version],
    ['server_state', modeOf(quorum)],
    ...(quorum ? quorumMetrics(quorum, now.elapsedMs) : []),
    ['ephemerals_count', database.tree.ephemeralCount],
    ['num_alive_connections', server.connections.size],
    ['avg_latency', new JavaDouble(formatDouble(latencyMs.average))],
    ['outstanding_requests', server.outstanding],
    ['znode_count', database.tree.nodeCount],
    ['global_sessions', database.sessionTimeoutsMs.size],
    ['non_mtls_remote_conn_count', remote],
    ['last_client_response_size', stats.responseBytesLast],
    ['packets_sent', stats.packetsSent],
    ['packets_received', stats.packetsReceived],
    ['max_client_response_size', stats.responseBytesMax],
    ['connection_drop_probability', new JavaDouble('0.0')],
    ['watch_count', server.watches.size],
    ['auth_failed_count', stats.authFailed],
    ['min_latency', latencyMs.min],
    ['max_file_descriptor_count', maxFileDescriptors()],
    ['approximate_data_size', database.tree.approximateDataBytes],
    ['open_file_descriptor_count', openFileDescriptors()],
    ['local_sessions', 0],
    ['uptime', now.elapsedMs - server.startedAt.elapsedMs],
    ['max_latency', latencyMs.max],
    ['outstanding_tls_handshake', 0],
    ['min_client_response_size', stats.responseBytesMin],
    ['non_mtls_local_conn_count', local],
    ['connection_rejected', view.rejectedConnections],
    ['sessionless_connections_expired', stats.sessionlessConnectionsExpired],
    ['connection_drop_count', stats.connectionDrops],
    ['digest_mismatches_count', stats.digestMismatches],
    ['bytes_received_count', stats.bytesReceived],
    ['connection_request_count', stats.connectionRequests],
    ['connection_revalidate_count', stats.connectionRevalidations],
    ['stale_sessions_expired', stats.staleSessionsExpired],
    ...(view.storage ? diskMetrics(view.storage) : []),
    ...summary('updatelatency', stats.updateLatencyMs),
    ...summary('readlatency', stats.readLatencyMs),
  ];
  return metrics.filter((metric): metric is Metric => metric[1] !== undefined);
}

/** Of any server of an ensemble, and what only a leader or an observer has. */
function quorumMetrics(quorum: QuorumView, nowMs: number): readonly Metric[] {
  const { learners, leaderFacts, proposals, peerState, zabState } = quorum;
  const synced = learners.filter(({ isSynced }) => isSynced);
  const metrics: Metric[] = [
    ['peer_state', `${peerState.toLowerCase()} - ${zabState.toLowerCase()}`],
    ['quorum_size', quorum.ensemble.verifier.voters.size],
  ];
  if (peerState === 'OBSERVING') metrics.push(['observer_master_id', quorum.leader]);
  if (peerState !== 'LEADING') return metrics;
  return [
    ...metrics,
    ['learners', learners.length],
    ['synced_followers', synced.filter(({ isVoter }) => isVoter).length],
    [
      'synced_non_voting_followers',
      synced.filter((learner) => !learner.isVoter && !learner.isObserver).length,
    ],
    ['synced_observers', synced.filter(({ isObserver }) => isObserver).length],
    ['pending_syncs', leaderFacts?.pendingSyncs ?? 0],
    ['leader_uptime', leaderFacts?.establishedMs === undefined ? 0 : nowMs - leaderFacts.establishedMs],
    ['last_proposal_size', proposals.last],
    ['min_proposal_size', proposals.min],
    ['max_proposal_size', proposals.max],
    ['proposal_count', proposals.count],
  ];
}

function diskMetrics(storage: StorageView): readonly Metric[] {
  return [
    ...summary('startup_txns_load_time', once(storage.replayMs)),
    ...summary('fsynctime', storage.fsyncMs),
    ...summary('snapshottime', storage.snapshotMs),
    ...summary('startup_txns_loaded', once(storage.replayedCount)),
    ...summary('startup_snap_load_time', once(storage.snapshotLoadMs)),
  ];
}

/** What happens once in the life of a server, or never. */
function once(value: number | undefined): Summary {
  const series = new Summary();
  if (value !== undefined) series.add(value);
  return series;
}

function summary(name: string, { average, min, max, count, sum }: Summary): readonly Metric[] {
  return [
    [`avg_${name}`, new JavaDouble(formatDouble(average))],
    [`min_${name}`, min],
    [`max_${name}`, max],
    [`cnt_${name}`, count],
    [`sum_${name}`, sum],
  ];
}

/** Undefined where there is no /proc. */
function openFileDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

function maxFileDescriptors(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

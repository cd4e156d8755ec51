/**
 * The four-letter word `mntr`: every metric of Apache's that this server truly measures, under Apache's names and in its
 * order. What it does not measure is left out rather than shown as 0.
 */
import { readFileSync, readdirSync } from 'node:fs';

import { type PercentileSummary, Summary } from '../core/summary.ts';
import type { AdminView, QuorumView } from './admin-view.ts';
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
    ...counters(view),
    ...summaries(view),
  ];
  return metrics.filter((metric): metric is Metric => metric[1] !== undefined);
}

/** What is counted from the start of the server, or since it was reset. */
function counters({ server: { stats }, quorum, rejectedConnections }: AdminView): readonly PossibleMetric[] {
  const member = quorum?.stats;
  return [
    ['proposal_count', quorum?.proposals.count],
    ['watch_bytes', stats.watchBytes],
    ['connection_rejected', rejectedConnections],
    ['cnxn_closed_without_zk_server_running', member && stats.leaderlessConnections],
    ['sessionless_connections_expired', stats.sessionlessConnectionsExpired],
    ['looking_count', member?.lookings],
    ['connection_drop_count', stats.connectionDrops],
    ['learner_proposal_received_count', member?.proposalsReceived],
    ['digest_mismatches_count', stats.digestMismatches],
    ['bytes_received_count', stats.bytesReceived],
    ['learner_commit_received_count', member?.commitsReceived],
    ['connection_request_count', stats.connectionRequests],
    ['response_bytes', stats.responseBytes],
    ['diff_count', member?.diffs],
    ['connection_revalidate_count', stats.connectionRevalidations],
    ['snap_count', member?.snapshots],
    ['commit_count', member?.commits],
    ['stale_sessions_expired', stats.staleSessionsExpired],
    ['revalidate_count', member?.revalidations],
  ];
}

/** Series are undefined where a server is no member of an ensemble, or has no disk. */
function summaries({ server, quorum, storage }: AdminView): readonly Metric[] {
  const { stats, watches } = server;
  const member = quorum?.stats;
  return [
    ...summary('leader_unavailable_time', member?.leaderUnavailableMs),
    ...summary('node_created_watch_count', watches.fired.created),
    ...summary('node_deleted_watch_count', watches.fired.deleted),
    ...summary('startup_txns_load_time', storage && once(storage.replayMs)),
    ...summary('follower_sync_time', member?.followerSyncMs),
    ...summary('fsynctime', storage?.fsyncMs),
    ...summary('snapshottime', storage?.snapshotMs),
    ...summary('unavailable_time', member?.unavailableMs),
    ...summary('startup_txns_loaded', storage && once(storage.replayedCount)),
    ...summary('election_time', member?.electionMs),
    ...summary('sync_processor_batch_size', storage?.batchSizes),
    ...summary('node_children_watch_count', watches.fired.children),
    ...summary('observer_sync_time', member?.observerSyncMs),
    ...summary('node_changed_watch_count', watches.fired.changed),
    ...summary('startup_snap_load_time', storage && once(storage.snapshotLoadMs)),
    ...percentiles('updatelatency', stats.updateLatencyMs),
    ...percentiles('readlatency', stats.readLatencyMs),
    ...percentiles('quorum_ack_latency', member?.quorumAckMs),
    ...percentiles('commit_propagation_latency', member?.commitPropagationMs),
    ...percentiles('proposal_ack_creation_latency', member?.ackCreationMs),
    ...percentiles('proposal_latency', member?.proposalMs),
    ...percentiles('propagation_latency', stats.propagationMs),
  ];
}

/**
 * Starts to count anew, as `srst` and `stat_reset` ask for (ServerMetrics.resetAll): what was counted, not what there is.
 */
export function resetMetrics({ server, quorum, storage }: AdminView): void {
  server.stats.reset();
  quorum?.stats.reset();
  for (const series of Object.values(server.watches.fired)) series.reset();
  for (const series of [storage?.fsyncMs, storage?.batchSizes, storage?.snapshotMs]) series?.reset();
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
  ];
}

/** What happens once in the life of a server, or never. */
function once(value: number | undefined): Summary {
  const series = new Summary();
  if (value !== undefined) series.add(value);
  return series;
}

function summary(name: string, series: Summary | undefined): readonly Metric[] {
  if (!series) return [];
  const { average, min, max, count, sum } = series;
  return [
    [`avg_${name}`, new JavaDouble(formatDouble(average))],
    [`min_${name}`, min],
    [`max_${name}`, max],
    [`cnt_${name}`, count],
    [`sum_${name}`, sum],
  ];
}

function percentiles(name: string, series: PercentileSummary | undefined): readonly Metric[] {
  if (!series) return [];
  return [
    ...summary(name, series),
    [`p50_${name}`, series.percentile(0.5)],
    [`p95_${name}`, series.percentile(0.95)],
    [`p99_${name}`, series.percentile(0.99)],
    [`p999_${name}`, series.percentile(0.999)],
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

/**
 * The four-letter word `mntr`: every metric of Apache's that this server truly measures, under Apache's names and in its
 * order. What it does not measure is left out rather than shown as 0.
 */
import { readFileSync, readdirSync } from 'node:fs';

import { Summary } from '../core/server-stats.ts';
import type { AdminView, QuorumView, StorageView } from './admin-view.ts';
import { formatDouble, modeOf } from './format.ts';

export function describeMetrics(view: AdminView): string {
  const { server, quorum, version, now } = view;
  const { stats, database } = server;
  const { latencyMs } = stats;
  const addresses = [...server.connections.all()].map((connection) => connection.remoteAddress);
  const local = addresses.filter(isLoopback).length;
  const metrics: (readonly [string, string | number | undefined])[] = [
    ['version', version],
    ['server_state', modeOf(quorum)],
    ...(quorum ? quorumMetrics(quorum) : []),
    ['ephemerals_count', database.tree.ephemeralCount],
    ['num_alive_connections', server.connections.size],
    ['avg_latency', formatDouble(latencyMs.average)],
    ['outstanding_requests', server.outstanding],
    ['znode_count', database.tree.nodeCount],
    ['global_sessions', database.sessionTimeoutsMs.size],
    ['non_mtls_remote_conn_count', addresses.length - local],
    ['last_client_response_size', stats.responseBytesLast],
    ['packets_sent', stats.packetsSent],
    ['packets_received', stats.packetsReceived],
    ['max_client_response_size', stats.responseBytesMax],
    ['connection_drop_probability', '0.0'],
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
  return metrics
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `zk_${key}\t${value ?? ''}\n`)
    .join('');
}

/** Of any server of an ensemble, and what only a leader or an observer has. */
function quorumMetrics(quorum: QuorumView): (readonly [string, string | number])[] {
  const { learners, proposals, peerState, zabState } = quorum;
  const synced = learners.filter(({ isSynced }) => isSynced);
  const metrics: (readonly [string, string | number])[] = [
    ['peer_state', `${peerState.toLowerCase()} - ${zabState.toLowerCase()}`],
    ['quorum_size', quorum.quorumSize],
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
    ['last_proposal_size', proposals.last],
    ['min_proposal_size', proposals.min],
    ['max_proposal_size', proposals.max],
    ['proposal_count', proposals.count],
  ];
}

function diskMetrics(storage: StorageView): (readonly [string, string | number])[] {
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

function summary(
  name: string,
  { average, min, max, count, sum }: Summary,
): (readonly [string, string | number])[] {
  return [
    [`avg_${name}`, formatDouble(average)],
    [`min_${name}`, min],
    [`max_${name}`, max],
    [`cnt_${name}`, count],
    [`sum_${name}`, sum],
  ];
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Undefined where there is no /proc. */
function openFileDescriptors(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

function maxFileDescriptors(): string | undefined {
  try {
    return /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

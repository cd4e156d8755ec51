/** Commands of the AdminServer about connections, sessions and watches. */
import { type SessionId, SESSION_NONE } from '../../shared/ids.ts';
import type { Connection } from '../core/connection.ts';
import type { AdminView } from './admin-view.ts';
import type { JsonObject } from './jackson-json.ts';
import { lastOperationOf } from './last-operation.ts';

export function connections({ server }: AdminView): JsonObject {
  return { connections: [...server.connections.all()].map(describe), secure_connections: [] };
}

/** As `stat` has them: without what concerns the session. */
export function briefConnections({ server }: AdminView): JsonObject {
  return { connections: [...server.connections.all()].map(describeBriefly), secure_connections: [] };
}

function describeBriefly({ remoteAddress, remotePort, isPaused, queue, stats }: Connection): JsonObject {
  return {
    remote_socket_address: `${remoteAddress}:${remotePort}`,
    interest_ops: isPaused ? 0 : 1,
    outstanding_requests: queue.length,
    packets_received: stats.packetsReceived,
    packets_sent: stats.packetsSent,
  };
}

function describe(connection: Connection): JsonObject {
  const { stats, session } = connection;
  const brief = describeBriefly(connection);
  if (!session) return brief;
  return {
    ...brief,
    session_id: session.sessionId,
    last_operation: lastOperationOf(connection),
    established: connection.establishedWallMs,
    session_timeout: connection.sessionTimeoutMs,
    last_cxid: stats.lastXid,
    last_zxid: stats.lastZxid,
    last_response_time: stats.lastResponseMs,
    last_latency: stats.lastLatencyMs,
    min_latency: stats.responses === 0 ? 0 : stats.latencyMsMin,
    avg_latency: stats.responses === 0 ? 0 : Math.floor(stats.latencyMsTotal / stats.responses),
    max_latency: stats.latencyMsMax,
  };
}

export function resetConnectionStats({ server }: AdminView): JsonObject {
  for (const connection of server.connections.all()) connection.stats.reset();
  return {};
}

/** Connections of this machine and of others; none of them is encrypted. */
export function countByOrigin({ server }: AdminView): { readonly local: number; readonly remote: number } {
  let local = 0;
  for (const { remoteAddress } of server.connections.all()) if (isLoopback(remoteAddress)) local++;
  return { local, remote: server.connections.size - local };
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** A learner does not know when sessions expire. */
export function dump({ server }: AdminView): JsonObject {
  const buckets = (server.sessions?.buckets() ?? []).map(
    ({ expiresMs, members }) => [String(expiresMs), [...members].map(({ sessionId }) => sessionId)] as const,
  );
  const owners = [...server.database.tree.ephemeralOwners].map(
    ([sessionId, paths]) => [String(sessionId), [...paths]] as const,
  );
  return {
    expiry_time_to_session_ids: Object.fromEntries(buckets),
    session_id_to_ephemeral_paths: Object.fromEntries(owners),
  };
}

/** Compat: of data watches only, as the following two. */
export function watchSummary({ server: { watches: tables } }: AdminView): JsonObject {
  const { data } = tables;
  return { num_connections: data.watcherCount, num_paths: data.pathCount, num_total_watches: data.size };
}

export function watches({ server }: AdminView): JsonObject {
  const entries = [...server.watches.data.entriesByWatcher()].map(
    ([connection, paths]) => [String(sessionOf(connection)), [...paths]] as const,
  );
  return { session_id_to_watched_paths: Object.fromEntries(entries) };
}

export function watchesByPath({ server }: AdminView): JsonObject {
  const entries = [...server.watches.data.entriesByPath()].map(
    ([path, watchers]) => [path, [...watchers].map(sessionOf)] as const,
  );
  return { path_to_session_ids: Object.fromEntries(entries) };
}

function sessionOf({ session }: Connection): SessionId {
  return session?.sessionId ?? SESSION_NONE;
}

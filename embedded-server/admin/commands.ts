/**
 * The commands of the AdminServer (ZooKeeper's Commands; PROTOCOL.md 3.2): their names, and what they answer, with Apache's
 * keys in Apache's order. Those about the ensemble are in quorum-commands.ts, those about clients in client-commands.ts.
 */
import type { AdminView, StorageView } from './admin-view.ts';
import * as clients from './client-commands.ts';
import { environmentFacts, systemProperties } from './environment.ts';
import { formatDouble, modeOf } from './format.ts';
import { JavaDouble, type JsonObject } from './jackson-json.ts';
import { metricsOf, resetMetrics } from './mntr.ts';
import * as quorum from './quorum-commands.ts';

interface Command {
  /** The first is what an answer calls itself. */
  readonly names: readonly [string, ...string[]];
  /** Also by a server without a leader. */
  readonly isAnsweredAlways?: true;
  readonly answer: (view: AdminView, query: URLSearchParams) => JsonObject;
}

const COMMANDS: readonly Command[] = [
  { names: ['configuration', 'conf', 'config'], answer: configuration },
  { names: ['connection_stat_reset', 'crst'], answer: clients.resetConnectionStats },
  { names: ['connections', 'cons'], answer: clients.connections },
  { names: ['dirs'], answer: directories },
  { names: ['dump'], answer: clients.dump },
  {
    names: ['environment', 'env', 'envi'],
    isAnsweredAlways: true,
    answer: (view) => Object.fromEntries(environmentFacts(view)),
  },
  {
    names: ['get_trace_mask', 'gtmk'],
    isAnsweredAlways: true,
    answer: ({ traceMask }) => ({ tracemask: traceMask.value }),
  },
  { names: ['hash'], answer: digests },
  {
    names: ['initial_configuration', 'icfg'],
    answer: ({ server }) => ({ initial_configuration: server.config.givenText }),
  },
  { names: ['is_read_only', 'isro'], answer: (view) => ({ read_only: view.quorum?.isReadOnly === true }) },
  { names: ['last_snapshot', 'lsnp'], answer: lastSnapshot },
  { names: ['leader', 'lead'], answer: quorum.leader },
  { names: ['monitor', 'mntr'], answer: (view) => Object.fromEntries(metricsOf(view)) },
  { names: ['observer_connection_stat_reset', 'orst'], answer: quorum.resetObserverStats },
  { names: ['observers', 'obsr'], answer: quorum.observers },
  { names: ['ruok'], answer: () => ({}) },
  { names: ['server_stats', 'srvr'], answer: serverStats },
  { names: ['set_trace_mask', 'stmk'], isAnsweredAlways: true, answer: setTraceMask },
  { names: ['stat_reset', 'srst'], answer: resetStats },
  {
    names: ['stats', 'stat'],
    answer: (view) => ({ ...serverStats(view), ...clients.briefConnections(view) }),
  },
  {
    names: ['system_properties', 'sysp'],
    isAnsweredAlways: true,
    answer: ({ server }) => systemProperties(server.config),
  },
  { names: ['voting_view'], answer: quorum.votingView },
  { names: ['watch_summary', 'wchs'], answer: clients.watchSummary },
  { names: ['watches', 'wchc'], answer: clients.watches },
  { names: ['watches_by_path', 'wchp'], answer: clients.watchesByPath },
  { names: ['zabstate'], isAnsweredAlways: true, answer: quorum.zabState },
];

const BY_NAME: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((command) => command.names.map((name) => [name, command] as const)),
);

export const COMMAND_NAMES: readonly string[] = COMMANDS.map(({ names: [name] }) => name);

/** Compat: what went wrong is told in `error`, never by the status. */
export function answerCommand(name: string, query: URLSearchParams, view: AdminView): JsonObject {
  const command = BY_NAME.get(name);
  if (!command) return { command: name, error: `Unknown command: ${name}` };
  const [primary] = command.names;
  if (view.quorum?.isServing === false && command.isAnsweredAlways !== true) {
    return { command: primary, error: 'This ZooKeeper instance is not currently serving requests' };
  }
  const answer = command.answer(view, query);
  return 'error' in answer ? { ...answer, command: primary } : { ...answer, command: primary, error: null };
}

function configuration({ server: { config }, quorum: member, clientPort, storage }: AdminView): JsonObject {
  return {
    client_port: clientPort,
    data_dir: storage?.dataFolder ?? '',
    data_log_dir: storage?.logFolder ?? '',
    tick_time: config.tickTimeMs,
    max_client_cnxns: config.maxClientCnxns,
    min_session_timeout: config.minSessionTimeoutMs,
    max_session_timeout: config.maxSessionTimeoutMs,
    server_id: member?.sid ?? 0,
    client_port_listen_backlog: config.clientPortListenBacklog,
  };
}

function directories({ storage }: AdminView): JsonObject {
  return { datadir_size: storage?.dataBytes ?? 0, logdir_size: storage?.logBytes ?? 0 };
}

function digests({ server: { database } }: AdminView): JsonObject {
  return {
    digests: database.digests.map(({ zxid, digest, version }) => ({ zxid, digest, digestVersion: version })),
  };
}

/** Compat: -1 where there is none. */
function lastSnapshot({ storage }: AdminView): JsonObject {
  const snapshot = storage?.lastSnapshot;
  return {
    zxid: BigInt.asUintN(64, snapshot?.zxid ?? -1n).toString(16),
    timestamp: snapshot ? Math.floor(snapshot.wallMs / 1000) : -1,
  };
}

function setTraceMask({ traceMask }: AdminView, query: URLSearchParams): JsonObject {
  const text = query.get('traceMask');
  const problem = 'setTraceMask requires long traceMask argument';
  if (text === null) return { error: problem };
  if (!/^-?\d{1,19}$/.test(text)) return { error: `${problem}, got ${text}` };
  traceMask.value = BigInt.asIntN(64, BigInt(text));
  return { tracemask: traceMask.value };
}

function resetStats(view: AdminView): JsonObject {
  resetMetrics(view);
  return {};
}

interface BufferSizes {
  readonly last: number;
  readonly min: number;
  readonly max: number;
}

function bufferStats({ last, min, max }: BufferSizes): JsonObject {
  return { last_buffer_size: last, min_buffer_size: min, max_buffer_size: max };
}

function serverStats(view: AdminView): JsonObject {
  const { server, quorum: member, version } = view;
  const { stats } = server;
  const responses = bufferStats({
    last: stats.responseBytesLast,
    min: stats.responseBytesMin,
    max: stats.responseBytesMax,
  });
  return {
    version,
    read_only: false,
    server_stats: statsOfServer(view, responses),
    client_response: responses,
    ...(member?.peerState === 'LEADING' && { proposal_stats: bufferStats(member.proposals) }),
    node_count: server.database.tree.nodeCount,
  };
}

function statsOfServer(view: AdminView, responses: JsonObject): JsonObject {
  const { server, now, storage } = view;
  const { stats, database } = server;
  const { local, remote } = clients.countByOrigin(view);
  return {
    packets_sent: stats.packetsSent,
    packets_received: stats.packetsReceived,
    fsync_threshold_exceed_count: storage?.slowFsyncs ?? 0,
    client_response_stats: responses,
    data_dir_size: sizeOf(storage, 'dataBytes'),
    log_dir_size: sizeOf(storage, 'logBytes'),
    provider_null: false,
    server_state: modeOf(view.quorum),
    last_processed_zxid: database.lastProcessedZxid,
    outstanding_requests: server.outstanding,
    avg_latency: new JavaDouble(formatDouble(stats.latencyMs.average)),
    max_latency: stats.latencyMs.max,
    min_latency: stats.latencyMs.min,
    num_alive_client_connections: server.connections.size,
    uptime: now.elapsedMs - server.startedAt.elapsedMs,
    auth_failed_count: stats.authFailed,
    non_mtlsremote_conn_count: remote,
    non_mtlslocal_conn_count: local,
  };
}

function sizeOf(storage: StorageView | undefined, which: 'dataBytes' | 'logBytes'): number {
  return storage?.[which] ?? 0;
}

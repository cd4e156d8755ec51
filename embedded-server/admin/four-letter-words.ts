/**
 * The four-letter words of ZooKeeper 3.8: which exist, which may be asked, and what they answer, line by line as Apache
 * does (PROTOCOL.md 3.1). `mntr` and `dump` have files of their own.
 */
import { sessionIdToHex } from '../../shared/ids.ts';
import { zxidToHex } from '../../shared/zxid.ts';
import type { Connection } from '../core/connection.ts';
import type { AdminView, QuorumView } from './admin-view.ts';
import { describeDump } from './dump.ts';
import { describeEnvironment } from './environment.ts';
import { formatDouble, modeOf } from './format.ts';
import { lastOperationOf } from './last-operation.ts';
import { describeMetrics, resetMetrics } from './mntr.ts';

const ANSWERS: Readonly<Record<string, (view: AdminView, argument: Uint8Array) => string>> = {
  conf: describeConfig,
  cons: (view) => `${connectionLines(view, true)}\n`,
  crst: resetConnections,
  dirs: ({ storage }) => `datadir_size: ${storage?.dataBytes ?? 0}\nlogdir_size: ${storage?.logBytes ?? 0}\n`,
  dump: describeDump,
  envi: describeEnvironment,
  gtmk: ({ traceMask }) => String(traceMask.value),
  hash: describeDigests,
  isro: ({ quorum }) => (quorum?.isReadOnly === true ? 'ro' : 'rw'),
  mntr: describeMetrics,
  ruok: () => 'imok',
  srst: resetServer,
  srvr: (view) => describeServer(view, ''),
  stmk: setTraceMask,
  stat: (view) => describeServer(view, `Clients:\n${connectionLines(view, false)}\n`),
  wchc: watchesByConnection,
  wchp: watchesByPath,
  wchs: summarizeWatches,
};

/** By a server without a leader, too. */
const ANSWERED_ALWAYS: ReadonlySet<string> = new Set(['envi', 'gtmk', 'ruok', 'stmk']);
const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests';
const TRACE_MASK_BYTES = 8;
const NO_ARGUMENT = new Uint8Array(0);

/** Whether these four bytes begin no session. */
export function isFourLetterWord(word: string): boolean {
  return Object.hasOwn(ANSWERS, word);
}

/** How many bytes follow the word. */
export function argumentBytesOf(word: string): number {
  return word === 'stmk' ? TRACE_MASK_BYTES : 0;
}

/**
 * Demands a word that {@link isFourLetterWord}, and {@link argumentBytesOf} it; one that the whitelist lacks is answered with
 * saying so.
 */
export function answerFourLetterWord(
  word: string,
  view: AdminView,
  argument: Uint8Array = NO_ARGUMENT,
): string {
  const allowed = view.server.config.fourLetterWords;
  // Compat: srvr is always allowed, since tools ask it whether a server is up.
  if (word !== 'srvr' && !allowed.includes('*') && !allowed.includes(word)) {
    return `${word} is not executed because it is not in the whitelist.\n`;
  }
  if (view.quorum?.isServing === false && !ANSWERED_ALWAYS.has(word)) return refusalOf(word);
  return ANSWERS[word]?.(view, argument) ?? '';
}

/** Of a server without a leader. Compat: each word says so in its own way. */
function refusalOf(word: string): string {
  if (word === 'isro') return 'null';
  return word === 'hash' ? NOT_SERVING : `${NOT_SERVING}\n`;
}

function describeDigests({ server: { database } }: AdminView): string {
  return database.digests.map(({ zxid, digest }) => `${zxid.toString(16)}: ${digest}\n`).join('');
}

function setTraceMask({ traceMask }: AdminView, argument: Uint8Array): string {
  traceMask.value = new DataView(argument.buffer, argument.byteOffset).getBigInt64(0);
  return String(traceMask.value);
}

function describeServer({ server, quorum, version }: AdminView, clients: string): string {
  const { stats, database } = server;
  const { latencyMs } = stats;
  return (
    `Zookeeper version: ${version}\n${clients}` +
    `Latency min/avg/max: ${latencyMs.min}/${formatDouble(latencyMs.average)}/${latencyMs.max}\n` +
    `Received: ${stats.packetsReceived}\n` +
    `Sent: ${stats.packetsSent}\n` +
    `Connections: ${server.connections.size}\n` +
    `Outstanding: ${server.outstanding}\n` +
    `Zxid: ${zxidToHex(database.lastProcessedZxid)}\n` +
    `Mode: ${modeOf(quorum)}\n` +
    `Node count: ${database.tree.nodeCount}\n` +
    (quorum?.peerState === 'LEADING' ? proposalSizesLine(quorum) : '')
  );
}

function proposalSizesLine({ proposals: { last, min, max } }: QuorumView): string {
  return `Proposal sizes last/min/max: ${last}/${min}/${max}\n`;
}

/** A server that keeps everything in memory has no folders to name. */
function describeConfig({ server, quorum, clientPort, storage }: AdminView): string {
  const { config } = server;
  return (
    `clientPort=${clientPort}\nsecureClientPort=-1\n` +
    `dataDir=${storage?.dataFolder ?? ''}\ndataDirSize=${storage?.dataBytes ?? 0}\n` +
    `dataLogDir=${storage?.logFolder ?? ''}\ndataLogSize=${storage?.logBytes ?? 0}\n` +
    `tickTime=${config.tickTimeMs}\n` +
    `maxClientCnxns=${config.maxClientCnxns}\n` +
    `minSessionTimeout=${config.minSessionTimeoutMs}\n` +
    `maxSessionTimeout=${config.maxSessionTimeoutMs}\n` +
    `clientPortListenBacklog=${config.clientPortListenBacklog}\n` +
    `serverId=${quorum?.sid ?? 0}\n` +
    (quorum ? describeMembership(quorum) : '')
  );
}

/** Compat: nothing ends the last line. */
function describeMembership(quorum: QuorumView): string {
  const own = quorum.ensemble.servers.get(quorum.sid);
  const [address] = own?.addresses ?? [];
  return (
    `initLimit=${quorum.initLimitTicks}\nsyncLimit=${quorum.syncLimitTicks}\nelectionAlg=3\n` +
    `electionPort=${address?.electionPort ?? 0}\nquorumPort=${address?.quorumPort ?? 0}\n` +
    `peerType=${own?.role === 'observer' ? 1 : 0}\nmembership: \n${quorum.ensemble.text}`
  );
}

function connectionLines({ server }: AdminView, isFull: boolean): string {
  let lines = '';
  for (const connection of server.connections.all()) lines += connectionLine(connection, isFull);
  return lines;
}

function connectionLine(connection: Connection, isFull: boolean): string {
  const { stats, session } = connection;
  // Whether the socket is being read: a connection that asks a four-letter word no longer is.
  const interestOps = connection.isCommand || connection.isPaused ? 0 : 1;
  const head =
    ` /${connection.remoteAddress}:${connection.remotePort}[${interestOps}]` +
    `(queued=${connection.queue.length},recved=${stats.packetsReceived},sent=${stats.packetsSent}`;
  if (!isFull || !session) return `${head})\n`;
  const average = stats.responses === 0 ? 0 : Math.floor(stats.latencyMsTotal / stats.responses);
  const min = stats.responses === 0 ? 0 : stats.latencyMsMin;
  return (
    `${head},sid=${sessionIdToHex(session.sessionId)},lop=${lastOperationOf(connection)}` +
    `,est=${connection.establishedWallMs},to=${connection.sessionTimeoutMs}` +
    (stats.lastXid >= 0 ? `,lcxid=0x${stats.lastXid.toString(16)}` : '') +
    `,lzxid=0x${BigInt.asUintN(64, stats.lastZxid).toString(16)}` +
    `,lresp=${stats.lastResponseMs},llat=${stats.lastLatencyMs}` +
    `,minlat=${min},avglat=${average},maxlat=${stats.latencyMsMax})\n`
  );
}

function resetConnections({ server }: AdminView): string {
  for (const connection of server.connections.all()) connection.stats.reset();
  return 'Connection stats reset.\n';
}

function resetServer(view: AdminView): string {
  resetMetrics(view);
  return 'Server stats reset.\n';
}

/** Compat: the words about watches know of data watches only, as Apache's do. */
function summarizeWatches({ server }: AdminView): string {
  const { data } = server.watches;
  return `${data.watcherCount} connections watching ${data.pathCount} paths\nTotal watches:${data.size}\n`;
}

function watchesByConnection({ server }: AdminView): string {
  let lines = '';
  for (const [connection, paths] of server.watches.data.entriesByWatcher()) {
    lines += `${sessionText(connection)}\n`;
    for (const path of paths) lines += `\t${path}\n`;
  }
  return `${lines}\n`;
}

function watchesByPath({ server }: AdminView): string {
  let lines = '';
  for (const [path, connections] of server.watches.data.entriesByPath()) {
    lines += `${path}\n`;
    for (const connection of connections) lines += `\t${sessionText(connection)}\n`;
  }
  return `${lines}\n`;
}

function sessionText(connection: Connection): string {
  return connection.session ? sessionIdToHex(connection.session.sessionId) : '0x0';
}

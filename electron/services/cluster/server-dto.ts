/** Joins what one server said in several words into one row of the Cluster view. Pure. */
import type { Hidden } from '../../../shared/api/common.ts';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { toFailure } from '../failures.ts';
import type { Answer } from './answer.ts';
import type { Conf } from './four-letter-words/conf.ts';
import type { ConsConnection } from './four-letter-words/cons.ts';
import { parseNumber } from './four-letter-words/lines.ts';
import { type Mntr, metric } from './four-letter-words/mntr.ts';
import type { Srvr } from './four-letter-words/srvr.ts';
import type { Wchs } from './four-letter-words/wchs.ts';

export interface ServerIdentity {
  readonly server: string;
  /** From /zookeeper/config, where it names this address. */
  readonly configuredSid: number | undefined;
  readonly adminUrl: string | null;
}

export interface ServerAnswers extends ServerIdentity {
  readonly srvr: Answer<Srvr>;
  readonly mntr: Answer<Mntr>;
  readonly conf: Answer<Conf>;
  readonly cons: Answer<readonly ConsConnection[]>;
  readonly wchs: Answer<Wchs>;
  readonly clockAheadMs: number | null;
  readonly hidden: readonly Hidden[];
}

/** What polls measure changes more often in `mntr` than in `srvr`, which is asked less. */
export function toServerDto(answers: ServerAnswers): ServerDto {
  const srvr = valueOf(answers.srvr);
  const mntr = valueOf(answers.mntr);
  const conf = valueOf(answers.conf);
  const cons = valueOf(answers.cons);
  const wchs = valueOf(answers.wchs);
  const count = (name: string): number | null => metric(mntr, name) ?? null;
  return {
    server: answers.server,
    sid: sidOf(conf?.sid, answers.configuredSid),
    role: mntr?.role ?? srvr?.role ?? null,
    failure: answers.srvr.status === 'failed' ? toFailure(answers.srvr.error) : null,
    isServing: answers.srvr.status === 'ok',
    version: srvr?.version ?? null,
    zxid: srvr?.zxid ?? null,
    zxidAtMs: answers.srvr.status === 'ok' ? answers.srvr.atMs : null,
    latencyMs: latencyOf(mntr) ?? srvr?.latencyMs ?? null,
    outstanding: count('outstanding_requests') ?? srvr?.outstanding ?? null,
    connections: count('num_alive_connections') ?? srvr?.connections ?? null,
    received: count('packets_received') ?? srvr?.received ?? null,
    sent: count('packets_sent') ?? srvr?.sent ?? null,
    nodeCount: count('znode_count') ?? srvr?.nodeCount ?? null,
    watchCount: count('watch_count') ?? wchs?.watches ?? null,
    ephemeralCount: count('ephemerals_count'),
    dataSizeBytes: count('approximate_data_size'),
    uptimeMs: count('uptime'),
    openFiles: count('open_file_descriptor_count'),
    maxFiles: count('max_file_descriptor_count'),
    syncedFollowers: count('synced_followers'),
    quorumSize: count('quorum_size'),
    lag: null,
    watchPaths: wchs?.paths ?? null,
    connectionsPerClientMax: parseNumber(conf?.values.get('maxClientCnxns')) ?? null,
    busiestClient: cons === undefined ? null : busiestOf(cons),
    longestQueue: cons === undefined ? null : longestQueueOf(cons),
    clockAheadMs: answers.clockAheadMs,
    adminUrl: answers.adminUrl,
    moment: {},
    mntr: mntr === undefined ? null : { ...mntr.values },
    mntrAtMs: answers.mntr.status === 'ok' ? answers.mntr.atMs : null,
    conf: conf === undefined ? null : Object.fromEntries(conf.values),
    hidden: [...answers.hidden],
    answeredInMs: answers.srvr.status === 'ok' ? answers.srvr.tookMs : null,
  };
}

/** Of a server that could not be asked. */
export function withoutAnswers(
  identity: ServerIdentity,
  failed: Extract<Answer<never>, { status: 'failed' }>,
): ServerDto {
  const [srvr, mntr, conf, cons, wchs] = [failed, failed, failed, failed, failed];
  return toServerDto({ ...identity, srvr, mntr, conf, cons, wchs, clockAheadMs: null, hidden: [] });
}

/** A standalone server calls itself 0, which is no id. */
function sidOf(own: number | undefined, configured: number | undefined): number | null {
  const sid = own ?? configured;
  return sid === undefined || sid === 0 ? null : sid;
}

function latencyOf(mntr: Mntr | undefined): ServerDto['latencyMs'] {
  const [min, avg, max] = ['min', 'avg', 'max'].map((name) => metric(mntr, `${name}_latency`));
  return min === undefined || avg === undefined || max === undefined ? null : { min, avg, max };
}

/** By address, since that is what a server limits. Null when nobody is connected. */
function busiestOf(connections: readonly ConsConnection[]): ServerDto['busiestClient'] {
  const counts = new Map<string, number>();
  for (const { address } of connections) {
    const host = address.slice(0, address.lastIndexOf(':'));
    counts.set(host, (counts.get(host) ?? 0) + 1);
  }
  const [busiest] = [...counts].sort(([, a], [, b]) => b - a);
  return busiest === undefined ? null : { address: busiest[0], connections: busiest[1] };
}

function longestQueueOf(connections: readonly ConsConnection[]): ServerDto['longestQueue'] {
  const [longest] = connections.toSorted((a, b) => (b.queued ?? 0) - (a.queued ?? 0));
  if (longest?.queued === undefined) return null;
  const { address, queued, session } = longest;
  return {
    address,
    sessionId: session?.sessionId ?? null,
    queued,
    lastOperation: session?.lastOperation ?? null,
  };
}

function valueOf<T>(answer: Answer<T>): T | undefined {
  return answer.status === 'ok' ? answer.value : undefined;
}

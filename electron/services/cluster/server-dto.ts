/** Joins what one server said in several words into one row of the Cluster view. Pure. */
import type { Hidden } from '../../../shared/api/common.ts';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { toFailure } from '../failures.ts';
import type { Conf } from './four-letter-words/conf.ts';
import { type Mntr, metric } from './four-letter-words/mntr.ts';
import type { Srvr } from './four-letter-words/srvr.ts';
import type { Wchs } from './four-letter-words/wchs.ts';
import type { Answer } from './answer.ts';

export interface ServerAnswers {
  readonly server: string;
  readonly srvr: Answer<Srvr>;
  readonly mntr: Answer<Mntr>;
  readonly conf: Answer<Conf>;
  /** Asked only where `mntr`, which says as much, is hidden. */
  readonly wchs: Answer<Wchs> | undefined;
  /** From /zookeeper/config, where it names this address. */
  readonly configuredSid: number | undefined;
  readonly hidden: readonly Hidden[];
}

export function toServerDto(answers: ServerAnswers): ServerDto {
  const srvr = valueOf(answers.srvr);
  const mntr = valueOf(answers.mntr);
  const count = (name: string): number | null => metric(mntr, name) ?? null;
  return {
    server: answers.server,
    sid: sidOf(answers),
    role: srvr?.role ?? mntr?.role ?? null,
    failure: answers.srvr.status === 'failed' ? toFailure(answers.srvr.error) : null,
    isServing: answers.srvr.status === 'ok',
    version: srvr?.version ?? null,
    zxid: srvr?.zxid ?? null,
    latencyMs: srvr?.latencyMs ?? null,
    outstanding: srvr?.outstanding ?? count('outstanding_requests'),
    connections: srvr?.connections ?? count('num_alive_connections'),
    received: srvr?.received ?? count('packets_received'),
    sent: srvr?.sent ?? count('packets_sent'),
    nodeCount: srvr?.nodeCount ?? count('znode_count'),
    watchCount: count('watch_count') ?? valueOf(answers.wchs)?.watches ?? null,
    ephemeralCount: count('ephemerals_count'),
    dataSizeBytes: count('approximate_data_size'),
    uptimeMs: count('uptime'),
    openFiles: count('open_file_descriptor_count'),
    maxFiles: count('max_file_descriptor_count'),
    syncedFollowers: count('synced_followers'),
    quorumSize: count('quorum_size'),
    mntr: mntr === undefined ? null : { ...mntr.values },
    hidden: [...answers.hidden],
    answeredInMs: answers.srvr.status === 'ok' ? answers.srvr.tookMs : null,
  };
}

/** A standalone server calls itself 0, which is no id. */
function sidOf({ conf, configuredSid }: ServerAnswers): number | null {
  const sid = valueOf(conf)?.sid ?? configuredSid;
  return sid === undefined || sid === 0 ? null : sid;
}

function valueOf<T>(answer: Answer<T> | undefined): T | undefined {
  return answer?.status === 'ok' ? answer.value : undefined;
}

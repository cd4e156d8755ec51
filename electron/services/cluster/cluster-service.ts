/** The servers of an ensemble as they describe themselves, asked side by side. Works without a session. */
import type { ClusterSample, ServerDto } from '../../../shared/api/cluster.ts';
import type { Hidden } from '../../../shared/api/common.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { EnsembleServers } from './ensemble-servers.ts';
import { hiddenBy } from './hidden.ts';
import type { ConfiguredServer } from './server-addresses.ts';
import { toServerDto } from './server-dto.ts';
import type { Answer } from './answer.ts';
import type { ServerQuestions } from './server-questions.ts';

/** Where a server is polled, these ages cost it nothing: they are longer than the poll's turns. */
const SRVR = { maxAgeMs: 7_000 };
const MNTR = { maxAgeMs: 3_000 };
/** How many watches there are changes slowly, and only `wchs` knows on how many paths. */
const WCHS = { maxAgeMs: 30_000 };

export class ClusterService {
  readonly #servers: EnsembleServers;
  readonly #questions: ServerQuestions;

  constructor({ servers, questions }: { servers: EnsembleServers; questions: ServerQuestions }) {
    this.#servers = servers;
    this.#questions = questions;
  }

  async sample(connectionId: string): Promise<ClusterSample> {
    const { servers, configured } = await this.#servers.of(connectionId);
    const rows = await Promise.all(servers.map((server) => this.#askServer(server, configured)));
    return { servers: oneRowPerServer(rows), atMs: Date.now() };
  }

  async #askServer(host: HostPort, configured: readonly ConfiguredServer[]): Promise<ServerDto> {
    const server = formatHostPort(host);
    const configuredSid = configured.find(({ client }) => formatHostPort(client) === server)?.sid;
    const srvr = await this.#questions.srvr(host, SRVR);
    if (srvr.status === 'failed') {
      // It would only be asked in vain, and waited for, again.
      const [mntr, conf] = [srvr, srvr];
      return toServerDto({ server, srvr, mntr, conf, wchs: undefined, configuredSid, hidden: [] });
    }
    const [mntr, conf] = await Promise.all([this.#questions.mntr(host, MNTR), this.#questions.conf(host)]);
    const wchs = mntr.status === 'notWhitelisted' ? await this.#questions.wchs(host, WCHS) : undefined;
    const allowedWords = this.#questions.allowedWords(host);
    const hidden = (word: string, answer: Answer<unknown>): Hidden[] => {
      const found = hiddenBy(answer, { server, word, allowedWords });
      return found === undefined ? [] : [found];
    };
    // `conf` only names the server, which its configuration does as well.
    const isStandalone = srvr.status === 'ok' && srvr.value.role === 'standalone';
    const isSidHidden = !isStandalone && configuredSid === undefined && conf.status === 'notWhitelisted';
    return toServerDto({
      server,
      srvr,
      mntr,
      conf,
      wchs,
      configuredSid,
      hidden: [
        ...hidden('srvr', srvr),
        ...hidden('mntr', mntr),
        ...(isSidHidden ? hidden('conf', conf) : []),
      ],
    });
  }
}

/** One server under two names (its host name in the connect string, its address in the configuration) is one row. */
export function oneRowPerServer(rows: readonly ServerDto[]): ServerDto[] {
  const seen = new Set<number>();
  return rows.filter(({ sid }) => {
    if (sid === null) return true;
    const isNew = !seen.has(sid);
    seen.add(sid);
    return isNew;
  });
}

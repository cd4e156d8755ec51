/** The servers of an ensemble as they describe themselves, asked side by side. Works without a session. */
import type { ServerDto } from '../../../shared/api/cluster.ts';
import type { Hidden } from '../../../shared/api/common.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { AdminAnswer, AdminAnswers } from './admin-answers.ts';
import type { Answer } from './answer.ts';
import type { EnsembleServers } from './ensemble-servers.ts';
import type { Mntr } from './four-letter-words/mntr.ts';
import { hiddenBy } from './hidden.ts';
import type { ConfiguredServer } from './server-addresses.ts';
import { toServerDto, withoutAnswers } from './server-dto.ts';
import type { ServerQuestions } from './server-questions.ts';

/** Where a server is polled, these ages cost it nothing: they are longer than the poll's turns. */
const SRVR = { maxAgeMs: 7_000 };
const MNTR = { maxAgeMs: 3_000 };
const CONS = { maxAgeMs: 8_000 };
/** How many watches there are changes slowly, and only `wchs` knows on how many paths. */
const WCHS = { maxAgeMs: 30_000 };

/** Where the AdminServer of a server is, as far as that is known. */
export type FindAdminUrl = (connectionId: string, server: HostPort) => string | undefined;

export class ClusterService {
  readonly #servers: EnsembleServers;
  readonly #questions: ServerQuestions;
  readonly #admin: AdminAnswers;
  readonly #findAdminUrl: FindAdminUrl;

  constructor(options: {
    servers: EnsembleServers;
    questions: ServerQuestions;
    admin: AdminAnswers;
    findAdminUrl: FindAdminUrl;
  }) {
    this.#servers = options.servers;
    this.#questions = options.questions;
    this.#admin = options.admin;
    this.#findAdminUrl = options.findAdminUrl;
  }

  /** Throws ShellError CONNECTION_UNKNOWN. */
  async ask(connectionId: string): Promise<ServerDto[]> {
    const { servers, configured } = await this.#servers.of(connectionId);
    const rows = await Promise.all(
      servers.map((server) => this.#askServer(server, configured, this.#findAdminUrl(connectionId, server))),
    );
    return oneRowPerServer(rows);
  }

  async #askServer(
    host: HostPort,
    configured: readonly ConfiguredServer[],
    adminUrl: string | undefined,
  ): Promise<ServerDto> {
    const server = formatHostPort(host);
    const identity = {
      server,
      configuredSid: configured.find(({ client }) => formatHostPort(client) === server)?.sid,
      adminUrl: adminUrl ?? null,
    };
    const srvr = await this.#questions.srvr(host, SRVR);
    // Another question would only be asked in vain, and waited for.
    if (srvr.status === 'failed') return withoutAnswers(identity, srvr);
    const [word, conf, cons, wchs, admin] = await Promise.all([
      this.#questions.mntr(host, MNTR),
      this.#questions.conf(host),
      this.#questions.cons(host, CONS),
      this.#questions.wchs(host, WCHS),
      adminUrl === undefined ? undefined : this.#admin.of(adminUrl),
    ]);
    const mntr = mntrOf(word, admin);
    const allowedWords = this.#questions.allowedWords(host);
    const hidden = Object.entries({ srvr, mntr, conf, cons, wchs }).flatMap(([asked, answer]): Hidden[] => {
      const found = hiddenBy(answer, { server, word: asked, allowedWords });
      return found === undefined ? [] : [found];
    });
    const clockAheadMs = admin?.clockAheadMs ?? null;
    return toServerDto({ ...identity, srvr, mntr, conf, cons, wchs, clockAheadMs, hidden });
  }
}

/** The AdminServer tells the same, and asks for no whitelist. */
function mntrOf(word: Answer<Mntr>, admin: AdminAnswer | undefined): Answer<Mntr> {
  if (word.status !== 'notWhitelisted' || admin?.mntr === undefined) return word;
  return { status: 'ok', value: admin.mntr, tookMs: admin.tookMs, atMs: admin.atMs };
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

/** Every session of an ensemble, as `cons` and `dump` of its servers tell. Works without a session of our own. */
import type { SessionList } from '../../../shared/api/cluster.ts';
import type { Hidden } from '../../../shared/api/common.ts';
import { type HostPort, formatHostPort, parseConnectString } from '../../client/connect-string.ts';
import type { EnsembleServers } from '../cluster/ensemble-servers.ts';
import { hiddenBy } from '../cluster/hidden.ts';
import type { Answer } from '../cluster/answer.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { connectStringOf } from '../connections/open-connection.ts';
import { type ServerSessions, joinSessions } from './join-sessions.ts';

interface AskedServer extends ServerSessions {
  readonly hidden: readonly Hidden[];
}

export class SessionsService {
  readonly #connections: ConnectionsService;
  readonly #servers: EnsembleServers;
  readonly #questions: ServerQuestions;

  constructor(options: {
    connections: ConnectionsService;
    servers: EnsembleServers;
    questions: ServerQuestions;
  }) {
    this.#connections = options.connections;
    this.#servers = options.servers;
    this.#questions = options.questions;
  }

  async list(connectionId: string): Promise<SessionList> {
    const { servers } = await this.#servers.of(connectionId);
    const asked = await Promise.all(servers.map((server) => this.#askServer(server)));
    const { chroot } = parseConnectString(connectStringOf(this.#connections.profile(connectionId).draft));
    const ownSessionId = this.#connections.find(connectionId)?.sessionId;
    return {
      sessions: joinSessions(asked, { ownSessionId, chroot }),
      hidden: asked.flatMap(({ hidden }) => [...hidden]),
      servers: asked.map(({ server }) => server),
      atMs: Date.now(),
    };
  }

  async #askServer(host: HostPort): Promise<AskedServer> {
    const server = formatHostPort(host);
    const [srvr, cons, dump] = await Promise.all([
      this.#questions.srvr(host),
      this.#questions.cons(host),
      this.#questions.dump(host),
    ]);
    const allowedWords = this.#questions.allowedWords(host);
    const hidden = (word: string, answer: Answer<unknown>): Hidden[] => {
      const found = hiddenBy(answer, { server, word, allowedWords });
      return found === undefined ? [] : [found];
    };
    return {
      server,
      role: srvr.status === 'ok' ? srvr.value.role : undefined,
      cons: cons.status === 'ok' ? cons.value : undefined,
      dump: dump.status === 'ok' ? dump.value : undefined,
      hidden: [...hidden('cons', cons), ...hidden('dump', dump)],
    };
  }
}

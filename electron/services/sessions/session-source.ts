/**
 * Asks the servers of an ensemble who is connected to them (`cons`) and which sessions there are (`dump`). Only a leader or a
 * standalone server knows when sessions end, and it knows all of them; so the others are asked for `dump` only when none of
 * those answers. Answers that the poll of a server has heard lately will do (server-polls.ts).
 */
import type { Hidden, ServerRole } from '../../../shared/api/common.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { Answer } from '../cluster/answer.ts';
import type { ConsConnection } from '../cluster/four-letter-words/cons.ts';
import { hiddenBy } from '../cluster/hidden.ts';
import type { ServerQuestions, WordAnswer } from '../cluster/server-questions.ts';
import type { ServerSessions } from './join-sessions.ts';
import { ResponseClock } from './response-clock.ts';

export interface AskedServer extends ServerSessions {
  readonly hidden: readonly Hidden[];
}

/** The poll of an open connection asks each of them at least so often. */
const POLLED_AGE_MS = 3_000;
const ROLE_AGE_MS = 5_000;

interface Connections {
  readonly host: HostPort;
  readonly role: ServerRole | undefined;
  readonly cons: WordAnswer<'cons'>;
}

export class SessionSource {
  readonly #questions: ServerQuestions;
  readonly #clocks = new Map<string, ResponseClock>();

  constructor(questions: ServerQuestions) {
    this.#questions = questions;
  }

  async ask(hosts: readonly HostPort[]): Promise<AskedServer[]> {
    const connections = await Promise.all(hosts.map((host) => this.#askConnections(host)));
    const trackers = connections.filter(({ role }) => role === 'leader' || role === 'standalone');
    const dumps = await this.#askDumps(trackers.map(({ host }) => host));
    if (![...dumps.values()].some(({ status }) => status === 'ok')) {
      const others = connections.filter((each) => !trackers.includes(each)).map(({ host }) => host);
      for (const [server, dump] of await this.#askDumps(others)) dumps.set(server, dump);
    }
    return connections.map((each) => this.#toAsked(each, dumps.get(formatHostPort(each.host))));
  }

  async #askConnections(host: HostPort): Promise<Connections> {
    const [role, cons] = await Promise.all([
      this.#roleOf(host),
      this.#questions.cons(host, { maxAgeMs: POLLED_AGE_MS }),
    ]);
    return { host, role, cons };
  }

  async #roleOf(host: HostPort): Promise<ServerRole | undefined> {
    const mntr = await this.#questions.mntr(host, { maxAgeMs: ROLE_AGE_MS });
    if (mntr.status === 'ok' && mntr.value.role !== undefined) return mntr.value.role;
    if (mntr.status !== 'notWhitelisted' && mntr.status !== 'ok') return undefined;
    const srvr = await this.#questions.srvr(host, { maxAgeMs: ROLE_AGE_MS });
    return srvr.status === 'ok' ? srvr.value.role : undefined;
  }

  async #askDumps(hosts: readonly HostPort[]): Promise<Map<string, WordAnswer<'dump'>>> {
    const dumps = hosts.map(
      async (host) => [formatHostPort(host), await this.#questions.dump(host)] as const,
    );
    return new Map(await Promise.all(dumps));
  }

  #toAsked({ host, role, cons }: Connections, dump: WordAnswer<'dump'> | undefined): AskedServer {
    const server = formatHostPort(host);
    const allowedWords = this.#questions.allowedWords(host);
    const hidden = (word: string, answer: Answer<unknown>): Hidden[] => {
      const found = hiddenBy(answer, { server, word, allowedWords });
      return found === undefined ? [] : [found];
    };
    return {
      server,
      role,
      cons: cons.status === 'ok' ? cons.value : undefined,
      heardAtMs: cons.status === 'ok' ? this.#heardBy(server, cons) : undefined,
      dump: dump?.status === 'ok' ? dump.value : undefined,
      hidden: [...hidden('cons', cons), ...(dump === undefined ? [] : hidden('dump', dump))],
    };
  }

  #heardBy(
    server: string,
    { value, atMs }: Extract<WordAnswer<'cons'>, { status: 'ok' }>,
  ): (connection: ConsConnection) => number | undefined {
    let clock = this.#clocks.get(server);
    if (clock === undefined) this.#clocks.set(server, (clock = new ResponseClock()));
    const responses = value.flatMap(({ session }) => session?.lastResponseMs ?? []);
    clock.onPolled(responses, atMs);
    return ({ session }) =>
      session?.lastResponseMs === undefined ? undefined : clock.toWallMs(session.lastResponseMs);
  }
}

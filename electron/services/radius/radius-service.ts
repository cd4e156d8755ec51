/**
 * Who would be notified of a change that is not made yet. The sums of all watches are cheap (`mntr`, `wchs`); the list by path
 * is not, and is asked for only when a person wants it.
 */
import {
  type NodeChange,
  type NotificationRadius,
  WATCHERS_MAX,
  type WatchTotals,
  type Watcher,
} from '../../../shared/api/radius.ts';
import { withChroot, withoutChroot } from '../../../shared/path.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { LabelStore } from '../../stores/label-store.ts';
import type { EnsembleServers } from '../cluster/ensemble-servers.ts';
import { metric } from '../cluster/four-letter-words/mntr.ts';
import { hiddenBy } from '../cluster/hidden.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { askWatches } from '../sessions/ask-watches.ts';
import { labelOf } from '../sessions/join-sessions.ts';
import { type FiringWatch, firesChildWatches, firingWatches } from './notification-radius.ts';
import { type ServerSums, sumWatches } from './watch-sums.ts';

/** They say whether it is worth asking now. */
const SUM_AGE_MS = 2_000;

export interface RadiusOptions {
  readonly connections: ConnectionsService;
  readonly servers: EnsembleServers;
  readonly questions: ServerQuestions;
  readonly labels: LabelStore;
}

export class RadiusService {
  readonly #options: RadiusOptions;

  constructor(options: RadiusOptions) {
    this.#options = options;
  }

  async totals(connectionId: string): Promise<WatchTotals> {
    const { servers } = await this.#options.servers.of(connectionId);
    const sums = await Promise.all(servers.map((host) => this.#askSums(host)));
    return {
      ...sumWatches(sums),
      servers: servers.length,
      hidden: sums.flatMap(({ hidden }) => [...hidden]),
    };
  }

  async ask({
    connectionId,
    change,
    paths,
  }: {
    connectionId: string;
    change: NodeChange;
    paths: readonly string[];
  }): Promise<NotificationRadius> {
    const { chroot } = this.#options.connections.get(connectionId);
    const { servers } = await this.#options.servers.of(connectionId);
    const { lists, hidden } = await askWatches(this.#options.questions, servers, 'wchp');
    const all = firingWatches(
      lists,
      paths.map((path) => withChroot({ chroot, path })),
    );
    const own = this.#options.connections.ownSessionIds();
    const firing = all.filter(({ sessionId }) => !own.has(sessionId));
    const certainCount = firing.filter(({ certainty }) => certainty === 'certain').length;
    const addresses = await this.#addresses(servers);
    const labels = this.#options.labels.list(connectionId);
    const toWatcher = ({ sessionId, certainty, path }: FiringWatch): Watcher => {
      const address = addresses.get(sessionId) ?? null;
      return {
        sessionId,
        label: labelOf({ sessionId, address }, labels)?.text ?? null,
        address,
        certainty,
        // Above the chroot there are names that this connection has none for.
        path: withoutChroot({ chroot, path }) ?? path,
      };
    };
    return {
      watchers: firing.slice(0, WATCHERS_MAX).map(toWatcher),
      certainCount,
      possibleCount: firing.length - certainCount,
      isZabraNotified: firing.length < all.length,
      firesChildWatches: firesChildWatches(change),
      hidden,
      servers: servers.length,
      atMs: Date.now(),
    };
  }

  async #askSums(host: HostPort): Promise<ServerSums> {
    const [mntr, wchs] = await Promise.all([
      this.#options.questions.mntr(host, { maxAgeMs: SUM_AGE_MS }),
      this.#options.questions.wchs(host, { maxAgeMs: SUM_AGE_MS }),
    ]);
    const allowedWords = this.#options.questions.allowedWords(host);
    const hidden = hiddenBy(wchs, { server: formatHostPort(host), word: 'wchs', allowedWords });
    return {
      dataWatches: wchs.status === 'ok' ? wchs.value.watches : undefined,
      allWatches: mntr.status === 'ok' ? metric(mntr.value, 'watch_count') : undefined,
      hidden: hidden === undefined ? [] : [hidden],
    };
  }

  /** `ip:port` of each session that has a connection: as of now, since who watches may have come just before. */
  async #addresses(hosts: readonly HostPort[]): Promise<Map<string, string>> {
    const answers = await Promise.all(
      hosts.map((host) => this.#options.questions.cons(host, { maxAgeMs: 0 })),
    );
    const addresses = new Map<string, string>();
    for (const answer of answers) {
      if (answer.status !== 'ok') continue;
      for (const { address, session } of answer.value) {
        if (session !== undefined) addresses.set(session.sessionId, address);
      }
    }
    return addresses;
  }
}

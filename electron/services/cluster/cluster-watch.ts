/**
 * Watches the servers of every open connection, whether or not somebody looks: polls them (server-polls.ts) and samples what
 * they said every two seconds, which costs them nothing more.
 */
import type { ClusterSample } from '../../../shared/api/cluster.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { Log } from '../../log.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import type { ClusterService } from './cluster-service.ts';
import type { EnsembleServers } from './ensemble-servers.ts';
import type { ServerPolls } from './server-polls.ts';

const SAMPLE_MS = 2_000;

interface Watched {
  readonly timer: NodeJS.Timeout;
  /** By address: how to leave its poll. */
  readonly polled: Map<string, () => void>;
  latest: ClusterSample | undefined;
  isSampling: boolean;
}

export interface ClusterWatchOptions {
  readonly connections: ConnectionsService;
  readonly servers: EnsembleServers;
  readonly polls: ServerPolls;
  readonly cluster: ClusterService;
  readonly log: Log;
}

export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    options.connections.onPresence(({ connectionId, isOpen }) => {
      if (isOpen) this.#begin(connectionId);
      else this.#end(connectionId);
    });
  }

  /** The newest sample; of a connection that is not open, one that is taken now. Throws ShellError CONNECTION_UNKNOWN. */
  async sample(connectionId: string): Promise<ClusterSample> {
    return this.#watched.get(connectionId)?.latest ?? this.#options.cluster.sample(connectionId);
  }

  /** The text of /zookeeper/config. Throws ShellError CONNECTION_UNKNOWN. */
  async quorumConfig(connectionId: string): Promise<{ text: string | null }> {
    this.#options.connections.profile(connectionId);
    return { text: await this.#options.servers.configText(connectionId) };
  }

  #begin(connectionId: string): void {
    const watched: Watched = {
      timer: setInterval(() => void this.#sample(connectionId, watched), SAMPLE_MS).unref(),
      polled: new Map(),
      latest: undefined,
      isSampling: false,
    };
    this.#watched.set(connectionId, watched);
    void this.#sample(connectionId, watched);
  }

  #end(connectionId: string): void {
    const watched = this.#watched.get(connectionId);
    if (watched === undefined) return;
    this.#watched.delete(connectionId);
    clearInterval(watched.timer);
    for (const leave of watched.polled.values()) leave();
    watched.polled.clear();
  }

  async #sample(connectionId: string, watched: Watched): Promise<void> {
    if (watched.isSampling) return;
    watched.isSampling = true;
    const { servers, cluster, log } = this.#options;
    try {
      const known = await servers.of(connectionId);
      if (this.#isOver(connectionId, watched)) return;
      this.#follow(known.servers, watched);
      watched.latest = await cluster.sample(connectionId);
    } catch (error) {
      log.error({ err: error, connectionId }, 'sampling the servers failed');
    } finally {
      watched.isSampling = false;
    }
  }

  #isOver(connectionId: string, watched: Watched): boolean {
    return this.#watched.get(connectionId) !== watched;
  }

  /** A reconfiguration brings servers and takes others away. */
  #follow(servers: readonly HostPort[], { polled }: Watched): void {
    const addresses = new Set(servers.map(formatHostPort));
    for (const [address, leave] of polled) {
      if (addresses.has(address)) continue;
      polled.delete(address);
      leave();
    }
    for (const server of servers) {
      const address = formatHostPort(server);
      if (!polled.has(address))
        polled.set(
          address,
          this.#options.polls.follow(server, () => undefined),
        );
    }
  }
}

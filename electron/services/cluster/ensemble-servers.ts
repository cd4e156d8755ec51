/** The servers to ask about a connection: its connect string's and, when a session can read it, its configuration's. */
import { AppError } from '../../../shared/errors.ts';
import { type HostPort, parseConnectString } from '../../client/connect-string.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { connectStringOf } from '../connections/open-connection.ts';
import { type ConfiguredServer, mergeServers, parseEnsembleConfig } from './server-addresses.ts';

/** A reconfiguration is rare, and reading the configuration is a request to a server. */
const CONFIG_HOLDS_MS = 30_000;

interface KnownConfig {
  readonly text: string;
  readonly servers: readonly ConfiguredServer[];
  readonly holdsUntilMs: number;
}

export class EnsembleServers {
  readonly #connections: ConnectionsService;
  readonly #known = new Map<string, KnownConfig>();

  constructor(connections: ConnectionsService) {
    this.#connections = connections;
  }

  /** Works without a session. Throws ShellError CONNECTION_UNKNOWN. */
  async of(connectionId: string): Promise<{ servers: HostPort[]; configured: readonly ConfiguredServer[] }> {
    const { draft } = this.#connections.profile(connectionId);
    const configured = (await this.#config(connectionId))?.servers ?? [];
    return {
      servers: mergeServers(parseConnectString(connectStringOf(draft)).hosts, configured),
      configured,
    };
  }

  /** What /zookeeper/config holds; null where nobody could tell yet. */
  async configText(connectionId: string): Promise<string | null> {
    return (await this.#config(connectionId))?.text ?? null;
  }

  async #config(connectionId: string): Promise<KnownConfig | undefined> {
    const known = this.#known.get(connectionId);
    if (known !== undefined && performance.now() < known.holdsUntilMs) return known;
    const connection = this.#connections.find(connectionId);
    if (connection?.isConnected !== true) return known;
    try {
      const { data } = await connection.reader.getConfig();
      const text = new TextDecoder().decode(data ?? new Uint8Array());
      const config = {
        text,
        servers: parseEnsembleConfig(text),
        holdsUntilMs: performance.now() + CONFIG_HOLDS_MS,
      };
      this.#known.set(connectionId, config);
      return config;
    } catch (error) {
      // Forbidden, unknown to the server, or the connection is lost: the connect string still holds.
      if (error instanceof AppError) return known;
      throw error;
    }
  }
}

/** The servers to ask about a connection: its connect string's and, when a session can read it, its configuration's. */
import { AppError } from '../../../shared/errors.ts';
import { type HostPort, parseConnectString } from '../../client/connect-string.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { connectStringOf } from '../connections/open-connection.ts';
import { type ConfiguredServer, mergeServers, parseEnsembleConfig } from './server-addresses.ts';

/** A reconfiguration is rare, and reading the configuration is a request to a server. */
const CONFIG_HOLDS_MS = 30_000;

interface KnownConfig {
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
    const configured = await this.#configured(connectionId);
    return {
      servers: mergeServers(parseConnectString(connectStringOf(draft)).hosts, configured),
      configured,
    };
  }

  async #configured(connectionId: string): Promise<readonly ConfiguredServer[]> {
    const known = this.#known.get(connectionId);
    if (known !== undefined && performance.now() < known.holdsUntilMs) return known.servers;
    const connection = this.#connections.find(connectionId);
    if (connection?.isConnected !== true) return known?.servers ?? [];
    try {
      const { data } = await connection.reader.getConfig();
      const servers = parseEnsembleConfig(new TextDecoder().decode(data ?? new Uint8Array()));
      this.#known.set(connectionId, { servers, holdsUntilMs: performance.now() + CONFIG_HOLDS_MS });
      return servers;
    } catch (error) {
      // Forbidden, unknown to the server, or the connection is lost: the connect string still holds.
      if (error instanceof AppError) return known?.servers ?? [];
      throw error;
    }
  }
}

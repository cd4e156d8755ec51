/** Which servers an ensemble has: those of the connect string, and those that /zookeeper/config gives a client address. Pure. */
import { ConnectionError } from '../../../shared/errors.ts';
import { type HostPort, formatHostPort, parseConnectString } from '../../client/connect-string.ts';

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]', '*']);
// server.3=10.0.0.3:2888:3888:participant;10.0.0.3:2181; several quorum addresses are separated by |.
const SERVER_LINE = /^server\.(\d+)=(\[[^\]]+\]|[^:|;]+):[^;]*;(?:(.+):)?(\d+)\s*$/;

export interface ConfiguredServer {
  readonly sid: number;
  readonly client: HostPort;
}

/** The servers of a configuration (PROTOCOL.md 2.15) whose client address it tells. */
export function parseEnsembleConfig(text: string): ConfiguredServer[] {
  const servers: ConfiguredServer[] = [];
  for (const line of text.split('\n')) {
    const match = SERVER_LINE.exec(line);
    if (match === null) continue;
    const [, sid = '', quorumHost = '', clientHost, port = ''] = match;
    // A server that listens on all addresses is reached where the others reach it.
    const host = clientHost === undefined || WILDCARDS.has(clientHost) ? quorumHost : clientHost;
    const client = parseAddress(`${host}:${port}`);
    if (client !== undefined) servers.push({ sid: Number(sid), client });
  }
  return servers;
}

/** Those of the connect string first, each address once. */
export function mergeServers(
  connectString: readonly HostPort[],
  configured: readonly ConfiguredServer[],
): HostPort[] {
  const servers = new Map<string, HostPort>();
  for (const server of [...connectString, ...configured.map(({ client }) => client)]) {
    const key = formatHostPort(server);
    if (!servers.has(key)) servers.set(key, server);
  }
  return [...servers.values()];
}

function parseAddress(text: string): HostPort | undefined {
  try {
    return parseConnectString(text).hosts[0];
  } catch (error) {
    if (error instanceof ConnectionError) return undefined;
    throw error;
  }
}

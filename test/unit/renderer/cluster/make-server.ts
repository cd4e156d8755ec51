/** Servers for the tests of the cluster feature: they answer and tell nothing, but for what a test says. */
import type { ServerDto } from '../../../../shared/api/cluster.ts';

const UNKNOWN: Omit<ServerDto, 'server'> = {
  sid: null,
  role: null,
  failure: null,
  isServing: true,
  version: null,
  zxid: null,
  zxidAtMs: null,
  latencyMs: null,
  outstanding: null,
  connections: null,
  received: null,
  sent: null,
  nodeCount: null,
  watchCount: null,
  ephemeralCount: null,
  dataSizeBytes: null,
  uptimeMs: null,
  openFiles: null,
  maxFiles: null,
  syncedFollowers: null,
  quorumSize: null,
  lag: null,
  watchPaths: null,
  connectionsPerClientMax: null,
  busiestClient: null,
  longestQueue: null,
  clockAheadMs: null,
  adminUrl: null,
  moment: {},
  mntr: null,
  mntrAtMs: null,
  conf: null,
  hidden: [],
  answeredInMs: 1,
};

export function server(name: string, known: Partial<ServerDto> = {}): ServerDto {
  return { ...UNKNOWN, server: name, ...known };
}

export function unreachable(name: string): ServerDto {
  return server(name, {
    isServing: false,
    failure: { code: 'CONNECTION_REFUSED', message: 'refused', server: name, retryable: true },
  });
}

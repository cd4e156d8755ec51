/** The servers of a connected ensemble, as their four-letter words tell. */
import { z } from 'zod';
import { ConnectionId, Hex64, Hidden, ServerAddress, ServerRole, TimeMs, procedure } from './common.ts';
import { Failure } from './failure.ts';

/** One server. A field is null when the server does not tell it; `hidden` says why. */
export const ServerDto = z.object({
  server: ServerAddress,
  sid: z.int().nullable(),
  role: ServerRole.nullable(),
  /** Why it could not be asked at all. */
  failure: Failure.nullable(),
  /** Answers, but does not serve: it is looking for a leader. */
  isServing: z.boolean(),
  version: z.string().nullable(),
  zxid: Hex64.nullable(),
  latencyMs: z.object({ min: z.number(), avg: z.number(), max: z.number() }).nullable(),
  outstanding: z.number().nullable(),
  connections: z.number().nullable(),
  received: z.number().nullable(),
  sent: z.number().nullable(),
  nodeCount: z.number().nullable(),
  watchCount: z.number().nullable(),
  ephemeralCount: z.number().nullable(),
  dataSizeBytes: z.number().nullable(),
  uptimeMs: z.number().nullable(),
  openFiles: z.number().nullable(),
  maxFiles: z.number().nullable(),
  syncedFollowers: z.number().nullable(),
  quorumSize: z.number().nullable(),
  /** Everything that `mntr` said, unchanged. */
  mntr: z.record(z.string(), z.string()).nullable(),
  hidden: z.array(Hidden),
  /** How long the server took to answer `srvr`. */
  answeredInMs: z.number().nullable(),
});
export type ServerDto = z.infer<typeof ServerDto>;

export const ClusterSample = z.object({ servers: z.array(ServerDto), atMs: TimeMs });
export type ClusterSample = z.infer<typeof ClusterSample>;

const Of = z.object({ connectionId: ConnectionId });

export const cluster = {
  /** Asks every server of the connection string and of /zookeeper/config. Works without a session. */
  sample: procedure.input(Of).output(ClusterSample),
  /** What /zookeeper/config holds; null while nobody has been able to read it. Needs a session. */
  quorumConfig: procedure.input(Of).output(z.object({ text: z.string().nullable() })),
};

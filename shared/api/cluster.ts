/** The servers of a connected ensemble, as their four-letter words tell. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { HistoryPoint, HistoryRequest, ServerMoment } from './cluster-history.ts';
import { ConnectionId, Hex64, Hidden, ServerAddress, ServerRole, TimeMs, procedure } from './common.ts';
import { Failure } from './failure.ts';
import { HealthAlert, HealthReport } from './health.ts';

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
  zxidAtMs: TimeMs.nullable(),
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
  /** Behind the leader, at least: what it had not applied of what the leader had before. */
  lag: z.object({ transactions: z.int(), ms: z.number() }).nullable(),
  /** How many znodes its watches are on, as `wchs` tells. */
  watchPaths: z.number().nullable(),
  /** Of one client address, as `conf` tells; 0 stands for any number. */
  connectionsPerClientMax: z.number().nullable(),
  /** Who has most connections, and who has most requests queued, as `cons` tells. */
  busiestClient: z.object({ address: z.string(), connections: z.int() }).nullable(),
  longestQueue: z
    .object({
      address: z.string(),
      sessionId: Hex64.nullable(),
      queued: z.int(),
      lastOperation: z.string().nullable(),
    })
    .nullable(),
  /** How far its clock is ahead of Zabra's, to a second, by its AdminServer. */
  clockAheadMs: z.number().nullable(),
  /** Its AdminServer, where its address is known. */
  adminUrl: z.string().nullable(),
  /** Of the interval before this sample. */
  moment: ServerMoment,
  /** Everything that `mntr` said, or the AdminServer's `monitor`, unchanged. */
  mntr: z.record(z.string(), z.string()).nullable(),
  /** When it said so. */
  mntrAtMs: TimeMs.nullable(),
  /** Everything that `conf` said, unchanged. */
  conf: z.record(z.string(), z.string()).nullable(),
  hidden: z.array(Hidden),
  /** How long the server took to answer `srvr`. */
  answeredInMs: z.number().nullable(),
});
export type ServerDto = z.infer<typeof ServerDto>;

export const ClusterSample = z.object({ servers: z.array(ServerDto), atMs: TimeMs, health: HealthReport });
export type ClusterSample = z.infer<typeof ClusterSample>;

const Of = z.object({ connectionId: ConnectionId });

export const cluster = {
  /** What every server of the connection string and of /zookeeper/config said last. Works without a session. */
  sample: procedure.input(Of).output(ClusterSample),
  /** The oldest point first. */
  history: procedure.input(HistoryRequest).output(z.array(HistoryPoint)),
  /** Rules that turn bad, from now on; now and then a batch of none. */
  alerts: procedure.output(eventIterator(z.array(HealthAlert))),
  /** What /zookeeper/config holds; null while nobody has been able to read it. Needs a session. */
  quorumConfig: procedure.input(Of).output(z.object({ text: z.string().nullable() })),
};

/**
 * Ensembles that Zabra runs on this machine: their servers and links, every lever there is, and what can be watched of them.
 * What a person did to them comes back in `list`; how the servers fare in `live`, which costs them questions and is
 * followed only while somebody looks.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ConnectionId, Hex64, TimeMs, procedure } from './common.ts';
import { Failure } from './failure.ts';
import { PeerStateName, ServerEventDto, ZabStateName } from './server-events.ts';

/** More do not fit a picture that a person can read. */
export const ENSEMBLE_SERVERS_MAX = 9;
/** As long as a link may hold back what it carries. */
export const LINK_DELAY_MS_MAX = 10_000;

/** As far as a clock may be wrong. */
export const CLOCK_SKEW_MS_MAX = 10 * 365 * 86_400_000;
/** As much longer as everything may take that a server makes durable. */
export const SYNC_DELAY_MS_MAX = 60_000;

const Sid = z.int().min(1).max(255);
const EnsembleId = z.string().min(1).max(64);

export const EngineName = z.enum(['builtin', 'apache']);
export type EngineName = z.infer<typeof EngineName>;

/** What a server lives under: faults of its disk and of its clock. */
export const ConditionsDto = z.object({
  syncDelayMs: z.number().min(0).max(SYNC_DELAY_MS_MAX),
  isDiskFull: z.boolean(),
  /** By how much its wall clock is ahead. */
  clockSkewMs: z.number().min(-CLOCK_SKEW_MS_MAX).max(CLOCK_SKEW_MS_MAX),
});
export type ConditionsDto = z.infer<typeof ConditionsDto>;

/** What is left out stays. */
export const ConditionsChange = ConditionsDto.partial();
export type ConditionsChange = z.infer<typeof ConditionsChange>;

export const EnsembleServerDto = z.object({
  sid: Sid,
  role: z.enum(['participant', 'observer']),
  clientPort: z.int(),
  process: z.enum(['stopped', 'starting', 'running', 'paused']),
  pid: z.int().nullable(),
  /** Why it is stopped although nobody stopped it. */
  failure: z.string().nullable(),
  /** Null where the engine has no lever for them, and while the ensemble is stopped. */
  conditions: ConditionsDto.nullable(),
});
export type EnsembleServerDto = z.infer<typeof EnsembleServerDto>;

/** One direction of a link. */
const LinkWayDto = z.object({
  isCut: z.boolean(),
  delayMs: z.number(),
  /** At most; null for as much as it can. */
  bytesPerSecond: z.number().nullable(),
});

/** What joins two servers; `a` is the lower sid. */
export const LinkDto = z.object({ a: Sid, b: Sid, there: LinkWayDto, back: LinkWayDto });
export type LinkDto = z.infer<typeof LinkDto>;

export const EnsembleDto = z.object({
  ensembleId: EnsembleId,
  name: z.string(),
  connectionId: ConnectionId,
  engine: EngineName,
  /** `running`: at least one server has a process; whether they serve is in {@link EnsembleLiveDto}. */
  state: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
  sinceMs: TimeMs,
  failure: Failure.nullable(),
  servers: z.array(EnsembleServerDto).min(1),
  /** Empty while the ensemble is stopped: links are whole when it starts. */
  links: z.array(LinkDto),
  /** Whether servers can be added and removed now. */
  hasChangeableServers: z.boolean(),
});
export type EnsembleDto = z.infer<typeof EnsembleDto>;

/** How one server fares. A field is null where nobody tells it: the engine does not, or the server does not answer. */
export const LiveServerDto = z.object({
  sid: Sid,
  rssBytes: z.number().nullable(),
  /** Whether it answered the last question. */
  isAnswering: z.boolean(),
  /** As `srvr` says it; `looking` for one that answers and does not serve. */
  mode: z.enum(['leader', 'follower', 'observer', 'standalone', 'read-only', 'looking']).nullable(),
  peerState: PeerStateName.nullable(),
  zabState: ZabStateName.nullable(),
  /** Round of its last election. */
  logicalClock: z.int().nullable(),
  /** For whom it voted last. */
  vote: z.int().nullable(),
  acceptedEpoch: z.int().nullable(),
  currentEpoch: z.int().nullable(),
  lastLogged: Hex64.nullable(),
  lastCommitted: Hex64.nullable(),
  outstanding: z.number().nullable(),
  /** Of a leader: who is in step with it. */
  syncedLearners: z.array(z.int()).nullable(),
  /** Of a leader that does not say who. */
  syncedLearnerCount: z.int().nullable(),
  sessions: z.number().nullable(),
  ephemerals: z.number().nullable(),
  /** The tree's digest after the transaction named: digests after different ones cannot be compared. */
  digest: z.object({ zxid: Hex64, value: z.string() }).nullable(),
});
export type LiveServerDto = z.infer<typeof LiveServerDto>;

export const EnsembleLiveDto = z.object({ atMs: TimeMs, servers: z.array(LiveServerDto) });
export type EnsembleLiveDto = z.infer<typeof EnsembleLiveDto>;

export const LogLineDto = z.object({
  /** Ascending within an ensemble. */
  seq: z.int(),
  atMs: TimeMs,
  /** Null for what a person did to the ensemble. */
  sid: Sid.nullable(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
});
export type LogLineDto = z.infer<typeof LogLineDto>;

export const LogBatch = z.object({
  /** Begins a stream: what a page has from an earlier one is here again. */
  isFirst: z.boolean(),
  lines: z.array(LogLineDto),
  /** Lines that were gone before they could be sent. */
  droppedCount: z.int(),
});
export type LogBatch = z.infer<typeof LogBatch>;

export const ServerAction = z.enum(['start', 'stop', 'restart', 'kill', 'pause', 'resume', 'wipe']);
export type ServerAction = z.infer<typeof ServerAction>;

export const LinkChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cut') }),
  z.object({ kind: z.literal('heal') }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0).max(LINK_DELAY_MS_MAX) }),
  /** Always both ways. */
  z.object({ kind: z.literal('throttle'), bytesPerSecond: z.number().min(1).nullable() }),
]);
export type LinkChange = z.infer<typeof LinkChange>;

export const EnsembleRequest = z
  .object({
    name: z.string().trim().min(1).max(100).optional(),
    servers: z.int().min(1).max(ENSEMBLE_SERVERS_MAX).optional(),
    observers: z
      .int()
      .min(0)
      .max(ENSEMBLE_SERVERS_MAX - 1)
      .optional(),
    engine: EngineName.optional(),
    /** Of the first server; the others' follow it. */
    clientPort: z.int().min(1).max(65_535).optional(),
    /** `zoo.cfg` keys under Apache's own names. */
    config: z.record(z.string(), z.string()).optional(),
    /** The folder of an unpacked Apache distribution; the system's packages when left out. */
    apacheHome: z.string().trim().min(1).max(4096).optional(),
  })
  .refine(({ servers = 1, observers = 0 }) => servers + observers <= ENSEMBLE_SERVERS_MAX, {
    message: `servers and observers are at most ${ENSEMBLE_SERVERS_MAX} together`,
  });
export type EnsembleRequest = z.infer<typeof EnsembleRequest>;

export const EnsembleDefaults = z.object({
  name: z.string(),
  /** The first of as many free ones as there are servers at most. */
  clientPort: z.int(),
  memoryFreeBytes: z.number(),
  /** Why this machine cannot run Apache's servers as it is; null when it can. */
  apacheProblem: z.string().nullable(),
});
export type EnsembleDefaults = z.infer<typeof EnsembleDefaults>;

const Of = z.object({ ensembleId: EnsembleId });

export const ensembles = {
  /** What a start without options would use, and what this machine has. */
  defaults: procedure.output(EnsembleDefaults),
  /** Makes an ensemble (three builtin servers where nothing else is asked) and a profile for it; answers when it serves. */
  create: procedure.input(EnsembleRequest).output(EnsembleDto),
  /** Starts every server that is stopped, on its old port and with its data. */
  start: procedure.input(Of).output(EnsembleDto),
  stop: procedure.input(Of).output(EnsembleDto),
  restart: procedure.input(Of).output(EnsembleDto),
  /** Stops it and removes its data and its connection. */
  remove: procedure.input(Of),
  act: procedure
    .input(z.object({ ensembleId: EnsembleId, sid: Sid, action: ServerAction }))
    .output(EnsembleDto),
  /** One server more, which is a member and in step when this answers. */
  addServer: procedure
    .input(z.object({ ensembleId: EnsembleId, role: EnsembleServerDto.shape.role }))
    .output(EnsembleDto),
  /** It leaves the ensemble, and is gone with its data. */
  removeServer: procedure.input(z.object({ ensembleId: EnsembleId, sid: Sid })).output(EnsembleDto),
  /** Faults of one server's disk and clock. They last until they are changed, over restarts too. */
  changeConditions: procedure
    .input(z.object({ ensembleId: EnsembleId, sid: Sid, conditions: ConditionsChange }))
    .output(EnsembleDto),
  /** SIGKILL for whoever leads. */
  killLeader: procedure.input(Of).output(EnsembleDto),
  /** Both ways, or only what `from` sends to `to`. */
  changeLink: procedure
    .input(
      z.object({
        ensembleId: EnsembleId,
        from: Sid,
        to: Sid,
        isOneWay: z.boolean(),
        change: LinkChange,
      }),
    )
    .output(EnsembleDto),
  /** Servers of different groups cannot reach each other; those that no group names are one more group. */
  partition: procedure
    .input(z.object({ ensembleId: EnsembleId, groups: z.array(z.array(Sid).min(1)).min(1) }))
    .output(EnsembleDto),
  healLinks: procedure.input(Of).output(EnsembleDto),
  /** Every ensemble, at once and at every change. */
  list: procedure.output(eventIterator(z.array(EnsembleDto))),
  /** How the servers of one fare, about once a second. */
  live: procedure.input(Of).output(eventIterator(EnsembleLiveDto)),
  /** What is kept of the log, then what comes. */
  log: procedure.input(Of).output(eventIterator(LogBatch)),
  /** What happens inside the builtin servers from now on. */
  events: procedure.input(Of).output(eventIterator(z.array(ServerEventDto))),
};

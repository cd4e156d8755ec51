/**
 * The sessions of a connected ensemble, as its servers' four-letter words tell: who they are, how long they still have, what
 * they own and what that means (recipes), and how one of them is ended in its client's name.
 */
import { z } from 'zod';
import { ConnectionId, Hex64, Hidden, ServerAddress, ServerRole, TimeMs, procedure } from './common.ts';

/** What an ephemeral node makes of its session, judged by its name and those of its siblings. */
export const SessionRole = z.discriminatedUnion('recipe', [
  z.object({
    /** Recipes with an order: whoever comes first has it, the others wait for it one behind the other. */
    recipe: z.enum(['lock', 'read-lock', 'write-lock', 'leader']),
    /** The node that stands for the lock or the office. */
    path: z.string(),
    /** The session's own node below it. */
    node: z.string(),
    holds: z.boolean(),
    /** Whom it waits for; null where it holds. */
    behind: z.object({ node: z.string(), sessionId: Hex64 }).nullable(),
    /** How many of them there are, itself included. */
    contenders: z.int(),
  }),
  z.object({
    recipe: z.enum([
      /** A share of a semaphore. */
      'lease',
      /** An element of a queue that goes with its producer. */
      'queue',
      /** One of several nodes below `path`. */
      'member',
      /** An instance of the service that `path` stands for. */
      'service',
      /** The one node of that name: `path` is `node`. */
      'name',
    ]),
    path: z.string(),
    node: z.string(),
  }),
]);
export type SessionRole = z.infer<typeof SessionRole>;

/** The most that a list carries of a session; the counts beside them are of all. */
export const EPHEMERALS_LISTED_MAX = 1_000;
export const ROLES_LISTED_MAX = 12;

export const SessionDto = z.object({
  sessionId: Hex64,
  /** Whether it is Zabra's own. */
  isOwn: z.boolean(),
  /** What a person called it, and whether that names this session or every one of its host. */
  label: z.object({ text: z.string(), of: z.enum(['session', 'host']) }).nullable(),
  /** The server that has its connection, from `cons`; null while it has none, or where `cons` is hidden. */
  server: ServerAddress.nullable(),
  serverRole: ServerRole.nullable(),
  /** `ip:port` of the client. */
  address: z.string().nullable(),
  timeoutMs: z.number().nullable(),
  /** From `dump` of the leader: the end of the bucket that the session is in. */
  expiresAtMs: TimeMs.nullable(),
  /** When its server last answered it, by `cons`, on Zabra's clock. Null before it has asked for anything. */
  lastHeardAtMs: TimeMs.nullable(),
  /** From `dump`; null where it is hidden, which is not the same as none. At most {@link EPHEMERALS_LISTED_MAX}. */
  ephemerals: z.array(z.string()).nullable(),
  ephemeralCount: z.int().nullable(),
  /** The most telling first, at most {@link ROLES_LISTED_MAX}; empty where ephemerals are hidden. */
  roles: z.array(SessionRole),
  roleCount: z.int(),
  establishedAtMs: TimeMs.nullable(),
  /** Four letters as the server prints them: PING, GETD, … */
  lastOperation: z.string().nullable(),
  lastCxid: Hex64.nullable(),
  lastZxid: Hex64.nullable(),
  latencyMs: z.object({ min: z.number(), avg: z.number(), max: z.number() }).nullable(),
  received: z.number().nullable(),
  sent: z.number().nullable(),
  queued: z.number().nullable(),
});
export type SessionDto = z.infer<typeof SessionDto>;

export const SessionList = z.object({
  sessions: z.array(SessionDto),
  hidden: z.array(Hidden),
  /** Servers that were asked. */
  servers: z.array(ServerAddress),
  /** Who told what: `dump` is asked only of the leader, where it answers. */
  told: z.array(z.object({ server: ServerAddress, word: z.enum(['cons', 'dump']) })),
  /** What a person calls clients, by session id or host: also those that are gone. */
  labels: z.record(z.string(), z.string()),
  atMs: TimeMs,
});
export type SessionList = z.infer<typeof SessionList>;

/** Data watches of each session, counted by `wchc`. Servers list no child watches. */
export const WatchCounts = z.object({
  counts: z.array(z.object({ sessionId: Hex64, watches: z.int() })),
  hidden: z.array(Hidden),
  atMs: TimeMs,
});
export type WatchCounts = z.infer<typeof WatchCounts>;

export const WATCHED_PATHS_MAX = 500;

/** Null: no server listed it. */
export const WatchedPaths = z.object({
  /** In order, at most {@link WATCHED_PATHS_MAX}, those of the connection's chroot only. */
  paths: z.array(z.string()).nullable(),
  count: z.int(),
  hidden: z.array(Hidden),
  atMs: TimeMs,
});
export type WatchedPaths = z.infer<typeof WatchedPaths>;

export const PREVIEWED_MAX = 500;

/** What would follow from a session's end, as of now. Nothing is sent to the session. */
export const EndPreview = z.object({
  /** Whether any server still lists it. */
  isListed: z.boolean(),
  /** What vanishes, at most {@link PREVIEWED_MAX}; null where no server tells. */
  ephemerals: z.array(z.string()).nullable(),
  ephemeralCount: z.int().nullable(),
  /** Of these so many lie outside of the connection's chroot and are not named. */
  outsideCount: z.int(),
  /** Locks and offices that it holds, and who has them next. */
  passages: z.array(
    z.object({
      recipe: z.enum(['lock', 'read-lock', 'write-lock', 'leader']),
      path: z.string(),
      /** Nobody waits where it is empty. */
      next: z.array(z.object({ node: z.string(), sessionId: Hex64 })),
    }),
  ),
});
export type EndPreview = z.infer<typeof EndPreview>;

export const EndOutcome = z.object({
  /** `gone-already`: a server said that there is no such session (any more). */
  outcome: z.enum(['ended', 'gone-already']),
  /** Who said so. */
  server: ServerAddress,
});
export type EndOutcome = z.infer<typeof EndOutcome>;

const Of = z.object({ connectionId: ConnectionId });
const One = Of.extend({ sessionId: Hex64 });

export const sessions = {
  list: procedure.input(Of).output(SessionList),
  /** Asks every server for every watch of every session: only when a person wants to know. */
  countWatches: procedure.input(Of).output(WatchCounts),
  /** As {@link WatchCounts}, of the server that has the session. */
  watchesOf: procedure.input(One).output(WatchedPaths),
  /** Calls a session (`0x…`) or every session of a client's host by a name; '' takes the name away. */
  label: procedure.input(Of.extend({ client: z.string().min(1).max(255), text: z.string().trim().max(80) })),
  previewEnd: procedure.input(One).output(EndPreview),
  /**
   * Takes the session over and closes it. Passes the write guard; fails with OWN_SESSION for any session of Zabra itself, and
   * with SESSION_NOT_ENDED when its client took it back each time.
   */
  end: procedure.input(One).output(EndOutcome),
};

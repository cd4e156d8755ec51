/**
 * What the shell's diagnosis tells the page (electron/services/diagnosis): findings as they come and change, who led when and
 * why, and what is known of one session. The diagnosis of a connection runs as long as it is open; what it found stays.
 */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ConnectionId, Hex64, ServerAddress, TimeMs, procedure } from './common.ts';
import { ElectionRecord, Reign } from './elections.ts';
import { Finding } from './findings.ts';

const Sid = z.int();

/** What a running diagnosis has to look at. */
export const Watching = z.object({
  sinceMs: TimeMs,
  /** Client ports that are asked. */
  servers: z.array(ServerAddress),
  /** Servers that tell their events: builtin ones, by their AdminServers. */
  tellingSids: z.array(Sid),
  /** Servers whose transaction logs can be read: those of local ensembles. */
  logFolderCount: z.int(),
});
export type Watching = z.infer<typeof Watching>;

export const FindingBatch = z.object({
  /** Begins a stream: everything that is kept, the oldest first. Later batches bring what is new or has changed. */
  isFirst: z.boolean(),
  findings: z.array(Finding),
  /** Null while the connection is not open. */
  watching: Watching.nullable(),
});
export type FindingBatch = z.infer<typeof FindingBatch>;

/** Something that a session's picture would show, if anybody told it. */
export const HiddenPart = z.object({
  part: z.enum(['connections', 'heard', 'last-heard', 'ephemerals', 'restored', 'notified']),
  why: z.enum([
    /** Only builtin servers tell, by their events. */
    'no-events',
    /** No server's `4lw.commands.whitelist` has `cons`. */
    'not-whitelisted',
    /** It ended before Zabra watched. */
    'before-watching',
    /** Below the connection's chroot only. */
    'outside-chroot',
    'not-connected',
    'too-many',
    /** No ZooKeeper server keeps or tells it. */
    'nobody-tells',
  ]),
});
export type HiddenPart = z.infer<typeof HiddenPart>;

export const PicturedConnection = z.object({
  /** The client port, where that is known. */
  server: ServerAddress.nullable(),
  sid: Sid.nullable(),
  /** `ip:port` of the client. */
  address: z.string(),
  fromMs: TimeMs,
  /** Last known to be there. */
  seenMs: TimeMs,
  /** Found gone, or told to be; null where it was there to the end. */
  endedMs: TimeMs.nullable(),
  /** In the server's own words. */
  endReason: z.string().nullable(),
});
export type PicturedConnection = z.infer<typeof PicturedConnection>;

/** What else happened around a session's end. */
export const Coincidence = z.discriminatedUnion('kind', [
  /** No leader served in between. */
  z.object({
    kind: z.literal('election'),
    fromMs: TimeMs,
    toMs: TimeMs,
    leader: Sid.nullable(),
    epoch: z.int().nullable(),
  }),
  /** A sync of the transaction log took so long. */
  z.object({ kind: z.literal('fsync'), sid: Sid, fromMs: TimeMs, toMs: TimeMs }),
  /** A server's process did not run. */
  z.object({ kind: z.literal('stall'), sid: Sid, fromMs: TimeMs, toMs: TimeMs }),
  z.object({ kind: z.literal('server-started'), sid: Sid.nullable(), server: ServerAddress, atMs: TimeMs }),
  /** How its client port stood, other than serving. */
  z.object({
    kind: z.literal('server-lost'),
    sid: Sid.nullable(),
    server: ServerAddress,
    standing: z.enum(['looking', 'silent', 'refused', 'unroutable', 'hung-up']),
    fromMs: TimeMs,
    /** Null while it still stands so. */
    toMs: TimeMs.nullable(),
  }),
  /** Zabra itself did not run. */
  z.object({ kind: z.literal('own-stall'), fromMs: TimeMs, toMs: TimeMs }),
]);
export type Coincidence = z.infer<typeof Coincidence>;

/** A time of a sign of life, and how closely it is known. */
export const Heard = z.object({
  atMs: TimeMs,
  by: z.enum([
    /** A server told it. */
    'event',
    /** It wrote: the transaction log has it. */
    'write',
    /** `cons` counted more of it than the time before, so it was up to this much earlier. */
    'poll',
  ]),
  withinMs: z.number(),
});
export type Heard = z.infer<typeof Heard>;

/** How quickly a server answered the question of a poll. */
export const AnswerTime = z.object({ atMs: TimeMs, tookMs: z.number() });
export type AnswerTime = z.infer<typeof AnswerTime>;

export const PicturedServer = z.object({
  sid: Sid.nullable(),
  server: ServerAddress,
  answers: z.array(AnswerTime),
  /** Connections of other sessions that it had when last asked, and that went on; null where it does not tell. */
  otherSessionCount: z.int().nullable(),
});
export type PicturedServer = z.infer<typeof PicturedServer>;

/** What became of an ephemeral node that went with its session. */
export const RemovedEphemeral = z.object({
  path: z.string(),
  /** Null: not there again when last looked for; then `lookedMs` says when that was. */
  restored: z.object({ atMs: TimeMs, sessionId: Hex64, address: z.string().nullable() }).nullable(),
  lookedMs: TimeMs.nullable(),
});
export type RemovedEphemeral = z.infer<typeof RemovedEphemeral>;

/** Who heard of what went: only of Zabra's own watches is that known. */
export const Notified = z.object({ sessionId: Hex64, path: z.string(), atMs: TimeMs });
export type Notified = z.infer<typeof Notified>;

export const SessionPicture = z.object({
  sessionId: Hex64,
  createdMs: TimeMs.nullable(),
  timeoutMs: z.number().nullable(),
  /** From the first to the last. */
  connections: z.array(PicturedConnection),
  heard: z.array(Heard),
  /** By the leader; times of its clock. */
  expiry: z.object({ atMs: TimeMs, lastHeardMs: TimeMs.nullable(), bucketMs: TimeMs.nullable() }).nullable(),
  end: z.object({ atMs: TimeMs, byClient: z.boolean(), zxid: Hex64.nullable() }).nullable(),
  /** A client came back for it in vain. */
  refusals: z.array(z.object({ atMs: TimeMs, sid: Sid.nullable() })),
  coincidences: z.array(Coincidence),
  /** Who led around its end. */
  reigns: z.array(Reign),
  /** Of its last connection, then the leader, where that is another one. */
  servers: z.array(PicturedServer),
  /** Null where nobody tells which there were. */
  ephemerals: z.array(RemovedEphemeral).nullable(),
  /** How many there were, where that is more than are named. */
  ephemeralCount: z.int().nullable(),
  notified: z.array(Notified),
  hidden: z.array(HiddenPart),
});
export type SessionPicture = z.infer<typeof SessionPicture>;

const Of = z.object({ connectionId: ConnectionId });

export const diagnosis = {
  /** Works for connections that are not open, too: then there is what is kept. */
  findings: procedure.input(Of).output(eventIterator(FindingBatch)),
  /** The newest record, at once and at every change. Bounded: older elections and reigns are not in it. */
  elections: procedure.input(Of).output(eventIterator(ElectionRecord)),
  /** Of a session that lives, or has ended; null when nothing is known of it any more. */
  session: procedure.input(Of.extend({ sessionId: Hex64 })).output(SessionPicture.nullable()),
};

/**
 * What happens inside a builtin server, as it tells it: one JSON object a line of `GET /events` on its AdminServer port
 * (`?after=SEQ` continues), newest kept in a bounded ring. The page and the diagnosis read the same events. Busy kinds
 * (proposal, ack, commit, session-touched, fsync) are sampled: `count` says how many of them an event stands for. The
 * proposals that are told have all of their acks and their commit told. Servers themselves use the same events with
 * bigints in place of hex (embedded-server/core/chronicle.ts).
 *
 * What Apache's logs tell is made into the same events (electron/diagnosis/logs). Fields that a log leaves out are null there;
 * a builtin server fills all of them, unless it says otherwise here. `started` comes from logs only.
 */
import { z } from 'zod';
import { Hex64, TimeMs } from './common.ts';

const Sid = z.int();
const Epoch = z.int();

/** PeerState of ZooKeeper's QuorumPeer. */
export const PeerStateName = z.enum(['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING']);
/** ZabState of ZooKeeper's QuorumPeer: the phases of the Zab paper. */
export const ZabStateName = z.enum(['ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST']);

export const VoteDto = z.object({ leader: Sid, peerEpoch: Epoch, zxid: Hex64 });
export type VoteDto = z.infer<typeof VoteDto>;

/** What became of a notification, in the words of the election's rules (PROTOCOL.md 4.3). */
export const VoteVerdict = z.enum([
  /** Better than the own vote, which changes to it. */
  'accepted',
  /** The same as the own vote. */
  'counted',
  /** Worse than the own vote, which its sender will take over when it hears of it. */
  'worse',
  /** Of an earlier round; answered, not counted. */
  'stale',
  /** Of a later round: the own round jumps to it, and takes the better of both. */
  'newer-round',
  /** Its sender follows or leads already. */
  'established',
  /** Its sender does not vote in this configuration, or backs somebody who does not. */
  'no-voter',
  /** One of the two has lost its data and is not to be backed. */
  'untrusted',
  /** This server follows or leads already: it answers who looks, and counts nothing. */
  'not-looking',
]);
export type VoteVerdict = z.infer<typeof VoteVerdict>;

const Base = { seq: z.int(), sid: Sid, atMs: TimeMs };

/** What a server complains of. */
export const ComplaintTopic = z.enum([
  'connection-limit',
  'buffer-limit',
  'quota-exceeded',
  'disk-full',
  'disk-error',
  'peer-unreachable',
  'authentication',
]);
export type ComplaintTopic = z.infer<typeof ComplaintTopic>;

export const VoteReceivedEvent = z.object({
  ...Base,
  kind: z.literal('vote-received'),
  from: Sid,
  fromState: PeerStateName,
  vote: VoteDto.nullable(),
  round: z.int(),
  verdict: VoteVerdict,
});
export type VoteReceivedEvent = z.infer<typeof VoteReceivedEvent>;

/** Told by the leader (`learner` is the other end) and by the learner (`learner` is itself). */
export const SyncEvent = z.object({
  ...Base,
  kind: z.literal('sync'),
  learner: Sid,
  mode: z.enum(['DIFF', 'TRUNC', 'TRUNC+DIFF', 'SNAP']),
  fromZxid: Hex64.nullable(),
  toZxid: Hex64.nullable(),
});
export type SyncEvent = z.infer<typeof SyncEvent>;

/** `by` is the leader to be; sent and received alike. */
const EpochProposedEvent = z.object({ ...Base, kind: z.literal('epoch-proposed'), epoch: Epoch, by: Sid });
/** `server` promised to follow nothing older: told by itself when that is on disk, and by the leader when it hears of it. */
const EpochAcceptedEvent = z.object({
  ...Base,
  kind: z.literal('epoch-accepted'),
  epoch: Epoch,
  by: Sid,
  server: Sid,
});
/** How a leader to be and those that it found agree on an epoch. */
export const EpochEvent = z.discriminatedUnion('kind', [EpochProposedEvent, EpochAcceptedEvent]);
export type EpochEvent = z.infer<typeof EpochEvent>;

export const ServerEventDto = z.discriminatedUnion('kind', [
  z.object({
    ...Base,
    kind: z.literal('state'),
    state: PeerStateName,
    phase: ZabStateName,
    leader: Sid.nullable(),
    epoch: Epoch.nullable(),
    lastZxid: Hex64.nullable(),
    /** Why it changed, in one sentence; null where the state before leads here by itself. */
    reason: z.string().nullable(),
  }),
  /** `vote` is null where an observer tells that it backs nobody; `to` where a log only says that all voters were told. */
  z.object({
    ...Base,
    kind: z.literal('vote-sent'),
    to: Sid.nullable(),
    vote: VoteDto.nullable(),
    round: z.int(),
  }),
  VoteReceivedEvent,
  EpochProposedEvent,
  EpochAcceptedEvent,
  SyncEvent,
  z.object({
    ...Base,
    kind: z.literal('proposal'),
    zxid: Hex64,
    sessionId: Hex64,
    /** As in txn headers: create, setData, closeSession, … */
    operation: z.string(),
    count: z.int(),
  }),
  z.object({ ...Base, kind: z.literal('ack'), zxid: Hex64, from: Sid, count: z.int() }),
  z.object({ ...Base, kind: z.literal('commit'), zxid: Hex64, count: z.int() }),
  z.object({
    ...Base,
    kind: z.literal('session-created'),
    sessionId: Hex64,
    timeoutMs: z.number().nullable(),
    address: z.string().nullable(),
  }),
  /** Clients of this server said something, or learners told that theirs did. */
  z.object({ ...Base, kind: z.literal('session-touched'), count: z.int() }),
  /** A connection of a session came or went here; its session lives on. */
  z.object({
    ...Base,
    kind: z.enum(['session-attached', 'session-detached']),
    sessionId: Hex64,
    address: z.string().nullable(),
    reason: z.string().nullable(),
  }),
  /** A client came back for a session that is over, or was never this client's. */
  z.object({ ...Base, kind: z.literal('session-refused'), sessionId: Hex64, address: z.string() }),
  /** By the leader: its bucket passed without a touch. Of clients of others it hears with their servers' pings only. */
  z.object({
    ...Base,
    kind: z.literal('session-expired'),
    sessionId: Hex64,
    timeoutMs: z.number(),
    lastHeardMs: TimeMs.nullable(),
    bucketMs: TimeMs.nullable(),
  }),
  /** The closeSession transaction was applied, whoever asked for it. */
  z.object({
    ...Base,
    kind: z.literal('session-closed'),
    sessionId: Hex64,
    zxid: Hex64.nullable(),
    /** The first 100 of {@link ephemeralCount}. */
    ephemerals: z.array(z.string()),
    ephemeralCount: z.int().nullable(),
    byClient: z.boolean().nullable(),
  }),
  z.object({ ...Base, kind: z.literal('fsync'), durationMs: z.number(), maxMs: z.number(), count: z.int() }),
  z.object({
    ...Base,
    kind: z.literal('snapshot'),
    zxid: Hex64,
    durationMs: z.number().nullable(),
    bytes: z.number().nullable(),
  }),
  /** The process did not run for so long: paused, or starved of CPU. */
  z.object({ ...Base, kind: z.literal('stall'), durationMs: z.number() }),
  /** The wall clock moved against the monotonic one. */
  z.object({ ...Base, kind: z.literal('clock-jump'), byMs: z.number() }),
  /** What the ring no longer held, or what came faster than it was read. */
  z.object({ ...Base, kind: z.literal('dropped'), count: z.int() }),
  /** A process of this server began. */
  z.object({ ...Base, kind: z.literal('started'), version: z.string().nullable() }),
  /** A process of this server said that it ends; most are killed without a word. */
  z.object({ ...Base, kind: z.literal('ended'), reason: z.string() }),
  /** A warning that names a trouble, in the log's own words. */
  z.object({ ...Base, kind: z.literal('complaint'), about: ComplaintTopic, text: z.string() }),
]);
export type ServerEventDto = z.infer<typeof ServerEventDto>;

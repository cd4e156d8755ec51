/**
 * What happens inside a builtin server, as it tells it: one JSON object a line of `GET /events` on its AdminServer port
 * (`?after=SEQ` continues), newest kept in a bounded ring. The page and the diagnosis read the same events. Busy kinds
 * (proposal, ack, commit, session-touched, fsync) are sampled: `count` says how many of them an event stands for.
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
  /** Equal to the own vote, or worse but counted for its sender. */
  'counted',
  'worse',
  /** Of an earlier round; answered, not counted. */
  'stale',
  /** Of a later round: the own round jumps to it. */
  'newer-round',
  /** Its sender follows or leads already. */
  'established',
  /** Its sender does not vote in this configuration. */
  'no-voter',
]);

const Base = { seq: z.int(), sid: Sid, atMs: TimeMs };

export const ServerEventDto = z.discriminatedUnion('kind', [
  z.object({
    ...Base,
    kind: z.literal('state'),
    state: PeerStateName,
    phase: ZabStateName,
    leader: Sid.nullable(),
    epoch: Epoch,
    lastZxid: Hex64,
    /** Why it changed, in one sentence; null where the state before leads here by itself. */
    reason: z.string().nullable(),
  }),
  z.object({ ...Base, kind: z.literal('vote-sent'), to: Sid, vote: VoteDto, round: z.int() }),
  z.object({
    ...Base,
    kind: z.literal('vote-received'),
    from: Sid,
    fromState: PeerStateName,
    vote: VoteDto,
    round: z.int(),
    verdict: VoteVerdict,
  }),
  /** `by` is the leader to be; sent and received alike. */
  z.object({ ...Base, kind: z.literal('epoch-proposed'), epoch: Epoch, by: Sid }),
  z.object({ ...Base, kind: z.literal('epoch-accepted'), epoch: Epoch, by: Sid }),
  /** Told by the leader (`learner` is the other end) and by the learner (`learner` is itself). */
  z.object({
    ...Base,
    kind: z.literal('sync'),
    learner: Sid,
    mode: z.enum(['DIFF', 'TRUNC', 'TRUNC+DIFF', 'SNAP']),
    fromZxid: Hex64,
    toZxid: Hex64,
  }),
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
    timeoutMs: z.number(),
    address: z.string().nullable(),
  }),
  z.object({ ...Base, kind: z.literal('session-touched'), count: z.int() }),
  /** A connection of a session came or went here; its session lives on. */
  z.object({
    ...Base,
    kind: z.enum(['session-attached', 'session-detached']),
    sessionId: Hex64,
    address: z.string(),
    reason: z.string().nullable(),
  }),
  /** By the leader: its bucket passed without a touch. */
  z.object({
    ...Base,
    kind: z.literal('session-expired'),
    sessionId: Hex64,
    timeoutMs: z.number(),
    lastHeardMs: TimeMs,
    bucketMs: TimeMs,
  }),
  /** The closeSession transaction was applied, whoever asked for it. */
  z.object({
    ...Base,
    kind: z.literal('session-closed'),
    sessionId: Hex64,
    zxid: Hex64,
    ephemerals: z.array(z.string()),
    byClient: z.boolean(),
  }),
  z.object({ ...Base, kind: z.literal('fsync'), durationMs: z.number(), maxMs: z.number(), count: z.int() }),
  z.object({ ...Base, kind: z.literal('snapshot'), zxid: Hex64, durationMs: z.number(), bytes: z.number() }),
  /** The process did not run for so long: paused, or starved of CPU. */
  z.object({ ...Base, kind: z.literal('stall'), durationMs: z.number() }),
  /** The wall clock moved against the monotonic one. */
  z.object({ ...Base, kind: z.literal('clock-jump'), byMs: z.number() }),
  /** What the ring no longer held, or what came faster than it was read. */
  z.object({ ...Base, kind: z.literal('dropped'), count: z.int() }),
]);
export type ServerEventDto = z.infer<typeof ServerEventDto>;

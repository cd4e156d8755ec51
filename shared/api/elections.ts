/**
 * What the election flight recorder keeps (electron/diagnosis/elections.ts): who looked for a leader and why, who voted what
 * and why each vote won or lost, how long each phase took, how learners were brought level; and who led when.
 */
import { z } from 'zod';
import { Hex64, TimeMs } from './common.ts';
import { EpochEvent, PeerStateName, SyncEvent, VoteDto, VoteReceivedEvent } from './server-events.ts';

const Sid = z.int();
const Epoch = z.int();

/** The parts of a vote in the order in which they are compared (FastLeaderElection.totalOrderPredicate). */
export const VoteField = z.enum(['peerEpoch', 'zxid', 'leader']);
/** The first of the three in which two votes differ. */
export type VoteField = z.infer<typeof VoteField>;

/** A part of the epoch ribbon. */
export const Reign = z
  .object({
    leader: Sid,
    /** Null where nobody told it. */
    epoch: Epoch.nullable(),
    fromMs: TimeMs,
    /** When it was lost, as those who followed saw it; null as long as it lasts. */
    toMs: TimeMs.nullable(),
  })
  .readonly();
export type Reign = z.infer<typeof Reign>;

/** A server's way from looking for a leader to serving. */
const PassageFields = {
  sid: Sid,
  lookingMs: TimeMs,
  /** Its process had just begun. */
  isFresh: z.boolean(),
  /** Why it looks, in its own words. */
  reason: z.string().nullable(),
  lastZxid: Hex64.nullable(),
  electedMs: TimeMs.nullable(),
  state: PeerStateName.exclude(['LOOKING']).nullable(),
  leader: Sid.nullable(),
  epoch: Epoch.nullable(),
  /** When each phase began, null where it did not or is not told. */
  discoveryMs: TimeMs.nullable(),
  synchronizationMs: TimeMs.nullable(),
  broadcastMs: TimeMs.nullable(),
  /** When its role ended: it looks again, or its process began anew. */
  endMs: TimeMs.nullable(),
};
export const Passage = z.object(PassageFields).readonly();
export type Passage = z.infer<typeof Passage>;

export const PhaseTimes = z
  .object({
    electionMs: z.number().nullable(),
    discoveryMs: z.number().nullable(),
    synchronizationMs: z.number().nullable(),
  })
  .readonly();
export type PhaseTimes = z.infer<typeof PhaseTimes>;

export const Participant = z
  .object({
    ...PassageFields,
    times: PhaseTimes,
    /** It came when the leader served already, and only joined. */
    isLate: z.boolean(),
  })
  .readonly();
export type Participant = z.infer<typeof Participant>;

export const CastVote = z
  .object({
    sid: Sid,
    atMs: TimeMs,
    round: z.int(),
    vote: VoteDto,
    why: z.discriminatedUnion('kind', [
      /** Its own: what it has in its log. */
      z.object({ kind: z.literal('own') }).readonly(),
      /** Heard of a better one, better by this field. */
      z.object({ kind: z.literal('better'), from: Sid, by: VoteField }).readonly(),
      /** Heard of a later round, and began again with the better one of its own and what it heard. */
      z.object({ kind: z.literal('newer-round'), from: Sid }).readonly(),
    ]),
  })
  .readonly();
export type CastVote = z.infer<typeof CastVote>;

export const Candidate = z
  .object({
    vote: VoteDto,
    /** Who backed it last in the deciding round. */
    backers: z.array(Sid).readonly(),
    isWinner: z.boolean(),
    /** What the winner's vote was better by; null for the winner, and where nobody won. */
    lostBy: VoteField.nullable(),
  })
  .readonly();
export type Candidate = z.infer<typeof Candidate>;

/** The votes of one election. */
const BallotFields = {
  /** The round that decided; null where no vote is told. */
  round: z.int().nullable(),
  casts: z.array(CastVote).readonly(),
  /** Every notification, with what became of it. */
  heard: z.array(VoteReceivedEvent).readonly(),
  /** The best first. */
  candidates: z.array(Candidate).readonly(),
};
export const Ballot = z.object(BallotFields).readonly();
export type Ballot = z.infer<typeof Ballot>;

/** What became of clients' connections while nobody led. */
export const ClientsCut = z
  .object({
    /** Sessions whose connection is known to have ended; Apache's logs hardly tell of that. */
    cut: z.int(),
    /** Of those, how many were connected again by the time up to which events are known. */
    back: z.int(),
    /** When the last of those came back. */
    lastBackMs: TimeMs.nullable(),
    /** Sessions that ended by their timeout before or soon after the new leader served. */
    expired: z.int(),
  })
  .readonly();
export type ClientsCut = z.infer<typeof ClientsCut>;

export const Election = z
  .object({
    ...BallotFields,
    startMs: TimeMs,
    /** When its leader served; null while there is none. */
    endMs: TimeMs.nullable(),
    winner: Sid.nullable(),
    epoch: Epoch.nullable(),
    previous: Reign.nullable(),
    participants: z.array(Participant).readonly(),
    /** One of each learner, by its leader where that is known, else by itself. */
    syncs: z.array(SyncEvent).readonly(),
    /** How the epoch was agreed on. */
    epochs: z.array(EpochEvent).readonly(),
    /** Notifications of those who joined late: what they heard, and what the leader heard of them. */
    joinVotes: z.array(VoteReceivedEvent).readonly(),
    /** What servers said of their own end shortly before it began or while it lasted. */
    endings: z.array(z.object({ sid: Sid, atMs: TimeMs, reason: z.string() }).readonly()).readonly(),
    /** Null where no server tells of sessions. */
    clients: ClientsCut.nullable(),
  })
  .readonly();
export type Election = z.infer<typeof Election>;

export const ElectionRecord = z
  .object({
    /** From the first to the last. */
    elections: z.array(Election).readonly(),
    ribbon: z.array(Reign).readonly(),
  })
  .readonly();
export type ElectionRecord = z.infer<typeof ElectionRecord>;

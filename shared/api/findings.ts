/**
 * What the diagnosis answers: one finding for each ended session, election, or trouble of a server or the cluster. The window
 * shows them and `npm run diagnose` prints them as JSON lines; a finding is told again, with the same id, when it changes.
 */
import { z } from 'zod';

/** Why a session ended. */
export const SessionCause = z.enum([
  /** The client closed it. */
  'client-closed',
  /** The client's connection ended without a close, and it never came back: process killed, or machine gone. */
  'client-gone',
  /** The connection stayed open and nothing was heard: paused, or cut off. */
  'client-silent',
  /** The client tried another server after the session had expired. */
  'moved-too-late',
  /** The server that had its connection was lost, and the client did not come back in time. */
  'server-lost',
  /** Closed by somebody else in its name. */
  'ended-by-admin',
  'unknown',
]);

/** What started an election. */
export const ElectionCause = z.enum([
  'first-start',
  'leader-stopped',
  'leader-crashed',
  'leader-paused',
  'leader-partitioned',
  'quorum-lost',
  'zxid-rollover',
  'reconfig',
  'unknown',
]);

/** What a server, or the cluster, suffers from. */
export const TroubleCause = z.enum([
  'follower-lost',
  'follower-partitioned',
  'follower-behind',
  'observer-lost',
  'disk-slow',
  'disk-full',
  'process-paused',
  'clock-jump',
  'quorum-lost',
  'rolling-restart',
  'connection-limit',
  'buffer-limit',
  'acl-lockout',
  'quota-exceeded',
  'config-differs',
]);

const Base = {
  /** Stable while the finding grows more certain. */
  id: z.string(),
  /** ISO 8601, of what it is about: the end of the session, the begin of the election or of the trouble. */
  at: z.iso.datetime(),
  /** Session id as 0x…, sid, or path. */
  subject: z.string(),
  /** 0 to 1; below 0.5 another cause of the list would be as likely. */
  confidence: z.number().min(0).max(1),
  /** One sentence. */
  answer: z.string(),
  /** Facts that lead to the answer, the strongest first, each with its time and source. */
  evidence: z.array(z.object({ at: z.iso.datetime().nullable(), source: z.string(), fact: z.string() })),
  /** What could not be seen, and why. */
  hidden: z.array(z.string()),
};

export const Finding = z.discriminatedUnion('kind', [
  z.object({ ...Base, kind: z.literal('session-ended'), cause: SessionCause }),
  z.object({ ...Base, kind: z.literal('election'), cause: ElectionCause }),
  z.object({ ...Base, kind: z.enum(['server', 'cluster']), cause: TroubleCause }),
]);
export type Finding = z.infer<typeof Finding>;

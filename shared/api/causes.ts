/**
 * The closed list of causes that a diagnosis tells. What each means, what tells it from the others and what to do about it is in
 * electron/diagnosis/README.md.
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
export type ElectionCause = z.infer<typeof ElectionCause>;

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

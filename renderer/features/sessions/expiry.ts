/**
 * How long a session still has. The leader keeps sessions in buckets of a tick's length; `dump` prints the end of a
 * session's bucket, and every packet that is heard from its client moves it on. Between two polls the seconds are counted
 * down here, but whether a session is in danger is judged by what the poll said: a countdown does not hear pings.
 */
import type { SessionDto } from '../../../shared/api/sessions.ts';

export interface Expiry {
  /** Whole milliseconds left now, never below zero. */
  readonly leftMs: number;
  /** 0 to 1, of the timeout; null where the timeout is not known. */
  readonly fraction: number | null;
  readonly isClose: boolean;
}

/** By which a list of sessions counts down. */
export interface Clockwork {
  /** When the sessions were read. */
  readonly polledAtMs: number;
  /** Nothing expires while nobody leads: an old list stands still. Null while time runs. */
  readonly frozenMs: number | null;
}

/** Clients ping when a third of their timeout passed in silence, so below a third two pings were missed. */
const PINGS_PER_TIMEOUT = 3;

/** Null when the leader does not tell. `polledAtMs` is when `session` was read. */
export function expiryOf(
  session: Pick<SessionDto, 'expiresAtMs' | 'timeoutMs'>,
  { nowMs, polledAtMs }: { nowMs: number; polledAtMs: number },
): Expiry | null {
  const { expiresAtMs, timeoutMs } = session;
  if (expiresAtMs === null) return null;
  const leftMs = Math.max(0, expiresAtMs - nowMs);
  if (timeoutMs === null || timeoutMs <= 0) return { leftMs, fraction: null, isClose: false };
  return {
    leftMs,
    // A bucket ends up to a tick after the timeout.
    fraction: Math.min(1, leftMs / timeoutMs),
    isClose: expiresAtMs - polledAtMs < timeoutMs / PINGS_PER_TIMEOUT,
  };
}

export function pingIntervalMs(timeoutMs: number): number {
  return timeoutMs / PINGS_PER_TIMEOUT;
}

/**
 * How a session ended, as far as it is known: told by a server's events or a transaction log, or else presumed from the lists of
 * sessions and connections that servers give when they are asked. Pure.
 */
import type { SessionConnection, SessionEnd, SessionRecord, Vanishing } from './session-record.ts';

/** Clients are heard of every third of their timeout, unless they are gone. */
const QUIET_SHARE = 0.45;
/** A time in which a session and its connection may have ended together is no shorter, but by chance. */
const TOGETHER_MS = 250;

export function endOf(record: SessionRecord): SessionEnd | undefined {
  return record.end ?? (record.vanished && presumedEnd(record, record.vanished));
}

/**
 * Of a session that servers do not list any more: its client closed it when it had been heard of until then, and the servers
 * ended it when it had not been for long. Where the leader counts what it lets expire, that decides.
 */
function presumedEnd({ connections, timeoutMs = Infinity }: SessionRecord, vanished: Vanishing): SessionEnd {
  const { fromMs: listedMs, toMs: atMs, source, hasExpired } = vanished;
  const last = connections.at(-1);
  const canHaveExpired = last === undefined || atMs - last.heard.fromMs >= timeoutMs;
  const hadLeft = last !== undefined && leftBefore(last, { listedMs, atMs, timeoutMs });
  const seemsClosed =
    last !== undefined && !wasFoundGone(last, listedMs) && !wasQuiet(last, { atMs, timeoutMs });
  return {
    atMs,
    byClient: !canHaveExpired || (hasExpired === undefined ? seemsClosed : !hasExpired),
    zxid: undefined,
    ephemerals: undefined,
    ephemeralCount: undefined,
    source,
    presumed: { listedMs, hadLeft },
  };
}

/**
 * Whether the connection of a session that expired had ended before. They may have ended together from when the session was due
 * on, until the first of the two was found gone.
 */
function leftBefore(
  connection: SessionConnection,
  { listedMs, atMs, timeoutMs }: { listedMs: number; atMs: number; timeoutMs: number },
): boolean {
  const { endedMs, presentMs, heard } = connection;
  if (endedMs === undefined) return false;
  if (wasFoundGone(connection, listedMs)) return true;
  const fromMs = Math.max(presentMs, listedMs, heard.fromMs + timeoutMs);
  return Number.isFinite(timeoutMs) && Math.min(endedMs, atMs) - fromMs < TOGETHER_MS;
}

function wasFoundGone({ endedMs }: SessionConnection, listedMs: number): boolean {
  return endedMs !== undefined && endedMs <= listedMs;
}

/** Nothing came on it at the end, or its server could not be asked any more. */
function wasQuiet(
  { endedMs, seenMs, heard }: SessionConnection,
  { atMs, timeoutMs }: { atMs: number; timeoutMs: number },
): boolean {
  const watchedMs = endedMs === undefined ? atMs : seenMs;
  return watchedMs - heard.toMs >= timeoutMs * QUIET_SHARE;
}

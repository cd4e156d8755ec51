/**
 * How a session ended, as far as it is known: told by a server's events or a transaction log, or else presumed from the lists of
 * sessions and connections that servers give when they are asked. Pure.
 */
import type { SessionConnection, SessionEnd, SessionRecord } from './session-book.ts';

/** Clients are heard of every third of their timeout, unless they are gone. */
const QUIET_SHARE = 0.45;

export function endOf(record: SessionRecord): SessionEnd | undefined {
  return record.end ?? presumedEnd(record);
}

/**
 * Of a session that servers do not list any more: its client closed it when it had been heard of until then, and the servers
 * ended it when it had not been for long. Where the leader counts what it lets expire, that decides.
 */
function presumedEnd({ vanished, connections, timeoutMs = Infinity }: SessionRecord): SessionEnd | undefined {
  if (vanished === undefined) return undefined;
  const { fromMs: listedMs, toMs: atMs, source, hasExpired } = vanished;
  const last = connections.at(-1);
  const canHaveExpired = last === undefined || atMs - last.heard.fromMs >= timeoutMs;
  const seemsClosed = last !== undefined && !hasLeft(last, listedMs) && !wasQuiet(last, { atMs, timeoutMs });
  const byClient = !canHaveExpired || (hasExpired === undefined ? seemsClosed : !hasExpired);
  return {
    atMs,
    byClient,
    zxid: undefined,
    ephemerals: undefined,
    ephemeralCount: undefined,
    source,
    listedMs,
  };
}

function hasLeft({ endedMs }: SessionConnection, listedMs: number): boolean {
  return endedMs !== undefined && endedMs < listedMs;
}

/** Nothing came on it at the end, or its server could not be asked any more. */
function wasQuiet(
  { endedMs, seenMs, heard }: SessionConnection,
  { atMs, timeoutMs }: { atMs: number; timeoutMs: number },
): boolean {
  const watchedMs = endedMs === undefined ? atMs : seenMs;
  return watchedMs - heard.toMs >= timeoutMs * QUIET_SHARE;
}

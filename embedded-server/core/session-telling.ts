/** What the chronicle is told of sessions: created, heard of, expired, closed. Connections tell who comes and goes. */
import type { SessionId } from '../../shared/ids.ts';
import type { TxnHeader } from '../../shared/storage-format/txn.ts';
import type { Chronicle } from './chronicle.ts';
import type { Connection } from './connection.ts';
import type { Now } from './effects.ts';
import type { ExpiredSession } from './session-tracker.ts';

/** A session may own millions of them. */
const EPHEMERALS_TOLD_MAX = 100;

export function addressOf({ remoteAddress, remotePort }: Connection): string {
  return `${remoteAddress}:${remotePort}`;
}

/** `connection` waits for the session; undefined when its client is at another server. */
export function tellCreated(
  chronicle: Chronicle,
  sessionId: SessionId,
  { timeoutMs, connection }: { timeoutMs: number; connection: Connection | undefined },
): void {
  chronicle.tell({
    kind: 'session-created',
    sessionId,
    timeoutMs,
    address: connection ? addressOf(connection) : null,
  });
}

export function tellTouched(chronicle: Chronicle): void {
  const count = chronicle.count('session-touched');
  if (count > 0) chronicle.tell({ kind: 'session-touched', count });
}

export function tellExpired(chronicle: Chronicle, { session, bucketMs }: ExpiredSession, now: Now): void {
  const wallMsAt = (elapsedMs: number): number => now.wallMs - (now.elapsedMs - elapsedMs);
  const { sessionId, timeoutMs, lastHeardMs } = session;
  chronicle.tell({
    kind: 'session-expired',
    sessionId,
    timeoutMs,
    lastHeardMs: wallMsAt(lastHeardMs),
    bucketMs: wallMsAt(bucketMs),
  });
}

/** `ephemerals` are about to go with it. Servers that close a session have no xid of a client. */
export function tellClosed(
  chronicle: Chronicle,
  { clientId: sessionId, zxid, cxid }: TxnHeader,
  ephemerals: readonly string[],
): void {
  chronicle.tell({
    kind: 'session-closed',
    sessionId,
    zxid,
    ephemerals: ephemerals.slice(0, EPHEMERALS_TOLD_MAX),
    ephemeralCount: ephemerals.length,
    byClient: cxid !== 0,
  });
}

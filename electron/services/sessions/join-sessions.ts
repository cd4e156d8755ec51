/**
 * Joins `cons` (who is connected where) with `dump` (which sessions exist, when they end, what they own) of all servers into
 * one list. A session without a connection shows up in `dump` only; where a word is hidden, its fields are null. Pure.
 */
import type { SessionDto } from '../../../shared/api/cluster.ts';
import type { ServerRole } from '../../../shared/api/common.ts';
import { withoutChroot } from '../../../shared/path.ts';
import type { ConsConnection, ConsSession } from '../cluster/four-letter-words/cons.ts';
import type { Dump } from '../cluster/four-letter-words/dump.ts';

export interface ServerSessions {
  readonly server: string;
  readonly role: ServerRole | undefined;
  /** Undefined: not told. */
  readonly cons: readonly ConsConnection[] | undefined;
  readonly dump: Dump | undefined;
}

interface Connected {
  readonly server: string;
  readonly role: ServerRole | undefined;
  readonly connection: ConsConnection;
  readonly session: ConsSession;
}

export function joinSessions(
  servers: readonly ServerSessions[],
  { ownSessionId, chroot }: { ownSessionId: string | undefined; chroot: string },
): SessionDto[] {
  const connected = connectedSessions(servers);
  const dumps = servers.flatMap(({ role, dump }) => (dump === undefined ? [] : [{ role, dump }]));
  // Only a leader or a standalone server knows when sessions end; every server knows all ephemerals.
  const tracker = dumps.find(({ role }) => role === 'leader' || role === 'standalone')?.dump;
  const tree = tracker ?? dumps[0]?.dump;
  const ids = new Set([...connected.keys(), ...dumps.flatMap(({ dump }) => [...dump.sessions.keys()])]);
  return [...ids].map((sessionId) => {
    const ephemerals = tree === undefined ? null : (tree.ephemerals.get(sessionId) ?? []);
    const timeoutMs = dumps
      .map(({ dump }) => dump.sessions.get(sessionId)?.timeoutMs)
      .find((ms) => ms !== undefined);
    return {
      ...fromConnection(connected.get(sessionId), timeoutMs),
      sessionId,
      isOwn: sessionId === ownSessionId,
      expiresAtMs: tracker?.sessions.get(sessionId)?.expiresAtMs ?? null,
      ephemerals: ephemerals === null ? null : pathsWithin(ephemerals, chroot),
    };
  });
}

/** A session that has just moved shows up on two servers; the younger connection has it. */
function connectedSessions(servers: readonly ServerSessions[]): Map<string, Connected> {
  const sessions = new Map<string, Connected>();
  for (const { server, role, cons } of servers) {
    for (const connection of cons ?? []) {
      const { session } = connection;
      if (session === undefined) continue;
      const other = sessions.get(session.sessionId)?.session;
      const isYounger = (session.establishedAtMs ?? 0) >= (other?.establishedAtMs ?? 0);
      if (isYounger) sessions.set(session.sessionId, { server, role, connection, session });
    }
  }
  return sessions;
}

function fromConnection(
  connected: Connected | undefined,
  timeoutMs: number | undefined,
): Omit<SessionDto, 'sessionId' | 'isOwn' | 'expiresAtMs' | 'ephemerals'> {
  const { connection, session } = connected ?? {};
  return {
    server: connected?.server ?? null,
    serverRole: connected?.role ?? null,
    address: connection?.address ?? null,
    timeoutMs: session?.timeoutMs ?? timeoutMs ?? null,
    establishedAtMs: session?.establishedAtMs ?? null,
    lastOperation: session?.lastOperation ?? null,
    lastCxid: session?.lastCxid ?? null,
    lastZxid: session?.lastZxid ?? null,
    latencyMs: session?.latencyMs ?? null,
    received: connection?.received ?? null,
    sent: connection?.sent ?? null,
    queued: connection?.queued ?? null,
  };
}

/** As this connection names them; it has no name for what lies outside of its chroot. */
function pathsWithin(paths: readonly string[], chroot: string): string[] {
  return paths
    .map((path) => withoutChroot({ chroot, path }))
    .filter((path) => path !== undefined)
    .sort();
}

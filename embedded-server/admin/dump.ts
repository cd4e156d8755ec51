/** The four-letter word `dump`: sessions and connections by when they expire, and who owns which ephemeral nodes. */
import { SESSION_NONE, sessionIdToHex } from '../../shared/ids.ts';
import type { Bucket } from '../core/expiry-buckets.ts';
import type { AdminView } from './admin-view.ts';
import { formatJavaDate } from './format.ts';

export function describeDump(view: AdminView): string {
  const { server } = view;
  const sessions = server.sessions
    ? describeBuckets('Session Sets', server.sessions.buckets(), view, (session) =>
        sessionIdToHex(session.sessionId),
      )
    : describeGlobalSessions(view);
  const connections = describeBuckets(
    'Connections Sets',
    server.connections.idleBuckets(),
    view,
    (connection) =>
      `ip: /${connection.remoteAddress}:${connection.remotePort} sessionId: ` +
      sessionIdToHex(connection.session?.sessionId ?? SESSION_NONE),
  );
  return `SessionTracker dump:\n${sessions}${describeEphemerals(view)}Connections dump:\n${connections}`;
}

/** A learner knows which sessions there are, not when they expire. */
function describeGlobalSessions({ server }: AdminView): string {
  const timeoutsMs = server.database.sessionTimeoutsMs;
  let lines = `Global Sessions(${timeoutsMs.size}):\n`;
  for (const [sessionId, timeoutMs] of timeoutsMs) lines += `${sessionIdToHex(sessionId)}\t${timeoutMs}ms\n`;
  return lines;
}

function describeBuckets<T>(
  title: string,
  buckets: readonly Bucket<T>[],
  { now }: AdminView,
  describe: (member: T) => string,
): string {
  const count = buckets.reduce((sum, { members }) => sum + members.size, 0);
  let lines = `${title} (${buckets.length})/(${count}):\n`;
  for (const { expiresMs, members } of buckets) {
    const date = formatJavaDate(now.wallMs + expiresMs - now.elapsedMs);
    lines += `${members.size} expire at ${date}:\n`;
    for (const member of members) lines += `\t${describe(member)}\n`;
  }
  return lines;
}

function describeEphemerals({ server }: AdminView): string {
  const owners = server.database.tree.ephemeralOwners;
  let lines = `ephemeral nodes dump:\nSessions with Ephemerals (${owners.size}):\n`;
  for (const [sessionId, paths] of owners) {
    lines += `${sessionIdToHex(sessionId)}:\n`;
    for (const path of paths) lines += `\t${path}\n`;
  }
  return lines;
}

/** Sessions for the tests of the sessions feature: all known and healthy, but for what a test says. */
import type { SessionDto, SessionList } from '../../../../shared/api/sessions.ts';

export function session(known: Partial<SessionDto> & Pick<SessionDto, 'sessionId'>): SessionDto {
  return {
    isOwn: false,
    label: null,
    server: 'zk-1:2181',
    serverRole: 'follower',
    address: '10.0.0.1:40000',
    timeoutMs: 30_000,
    expiresAtMs: 1_030_000,
    lastHeardAtMs: 998_000,
    ephemerals: [],
    ephemeralCount: known.ephemerals === null ? null : (known.ephemerals?.length ?? 0),
    roles: [],
    roleCount: 0,
    establishedAtMs: 900_000,
    lastOperation: 'PING',
    lastCxid: '0x1',
    lastZxid: '0x100000001',
    latencyMs: { min: 0, avg: 0.5, max: 3 },
    received: 10,
    sent: 10,
    queued: 0,
    ...known,
  };
}

export function sessionList(sessions: SessionDto[], more: Partial<SessionList> = {}): SessionList {
  const servers = ['zk-1:2181'];
  const told = servers.flatMap((server) => [
    { server, word: 'cons' as const },
    { server, word: 'dump' as const },
  ]);
  return { sessions, hidden: [], servers, told, labels: {}, atMs: 1_000_000, ...more };
}

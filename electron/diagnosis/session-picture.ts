/**
 * What the picture of a session shows, before anybody looked what became of its ephemeral nodes: its connections, when it was
 * heard of, and what else happened around its end. What nobody told is null or left out, with the reason. Pure.
 */
import type {
  Coincidence,
  HiddenPart,
  PicturedConnection,
  PicturedServer,
  SessionPicture,
} from '../../shared/api/diagnosis.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { polledReigns } from './polled-reigns.ts';
import type { ServerPicture } from './server-picture.ts';
import type { SessionConnection, SessionRecord } from './session-record.ts';
import { endOf } from './session-end.ts';

/** So many timeouts before its end are shown, and so long after it. */
const TIMEOUTS_BEFORE = 2.5;
const BEFORE_MS_MIN = 15_000;
const AFTER_MS = 10_000;
const TIMEOUT_MS_ASSUMED = 10_000;
/** A quicker sync of the log is nobody's trouble. */
const FSYNC_MS_MIN = 200;
const CONNECTIONS_MAX = 20;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export function sessionPicture(
  record: SessionRecord,
  { cluster, nowMs }: { readonly cluster: ClusterPicture; readonly nowMs: number },
): SessionPicture {
  const { sessionId, createdMs, timeoutMs, connections, expiry, refusals } = record;
  const end = endOf(record);
  const endMs = end?.atMs ?? nowMs;
  const beforeMs = Math.max(BEFORE_MS_MIN, (timeoutMs ?? TIMEOUT_MS_ASSUMED) * TIMEOUTS_BEFORE);
  const window = { fromMs: endMs - beforeMs, toMs: endMs + AFTER_MS };
  return {
    sessionId,
    createdMs: createdMs ?? null,
    timeoutMs: timeoutMs ?? null,
    connections: connections
      .slice(-CONNECTIONS_MAX)
      .map((connection) => pictured(connection, cluster))
      .sort((a, b) => a.fromMs - b.fromMs),
    heard: record.heard
      .filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.toMs)
      .sort((a, b) => a.atMs - b.atMs),
    expiry:
      expiry === undefined
        ? null
        : {
            atMs: expiry.atMs,
            lastHeardMs: expiry.lastHeardMs ?? null,
            bucketMs: expiry.bucketMs ?? null,
          },
    end: end === undefined ? null : { atMs: end.atMs, byClient: end.byClient, zxid: end.zxid ?? null },
    refusals: refusals.map(({ atMs, sid }) => ({ atMs, sid: sid ?? null })),
    coincidences: coincidencesIn(window, cluster),
    reigns: polledReigns(cluster).filter(
      ({ fromMs, toMs }) => fromMs <= window.toMs && (toMs ?? Infinity) >= window.fromMs,
    ),
    servers: serversOf(record, cluster, window),
    ephemerals: end?.ephemerals?.map((path) => ({ path, restored: null, lookedMs: null })) ?? null,
    ephemeralCount: end?.ephemeralCount ?? null,
    notified: [],
    hidden: hiddenOf(record, cluster),
  };
}

function pictured(connection: SessionConnection, cluster: ClusterPicture): PicturedConnection {
  const { sid, server, address, fromMs, seenMs, endedMs, endReason } = connection;
  return {
    // Who only tells events is named by its source.
    server: cluster.bySid(sid)?.server ?? (sid === undefined ? server : null),
    sid: sid ?? null,
    address,
    fromMs,
    seenMs,
    endedMs: endedMs ?? null,
    endReason: endReason === undefined || endReason === '' ? null : endReason,
  };
}

/** Of its last connection, and the leader's. */
function serversOf(
  { sessionId, connections }: SessionRecord,
  cluster: ClusterPicture,
  window: Window,
): PicturedServer[] {
  const last = connections.at(-1);
  const own = cluster.bySid(last?.sid) ?? cluster.servers.find(({ server }) => server === last?.server);
  const leader = cluster.reignAt(window.toMs - AFTER_MS)?.leader;
  return [own, leader === own ? undefined : leader]
    .filter((server) => server !== undefined)
    .map((server) => ({
      sid: server.sid ?? null,
      server: server.server,
      answers: [...server.answers].filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.toMs),
      otherSessionCount: otherSessions(server, sessionId),
    }));
}

function otherSessions({ connections }: ServerPicture, sessionId: string): number | null {
  if (connections === undefined) return null;
  return connections.list.filter(({ session }) => session !== undefined && session.sessionId !== sessionId)
    .length;
}

function coincidencesIn(window: Window, cluster: ClusterPicture): Coincidence[] {
  const isWithin = ({ fromMs, toMs }: { fromMs: number; toMs: number | null }): boolean =>
    fromMs <= window.toMs && (toMs ?? Infinity) >= window.fromMs;
  return [
    ...electionsOf(cluster).filter(isWithin),
    ...toldOf(cluster).filter(isWithin),
    ...cluster.servers.flatMap(lossesOf).filter(isWithin),
    ...cluster.servers.flatMap((server) => startsOf(server, window)),
    ...[...cluster.ownStalls]
      .map(({ fromMs, toMs }) => ({ kind: 'own-stall' as const, fromMs, toMs }))
      .filter(isWithin),
  ];
}

type CoincidenceOf<Kind extends Coincidence['kind']> = Extract<Coincidence, { kind: Kind }>;

function electionsOf(cluster: ClusterPicture): CoincidenceOf<'election'>[] {
  const reigns = polledReigns(cluster);
  return reigns.flatMap(({ leader, epoch, fromMs }, index) => {
    const former = reigns[index - 1];
    if (former === undefined) return [];
    return [{ kind: 'election' as const, fromMs: former.toMs ?? fromMs, toMs: fromMs, leader, epoch }];
  });
}

type OfDiskOrProcess = CoincidenceOf<'fsync'> | CoincidenceOf<'stall'>;

/** What servers tell, or their logs, of their disks and processes. */
function toldOf(cluster: ClusterPicture): OfDiskOrProcess[] {
  const told = [...cluster.told].flatMap((event): OfDiskOrProcess[] => {
    switch (event.kind) {
      case 'fsync':
        return event.maxMs < FSYNC_MS_MIN
          ? []
          : [{ kind: 'fsync' as const, sid: event.sid, fromMs: event.atMs - event.maxMs, toMs: event.atMs }];
      case 'stall':
        return [
          {
            kind: 'stall' as const,
            sid: event.sid,
            fromMs: event.atMs - event.durationMs,
            toMs: event.atMs,
          },
        ];
      default:
        return [];
    }
  });
  const logged = [...cluster.marks].flatMap(({ line, sid, atMs }): OfDiskOrProcess[] =>
    line.mark === 'fsync-slow' && sid !== undefined
      ? [{ kind: 'fsync' as const, sid, fromMs: atMs - line.durationMs, toMs: atMs }]
      : [],
  );
  return [...told, ...logged];
}

function lossesOf(server: ServerPicture): CoincidenceOf<'server-lost'>[] {
  return [...server.spans].flatMap((span) => {
    const { standing, fromMs } = span;
    if (standing === 'serving') return [];
    const endMs = server.endOf(span);
    return [
      {
        kind: 'server-lost' as const,
        sid: server.sid ?? null,
        server: server.server,
        standing,
        fromMs,
        toMs: endMs === Infinity ? null : endMs,
      },
    ];
  });
}

function startsOf(server: ServerPicture, { fromMs, toMs }: Window): CoincidenceOf<'server-started'>[] {
  return [...server.startsMs]
    .filter((atMs) => atMs >= fromMs && atMs <= toMs)
    .map((atMs) => ({
      kind: 'server-started' as const,
      sid: server.sid ?? null,
      server: server.server,
      atMs,
    }));
}

function hiddenOf(record: SessionRecord, cluster: ClusterPicture): HiddenPart[] {
  const { connections, heard, expiry } = record;
  const end = endOf(record);
  const hidden: HiddenPart[] = [];
  const why = whyUnseen(record, cluster);
  if (connections.length === 0) hidden.push({ part: 'connections', why });
  if (heard.length === 0) hidden.push({ part: 'heard', why });
  if (end === undefined) return hidden;
  if (!end.byClient && expiry?.lastHeardMs === undefined) {
    hidden.push({ part: 'last-heard', why: 'no-events' });
  }
  if (end.ephemerals === undefined) hidden.push({ part: 'ephemerals', why: 'no-events' });
  else if (end.ephemerals.length > 0) hidden.push({ part: 'notified', why: 'nobody-tells' });
  return hidden;
}

function whyUnseen(record: SessionRecord, cluster: ClusterPicture): HiddenPart['why'] {
  const end = endOf(record);
  if (end !== undefined && end.atMs < cluster.startedMs) return 'before-watching';
  return cluster.servers.every(({ connections }) => connections === undefined)
    ? 'not-whitelisted'
    : 'no-events';
}

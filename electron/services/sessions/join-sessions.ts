/**
 * Joins `cons` (who is connected where) with `dump` (which sessions exist, when they end, what they own) of all servers into
 * one list. A session without a connection shows up in `dump` only; where a word is hidden, its fields are null. Pure.
 */
import { EPHEMERALS_LISTED_MAX, ROLES_LISTED_MAX, type SessionDto } from '../../../shared/api/sessions.ts';
import type { ServerRole } from '../../../shared/api/common.ts';
import { withoutChroot } from '../../../shared/path.ts';
import type { ConsConnection, ConsSession } from '../cluster/four-letter-words/cons.ts';
import type { Dump } from '../cluster/four-letter-words/dump.ts';
import { Recipes } from './recipes.ts';

export interface ServerSessions {
  readonly server: string;
  readonly role: ServerRole | undefined;
  /** Undefined: not told. */
  readonly cons: readonly ConsConnection[] | undefined;
  /** When a connection of `cons` was answered last, on Zabra's clock; undefined with `cons`. */
  readonly heardAtMs: ((connection: ConsConnection) => number | undefined) | undefined;
  readonly dump: Dump | undefined;
}

export interface JoinOptions {
  readonly ownSessionIds: ReadonlySet<string>;
  readonly chroot: string;
  /** What a person calls clients, by session id or host. */
  readonly labels: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

interface Connected {
  readonly server: string;
  readonly role: ServerRole | undefined;
  readonly connection: ConsConnection;
  readonly session: ConsSession;
  readonly lastHeardAtMs: number | undefined;
}

export function joinSessions(
  servers: readonly ServerSessions[],
  { ownSessionIds, chroot, labels, nowMs }: JoinOptions,
): SessionDto[] {
  const connected = connectedSessions(servers);
  const dumps = servers.flatMap(({ role, dump }) => (dump === undefined ? [] : [{ role, dump }]));
  // Only a leader or a standalone server knows when sessions end; every server knows all ephemerals.
  const tracker = dumps.find(({ role }) => role === 'leader' || role === 'standalone')?.dump;
  const owned = ownedPaths(servers, chroot);
  const recipes = recipesOf(owned);
  const ids = new Set([...connected.keys(), ...dumps.flatMap(({ dump }) => [...dump.sessions.keys()])]);
  return [...ids].map((sessionId) => {
    const ephemerals = owned === undefined ? null : (owned.get(sessionId) ?? []);
    const roles = recipes.rolesOf(sessionId);
    const connection = connected.get(sessionId);
    const timeoutMs = dumps
      .map(({ dump }) => dump.sessions.get(sessionId)?.timeoutMs)
      .find((ms) => ms !== undefined);
    const expiresAtMs = tracker?.sessions.get(sessionId)?.expiresAtMs ?? null;
    const facts = fromConnection(connection, timeoutMs);
    return {
      ...facts,
      sessionId,
      isOwn: ownSessionIds.has(sessionId),
      label: labelOf({ sessionId, address: connection?.connection.address }, labels),
      expiresAtMs,
      lastHeardAtMs: lastHeardOf(facts, { expiresAtMs, nowMs }),
      ephemerals: ephemerals?.slice(0, EPHEMERALS_LISTED_MAX) ?? null,
      ephemeralCount: ephemerals?.length ?? null,
      roles: roles.slice(0, ROLES_LISTED_MAX),
      roleCount: roles.length,
    };
  });
}

/** A session that has just moved shows up on two servers; the younger connection has it. */
function connectedSessions(servers: readonly ServerSessions[]): Map<string, Connected> {
  const sessions = new Map<string, Connected>();
  for (const { server, role, cons, heardAtMs } of servers) {
    for (const connection of cons ?? []) {
      const { session } = connection;
      if (session === undefined) continue;
      const other = sessions.get(session.sessionId)?.session;
      const isYounger = (session.establishedAtMs ?? 0) >= (other?.establishedAtMs ?? 0);
      const lastHeardAtMs = heardAtMs?.(connection);
      if (isYounger) sessions.set(session.sessionId, { server, role, connection, session, lastHeardAtMs });
    }
  }
  return sessions;
}

/**
 * `dump` is asked when somebody looks, `cons` a little earlier: what the leader heard meanwhile moved the end on. It ends a
 * timeout after that, and at most a tick and a half later (its bucket, and how late a follower tells).
 */
function lastHeardOf(
  { lastHeardAtMs, timeoutMs }: Pick<SessionDto, 'lastHeardAtMs' | 'timeoutMs'>,
  { expiresAtMs, nowMs }: { expiresAtMs: number | null; nowMs: number },
): number | null {
  if (lastHeardAtMs === null || expiresAtMs === null || timeoutMs === null) return lastHeardAtMs;
  const bySessionEndMs = expiresAtMs - timeoutMs - BUCKET_MS_MAX;
  // Beyond now the leader's clock is another one than ours.
  return bySessionEndMs > nowMs ? lastHeardAtMs : Math.max(lastHeardAtMs, bySessionEndMs);
}

/** With ticks of two seconds, as ZooKeeper has them where nothing else is said. */
const BUCKET_MS_MAX = 3_000;

type SessionFact =
  'sessionId' | 'isOwn' | 'label' | 'expiresAtMs' | 'ephemerals' | 'ephemeralCount' | 'roles' | 'roleCount';

function fromConnection(
  connected: Connected | undefined,
  timeoutMs: number | undefined,
): Omit<SessionDto, SessionFact> {
  const { connection, session } = connected ?? {};
  return {
    server: connected?.server ?? null,
    serverRole: connected?.role ?? null,
    address: connection?.address ?? null,
    timeoutMs: session?.timeoutMs ?? timeoutMs ?? null,
    lastHeardAtMs: connected?.lastHeardAtMs ?? null,
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

/** The ephemerals of each session, in order; undefined where no server tells. */
export function ownedPaths(
  servers: readonly Pick<ServerSessions, 'role' | 'dump'>[],
  chroot: string,
): Map<string, string[]> | undefined {
  const leading = servers.find(({ role }) => role === 'leader' || role === 'standalone')?.dump;
  const dump = leading ?? servers.find((each) => each.dump !== undefined)?.dump;
  if (dump === undefined) return undefined;
  return new Map([...dump.ephemerals].map(([sessionId, paths]) => [sessionId, pathsWithin(paths, chroot)]));
}

export function recipesOf(owned: ReadonlyMap<string, readonly string[]> | undefined): Recipes {
  const present = [...(owned ?? [])].flatMap(([sessionId, paths]) =>
    paths.map((path) => ({ path, sessionId })),
  );
  return new Recipes(present);
}

/** The name of the session itself counts for more than that of its host. */
export function labelOf(
  { sessionId, address }: { sessionId: string; address: string | null | undefined },
  labels: ReadonlyMap<string, string>,
): SessionDto['label'] {
  const own = labels.get(sessionId);
  if (own !== undefined) return { text: own, of: 'session' };
  const host = address === null || address === undefined ? undefined : labels.get(hostOf(address));
  return host === undefined ? null : { text: host, of: 'host' };
}

/** `10.0.0.7:4711` → `10.0.0.7`; an IPv6 address may have colons of its own. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}

/** As this connection names them; it has no name for what lies outside of its chroot. */
function pathsWithin(paths: readonly string[], chroot: string): string[] {
  return paths
    .map((path) => withoutChroot({ chroot, path }))
    .filter((path) => path !== undefined)
    .sort();
}

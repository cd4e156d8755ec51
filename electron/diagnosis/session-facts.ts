/** What is known of a session's end, as facts, and whether what servers count is credible. Pure. */
import { type Standing, say } from '../../shared/api/sentences.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { type Fact, fact } from './draft.ts';
import type { SessionConnection, SessionEnd, SessionRecord, SessionRefusal } from './session-record.ts';

/** A connection that is found gone with the end of its session was closed by the server, because of it. */
export const TOGETHER_MS = 400;
/** Of those that were removed with a session; a lock service may have very many. */
const EPHEMERALS_MAX = 100;
/** After a server was lost its clients come to others for so long. */
const UNREST_MS = 20_000;
const UNREST = [
  'refused',
  'unroutable',
  'silent',
  'looking',
  'hung-up',
] as const satisfies readonly Standing[];

export function endingFact(end: SessionEnd): Fact {
  if (end.presumed !== undefined) {
    return fact(end.atMs, end.source, say('fact.not-listed', { listedMs: end.presumed.listedMs }));
  }
  const ephemerals = end.ephemerals?.slice(0, EPHEMERALS_MAX) ?? [];
  const key = end.byClient ? 'fact.closed-by-client' : 'fact.closed-by-servers';
  return fact(end.atMs, end.source, say(key, { ephemerals }));
}

export function expiryFacts({ expiry, timeoutMs }: SessionRecord): Fact[] {
  if (expiry === undefined) return [];
  const { atMs, source, lastHeardMs = null } = expiry;
  return [fact(atMs, source, say('fact.timeout-passed', { timeoutMs: timeoutMs ?? null, lastHeardMs }))];
}

export function connectionFacts({ connections }: SessionRecord): Fact[] {
  return connections.slice(-3).map((connection) => {
    const { address, fromMs, endedMs = null, endReason = '' } = connection;
    const reason = endReason === '' ? null : endReason;
    const server = serverOf(connection);
    return fact(fromMs, connection.source, say('fact.connected', { address, server, endedMs, reason }));
  });
}

export function refusalFact({ atMs, source, sid, isPresumed }: SessionRefusal): Fact {
  const server = sid === undefined ? null : String(sid);
  return fact(atMs, source, say(isPresumed ? 'fact.somebody-returned' : 'fact.session-refused', { server }));
}

/** Who counts clients that come back counts those, too, whose server was lost. */
export function isCredible({ atMs, isPresumed }: SessionRefusal, cluster: ClusterPicture): boolean {
  if (isPresumed !== true) return true;
  if (cluster.tellsRefusals) return false;
  const window = { fromMs: atMs - UNREST_MS, toMs: atMs };
  return cluster.servers.every((server) =>
    UNREST.every((standing) => server.stood(standing, window) === undefined),
  );
}

export function serverOf({ sid, server }: SessionConnection): string {
  return sid === undefined ? server : String(sid);
}

/**
 * What there is to say about sessions, as findings that the view has sentences for. Pure. Each says only what its facts
 * prove: a server that hides its connections, or was never asked, may have the one that is missing.
 */
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import { expiryOf, pingIntervalMs } from './expiry.ts';

export type SessionFinding =
  | { readonly kind: 'own' }
  /** Close to its end: pings were missed. `peers` other sessions of the server are well, null when that is not known. */
  | {
      readonly kind: 'close';
      readonly pingMs: number;
      readonly server: string | null;
      readonly peersWell: number | null;
      readonly peersClose: number;
    }
  /** No server that was asked has its connection, and pings were missed. */
  | { readonly kind: 'disconnected'; readonly leftMs: number }
  /** No server that was asked has its connection; it may be on one that was not, or be on its way. */
  | { readonly kind: 'not-here'; readonly serverCount: number }
  /** No server lists it, but some did not tell. */
  | { readonly kind: 'connection-unknown' }
  | { readonly kind: 'queued'; readonly count: number }
  | { readonly kind: 'ephemerals'; readonly count: number };

export function findingsOf(
  session: SessionDto,
  { list, nowMs }: { list: SessionList; nowMs: number },
): SessionFinding[] {
  const findings: SessionFinding[] = [];
  if (session.isOwn) findings.push({ kind: 'own' });
  const expiry = expiryOf(session, { nowMs, polledAtMs: list.atMs });
  const whereabouts = whereaboutsOf(session, list);
  if (whereabouts === 'unknown') findings.push({ kind: 'connection-unknown' });
  else if (whereabouts === 'not-here') findings.push({ kind: 'not-here', serverCount: list.servers.length });
  else if (whereabouts === 'disconnected')
    findings.push({ kind: 'disconnected', leftMs: expiry?.leftMs ?? 0 });
  else if (expiry?.isClose === true && session.timeoutMs !== null) {
    findings.push({ kind: 'close', pingMs: pingIntervalMs(session.timeoutMs), ...peersOf(session, list) });
  }
  if (session.queued !== null && session.queued > 0) findings.push({ kind: 'queued', count: session.queued });
  const ephemerals = session.ephemeralCount ?? 0;
  if (ephemerals > 0) findings.push({ kind: 'ephemerals', count: ephemerals });
  return findings;
}

export type Whereabouts = 'connected' | 'disconnected' | 'not-here' | 'unknown';

/**
 * Where a session's connection is. An ensemble may have servers that nobody told Zabra about, so a session that none of the
 * asked ones has counts as disconnected only when the leader has not heard of it for two pings.
 */
export function whereaboutsOf(session: SessionDto, list: SessionList): Whereabouts {
  if (session.server !== null) return 'connected';
  if (list.hidden.some(({ word }) => word === 'cons')) return 'unknown';
  const expiry = expiryOf(session, { nowMs: list.atMs, polledAtMs: list.atMs });
  return expiry?.isClose === true ? 'disconnected' : 'not-here';
}

/** The servers that told at least one of the words that the list is made of. */
export function tellingServers({ servers, told }: SessionList): string[] {
  return servers.filter((server) => told.some((each) => each.server === server));
}

/** The words that some server told. */
export function toldWords({ told }: SessionList): string[] {
  return [...new Set(told.map(({ word }) => word))].sort();
}

/** How the other sessions of the same server do: it tells a slow client from a slow server. */
function peersOf(
  session: SessionDto,
  list: SessionList,
): { server: string | null; peersWell: number | null; peersClose: number } {
  const peers = list.sessions.filter(
    (other) => other.server === session.server && other.sessionId !== session.sessionId,
  );
  const expiries = peers.map((peer) => expiryOf(peer, { nowMs: list.atMs, polledAtMs: list.atMs }));
  if (peers.length === 0 || expiries.includes(null))
    return { server: session.server, peersWell: null, peersClose: 0 };
  const peersClose = expiries.filter((expiry) => expiry?.isClose === true).length;
  return { server: session.server, peersWell: peers.length - peersClose, peersClose };
}

/** How many sessions may end soon; null when the leader does not tell when sessions end. */
export function countClose(list: SessionList): number | null {
  const expiries = list.sessions.map((each) => expiryOf(each, { nowMs: list.atMs, polledAtMs: list.atMs }));
  if (expiries.every((expiry) => expiry === null)) return null;
  return expiries.filter((expiry) => expiry?.isClose === true).length;
}

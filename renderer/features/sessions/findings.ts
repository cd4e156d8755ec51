/**
 * What there is to say about one session, as findings that the view has sentences for. Pure. Each says only what its facts
 * prove: a session without a connection is one that no server lists, and only when every server was willing to tell.
 */
import type { SessionDto, SessionList } from '../../../shared/api/cluster.ts';
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
  | { readonly kind: 'disconnected'; readonly leftMs: number | null }
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
  if (session.server === null) {
    findings.push(
      isDisconnected(session, list)
        ? { kind: 'disconnected', leftMs: expiry?.leftMs ?? null }
        : { kind: 'connection-unknown' },
    );
  } else if (expiry?.isClose === true && session.timeoutMs !== null) {
    findings.push({ kind: 'close', pingMs: pingIntervalMs(session.timeoutMs), ...peersOf(session, list) });
  }
  if (session.queued !== null && session.queued > 0) findings.push({ kind: 'queued', count: session.queued });
  const ephemerals = session.ephemerals?.length ?? 0;
  if (ephemerals > 0) findings.push({ kind: 'ephemerals', count: ephemerals });
  return findings;
}

/** Whether no server has a connection of it. False also where a server that may have one does not tell. */
export function isDisconnected(session: SessionDto, list: SessionList): boolean {
  return session.server === null && !list.hidden.some(({ word }) => word === 'cons');
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

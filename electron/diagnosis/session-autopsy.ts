/**
 * Why a session ended: a closeSession that a client asked for has its xid, one of the server's own has none (PROTOCOL.md
 * 7.5). The rest follows from where its last connection was, and whether that ended before the session did. Pure.
 */
import type { Finding } from '../../shared/api/findings.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { type Evidence, CLIENT_PORT, duration, fact, iso } from './evidence.ts';
import type { SessionConnection, SessionEnd, SessionRecord } from './session-book.ts';

type SessionFinding = Extract<Finding, { kind: 'session-ended' }>;
type Verdict = Pick<SessionFinding, 'cause' | 'confidence' | 'answer' | 'evidence'>;

/** A connection that is found gone with the end of its session was closed by the server, because of it. */
const TOGETHER_MS = 400;
/** Somebody who takes a session over to end it does not stay. */
const TAKEOVER_MS_MAX = 3000;
/** What was lost this long before a connection ended took the connection along. */
const LOSS_MS = 3000;
/** A client may come back late; what is known by then is told again. */
const REVISED_MS = 120_000;
/** Sources differ in how soon they tell of an end. */
const SETTLE_MS = 1500;

export interface Autopsied {
  readonly cluster: ClusterPicture;
  readonly nowMs: number;
}

export function decideSessions(records: readonly SessionRecord[], { cluster, nowMs }: Autopsied): Finding[] {
  const findings: Finding[] = [];
  for (const record of records) {
    const { end } = record;
    if (end === undefined || end.atMs < cluster.startedMs) continue;
    const ageMs = nowMs - end.atMs;
    if (ageMs < SETTLE_MS || ageMs > REVISED_MS) continue;
    findings.push({
      id: `session-ended/${record.sessionId}`,
      at: iso(end.atMs),
      kind: 'session-ended',
      subject: record.sessionId,
      ...autopsy(record, end, cluster),
      hidden: hiddenOf(record),
    });
  }
  return findings;
}

function autopsy(record: SessionRecord, end: SessionEnd, cluster: ClusterPicture): Verdict {
  const evidence = [endingFact(end), ...expiryFacts(record)];
  return end.byClient ? closedBySomebody(record, end, evidence) : expired(record, end, cluster, evidence);
}

function closedBySomebody(record: SessionRecord, end: SessionEnd, evidence: readonly Evidence[]): Verdict {
  const taker = record.connections.at(-1);
  const owner = record.connections.at(-2);
  if (taker !== undefined && owner !== undefined && isTakeover({ taker, owner, end })) {
    return {
      cause: 'ended-by-admin',
      confidence: 0.85,
      answer: `Session ${record.sessionId} was ended in its client's name: somebody at ${taker.address} took it over while ${owner.address} still held it, and closed it.`,
      evidence: [
        fact(taker.fromMs, placeOf(taker), `${taker.address} took the session over from ${owner.address}`),
        ...evidence,
      ],
    };
  }
  if (taker !== undefined && isCountedAnew(record, taker)) {
    return {
      cause: 'ended-by-admin',
      confidence: 0.75,
      answer: `Session ${record.sessionId} was ended in the name of its client at ${taker.address}: the closeSession came on another connection, which counted its requests anew.`,
      evidence: [
        fact(
          record.lastWrite?.atMs,
          end.source,
          `the client's own last write had number ${record.lastWrite?.cxid ?? 0}, the closeSession ${record.closeCxid ?? 0}`,
        ),
        ...evidence,
      ],
    };
  }
  const who = taker === undefined ? '' : ` at ${taker.address}`;
  return {
    cause: 'client-closed',
    confidence: 0.97,
    answer: `Session ${record.sessionId} was closed by its own client${who}.`,
    evidence: [...evidence, ...connectionFacts(record)],
  };
}

/** The owner's connection is the one that wrote before, and yet the closeSession's number is no later one. */
function isCountedAnew({ lastWrite, closeCxid, end }: SessionRecord, owner: SessionConnection): boolean {
  if (lastWrite === undefined || closeCxid === undefined || end === undefined) return false;
  const wasHeld = owner.endedMs === undefined || owner.endedMs >= end.atMs - TOGETHER_MS;
  return wasHeld && owner.fromMs <= lastWrite.atMs + TOGETHER_MS && closeCxid <= lastWrite.cxid;
}

function isTakeover({
  taker,
  owner,
  end,
}: {
  taker: SessionConnection;
  owner: SessionConnection;
  end: SessionEnd;
}): boolean {
  const wasHeld = owner.endedMs === undefined || owner.endedMs >= taker.fromMs - TOGETHER_MS / 4;
  const wasTakenOver = owner.endReason === undefined || owner.endReason.includes('taken over');
  return wasHeld && wasTakenOver && end.atMs - taker.fromMs < TAKEOVER_MS_MAX;
}

function expired(
  record: SessionRecord,
  end: SessionEnd,
  cluster: ClusterPicture,
  evidence: readonly Evidence[],
): Verdict {
  const { sessionId } = record;
  const last = record.connections.at(-1);
  const facts = [...evidence, ...connectionFacts(record), ...coincidences(record, end, cluster)];
  const late = record.refusals.find(({ atMs }) => atMs >= end.atMs - TOGETHER_MS);
  // Who only wakes up comes back late, too: it had not lost its connection before.
  const wasCutOff =
    last === undefined || endedBefore(last, end) || lostServer(last, end, cluster) !== undefined;
  if (late !== undefined && wasCutOff) {
    const where = late.sid === undefined ? 'a server' : `server ${late.sid}`;
    return {
      cause: 'moved-too-late',
      confidence: 0.95,
      answer: `Session ${sessionId} expired because its client came back too late: it tried ${where} ${duration(Math.max(0, late.atMs - end.atMs))} after the session was over.`,
      evidence: [fact(late.atMs, late.source, `${where} refused the session, which had expired`), ...facts],
    };
  }
  if (last === undefined) return withoutConnection(record, facts);
  const loss = lostServer(last, end, cluster);
  if (loss !== undefined) {
    return {
      cause: 'server-lost',
      confidence: 0.9,
      answer: `Session ${sessionId} expired because ${nameOf(last)}, which had its connection, was lost and its client did not come back within the timeout${timeoutOf(record)}.`,
      evidence: [loss, ...facts],
    };
  }
  if (endedBefore(last, end) || record.hungUp !== undefined) {
    const endedMs = last.endedMs ?? record.hungUp?.atMs;
    return {
      cause: 'client-gone',
      confidence: 0.93,
      answer: `Session ${sessionId} expired because its client at ${last.address} went away without closing it and never came back${timeoutOf(record)}.`,
      evidence: [
        fact(endedMs, placeOf(last), `the connection of ${last.address} ended without a closeSession`),
        ...facts,
      ],
    };
  }
  return silent(record, last, { facts, late });
}

function silent(
  record: SessionRecord,
  last: SessionConnection,
  { facts, late }: { facts: readonly Evidence[]; late: SessionRecord['refusals'][number] | undefined },
): Verdict {
  // Only a process that ran again comes back; a cable that was plugged in again makes the same picture, but not so soon.
  const nature =
    late === undefined
      ? 'it was paused or cut off, which looks the same from a server'
      : 'it came back later, so it was paused or cut off for a while';
  const came = late === undefined ? [] : [fact(late.atMs, late.source, 'the client came back after the end')];
  return {
    cause: 'client-silent',
    confidence: 0.9,
    answer: `Session ${record.sessionId} expired because nothing was heard of its client at ${last.address}${timeoutOf(record)} although the connection stayed open: ${nature}.`,
    evidence: [
      fact(last.seenMs, placeOf(last), `the connection of ${last.address} was there until the session ended`),
      ...came,
      ...facts,
    ],
  };
}

/** Neither events nor `cons` showed a connection. */
function withoutConnection(record: SessionRecord, facts: readonly Evidence[]): Verdict {
  const { sessionId, hungUp } = record;
  if (hungUp !== undefined) {
    return {
      cause: 'client-gone',
      confidence: 0.8,
      answer: `Session ${sessionId} expired because its client hung up without closing it.`,
      evidence: [fact(hungUp.atMs, hungUp.source, 'the client hung up'), ...facts],
    };
  }
  return {
    cause: 'unknown',
    confidence: 0.3,
    answer: `Session ${sessionId} was ended by the servers, and where its connection was could not be seen.`,
    evidence: [...facts],
  };
}

function endedBefore({ endedMs, endReason }: SessionConnection, end: SessionEnd): boolean {
  if (endedMs === undefined) return false;
  // The server's own reasons for hanging up are ends of the session, not causes.
  if (endReason !== undefined) return endedMs < end.atMs - TOGETHER_MS / 8 && !isSilence(endReason);
  return endedMs < end.atMs - TOGETHER_MS;
}

function isSilence(reason: string): boolean {
  return reason.includes('silent') || reason.includes('expired');
}

/** The server of the connection was lost while it had it. */
function lostServer(last: SessionConnection, end: SessionEnd, cluster: ClusterPicture): Evidence | undefined {
  const server = cluster.bySid(last.sid);
  if (server === undefined) return undefined;
  const endedMs = last.endedMs ?? end.atMs;
  const window = { fromMs: Math.max(last.fromMs, endedMs - LOSS_MS * 3), toMs: endedMs };
  for (const standing of ['refused', 'unroutable', 'silent', 'looking'] as const) {
    const span = server.stood(standing, window);
    if (span === undefined || span.fromMs < last.fromMs) continue;
    const isBrief = server.endOf(span) - span.fromMs < LOSS_MS / 3;
    if (isBrief || span.fromMs > end.atMs - TOGETHER_MS) continue;
    return fact(span.fromMs, CLIENT_PORT, `${server.name} stood ${standing}`);
  }
  if (server.startedBetween(window.fromMs, end.atMs)) {
    return fact(server.startedMs, CLIENT_PORT, `${server.name} was started anew`);
  }
  return undefined;
}

/** What else happened while the session was not heard of. */
function coincidences(record: SessionRecord, end: SessionEnd, cluster: ClusterPicture): Evidence[] {
  const fromMs = end.atMs - 2 * (record.timeoutMs ?? LOSS_MS);
  const facts: Evidence[] = [];
  const reign = cluster.reigns.findLast(
    (candidate) => candidate.fromMs >= fromMs && candidate.fromMs <= end.atMs,
  );
  if (reign !== undefined && cluster.before(reign) !== undefined) {
    facts.push(fact(reign.fromMs, CLIENT_PORT, `${reign.leader.name} was elected, epoch ${reign.epoch}`));
  }
  for (const event of cluster.told) {
    if (event.atMs < fromMs || event.atMs > end.atMs) continue;
    if (event.kind === 'stall') {
      facts.push(
        fact(
          event.atMs,
          `events of server ${event.sid}`,
          `its process did not run for ${duration(event.durationMs)}`,
        ),
      );
    }
  }
  if (cluster.stalledBetween(fromMs, end.atMs)) {
    facts.push(
      fact(end.atMs, 'Zabra', 'Zabra itself did not run for a while, and may have missed something'),
    );
  }
  return facts;
}

function endingFact(end: SessionEnd): Evidence {
  const who = end.byClient ? "with a client's xid" : 'by the servers themselves, as no client asked for it';
  const { ephemerals } = end;
  const gone =
    ephemerals === undefined || ephemerals.length === 0
      ? ''
      : `; ephemerals removed: ${ephemerals.slice(0, 5).join(', ')}${ephemerals.length > 5 ? ', …' : ''}`;
  return fact(end.atMs, end.source, `closeSession ${who}${gone}`);
}

function expiryFacts({ expiry, timeoutMs }: SessionRecord): Evidence[] {
  if (expiry === undefined) return [];
  const heard = expiry.lastHeardMs === undefined ? '' : `, last heard of at ${iso(expiry.lastHeardMs)}`;
  const timeout = timeoutMs === undefined ? '' : ` of ${duration(timeoutMs)}`;
  return [fact(expiry.atMs, expiry.source, `the leader let its timeout${timeout} pass${heard}`)];
}

function connectionFacts({ connections }: SessionRecord): Evidence[] {
  return connections.slice(-3).map((connection) => {
    const end =
      connection.endedMs === undefined
        ? ''
        : `, gone at ${iso(connection.endedMs)}${connection.endReason ? ` (${connection.endReason})` : ''}`;
    return fact(
      connection.fromMs,
      placeOf(connection),
      `${connection.address} was connected to ${nameOf(connection)}${end}`,
    );
  });
}

function hiddenOf({ connections, end, expiry }: SessionRecord): string[] {
  const hidden: string[] = [];
  if (connections.length === 0) {
    hidden.push(
      'Where its connection was: no server told (4lw.commands.whitelist without cons, and no builtin server).',
    );
  }
  if (expiry?.lastHeardMs === undefined && end?.byClient === false) {
    hidden.push('When its client was last heard of: only a builtin leader tells that.');
  }
  return hidden;
}

function timeoutOf({ timeoutMs }: SessionRecord): string {
  return timeoutMs === undefined ? '' : ` for its timeout of ${duration(timeoutMs)}`;
}

function nameOf({ sid, server }: SessionConnection): string {
  return sid === undefined ? server : `server ${sid}`;
}

function placeOf({ sid, server }: SessionConnection): string {
  return sid === undefined ? server : `server ${sid}`;
}

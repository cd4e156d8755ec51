/**
 * Why a session ended: a closeSession that a client asked for has its xid, one of the server's own has none (PROTOCOL.md
 * 7.5). The rest follows from where its last connection was, and whether that ended before the session did. Pure.
 */
import { type Sentence, type Standing, say } from '../../shared/api/sentences.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, eventsOf, fact } from './draft.ts';
import type { SessionConnection, SessionEnd, SessionRecord, SessionRefusal } from './session-book.ts';
import { endOf } from './session-end.ts';

type SessionDraft = DraftOf<'session-ended'>;
type Verdict = Pick<SessionDraft, 'cause' | 'confidence' | 'answer' | 'evidence'>;

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
/** What is presumed waits for the counts after it. */
const SETTLE_COUNTED_MS = 3500;
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

export interface Autopsied {
  readonly cluster: ClusterPicture;
  readonly nowMs: number;
}

export function decideSessions(
  records: readonly SessionRecord[],
  { cluster, nowMs }: Autopsied,
): SessionDraft[] {
  const findings: SessionDraft[] = [];
  for (const record of records) {
    const end = endOf(record);
    if (end === undefined || end.atMs < cluster.startedMs) continue;
    const ageMs = nowMs - end.atMs;
    const settleMs = end.presumed === undefined ? SETTLE_MS : SETTLE_COUNTED_MS;
    if (ageMs < settleMs || ageMs > REVISED_MS) continue;
    findings.push({
      id: `session-ended/${record.sessionId}`,
      atMs: end.atMs,
      kind: 'session-ended',
      subject: record.sessionId,
      ...autopsy(record, end, cluster),
      hidden: hiddenOf(record, { end, cluster }),
    });
  }
  return findings;
}

function autopsy(record: SessionRecord, end: SessionEnd, cluster: ClusterPicture): Verdict {
  const evidence = [endingFact(end), ...expiryFacts(record)];
  return end.byClient ? closedBySomebody(record, end, evidence) : expired(record, end, cluster, evidence);
}

function closedBySomebody(record: SessionRecord, end: SessionEnd, evidence: readonly Fact[]): Verdict {
  const taker = record.connections.at(-1);
  const owner = record.connections.at(-2);
  if (record.endedHere !== undefined) {
    const { atMs, server } = record.endedHere;
    return {
      cause: 'ended-by-admin',
      confidence: 1,
      answer: say('session.ended-here', { session: record.sessionId, server }),
      evidence: [
        fact(atMs, say('source.zabra', {}), say('fact.ended-here', { server })),
        ...evidence,
        ...connectionFacts(record),
      ],
    };
  }
  if (taker !== undefined && owner !== undefined && isTakeover({ taker, owner, end })) {
    return {
      cause: 'ended-by-admin',
      confidence: 0.85,
      answer: say('session.taken-over', {
        session: record.sessionId,
        by: taker.address,
        owner: owner.address,
      }),
      evidence: [
        fact(taker.fromMs, taker.source, say('fact.taken-over', { by: taker.address, owner: owner.address })),
        ...evidence,
      ],
    };
  }
  if (taker !== undefined && isCountedAnew(record, taker)) {
    return {
      cause: 'ended-by-admin',
      confidence: 0.75,
      answer: say('session.closed-in-its-name', { session: record.sessionId, owner: taker.address }),
      evidence: [
        fact(
          record.lastWrite?.atMs,
          end.source,
          say('fact.counted-anew', { lastWrite: record.lastWrite?.cxid ?? 0, close: record.closeCxid ?? 0 }),
        ),
        ...evidence,
      ],
    };
  }
  return {
    cause: 'client-closed',
    confidence: end.presumed === undefined ? 0.97 : 0.8,
    answer: say('session.closed', { session: record.sessionId, address: taker?.address ?? null }),
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
  evidence: readonly Fact[],
): Verdict {
  const { sessionId } = record;
  const timeoutMs = record.timeoutMs ?? null;
  const last = record.connections.at(-1);
  const facts = [...evidence, ...connectionFacts(record), ...coincidences(record, end, cluster)];
  const late = record.refusals.find(
    (refusal) => refusal.atMs >= end.atMs - TOGETHER_MS && isCredible(refusal, cluster),
  );
  // Who only wakes up comes back late, too: it had not lost its connection before.
  const wasCutOff =
    last === undefined || endedBefore(last, end) || lostServer(last, end, cluster) !== undefined;
  if (late !== undefined && wasCutOff) {
    const server = late.sid === undefined ? null : String(late.sid);
    return {
      cause: 'moved-too-late',
      confidence: late.isPresumed ? 0.75 : 0.95,
      answer: say('session.moved-too-late', {
        session: sessionId,
        server,
        lateMs: Math.max(0, late.atMs - end.atMs),
      }),
      evidence: [
        fact(
          late.atMs,
          late.source,
          say(late.isPresumed ? 'fact.somebody-returned' : 'fact.session-refused', { server }),
        ),
        ...facts,
      ],
    };
  }
  if (last === undefined) return withoutConnection(record, facts);
  const loss = lostServer(last, end, cluster);
  if (loss !== undefined) {
    return {
      cause: 'server-lost',
      confidence: 0.9,
      answer: say('session.server-lost', { session: sessionId, server: serverOf(last), timeoutMs }),
      evidence: [loss, ...facts],
    };
  }
  if (endedBefore(last, end) || record.hungUp !== undefined) {
    const endedMs = last.endedMs ?? record.hungUp?.atMs;
    return {
      cause: 'client-gone',
      confidence: 0.93,
      answer: say('session.client-gone', { session: sessionId, address: last.address, timeoutMs }),
      evidence: [
        fact(endedMs, last.source, say('fact.connection-ended', { address: last.address })),
        ...facts,
      ],
    };
  }
  return silent(record, last, { facts, late });
}

/** Who counts clients that come back counts those, too, whose server was lost. */
function isCredible({ atMs, isPresumed }: SessionRefusal, cluster: ClusterPicture): boolean {
  if (isPresumed !== true) return true;
  if (cluster.tellsRefusals) return false;
  const window = { fromMs: atMs - UNREST_MS, toMs: atMs };
  return cluster.servers.every((server) =>
    UNREST.every((standing) => server.stood(standing, window) === undefined),
  );
}

function silent(
  record: SessionRecord,
  last: SessionConnection,
  { facts, late }: { facts: readonly Fact[]; late: SessionRecord['refusals'][number] | undefined },
): Verdict {
  // Only a process that ran again comes back; a cable that was plugged in again makes the same picture, but not so soon.
  const came = late === undefined ? [] : [fact(late.atMs, late.source, say('fact.came-back', {}))];
  return {
    cause: 'client-silent',
    confidence: 0.9,
    answer: say('session.client-silent', {
      session: record.sessionId,
      address: last.address,
      timeoutMs: record.timeoutMs ?? null,
      hasComeBack: late !== undefined,
    }),
    evidence: [
      fact(last.seenMs, last.source, say('fact.connection-stayed', { address: last.address })),
      ...came,
      ...facts,
    ],
  };
}

/** Neither events nor `cons` showed a connection. */
function withoutConnection(record: SessionRecord, facts: readonly Fact[]): Verdict {
  const { sessionId: session, hungUp } = record;
  if (hungUp !== undefined) {
    return {
      cause: 'client-gone',
      confidence: 0.8,
      answer: say('session.client-gone', { session, address: null, timeoutMs: record.timeoutMs ?? null }),
      evidence: [fact(hungUp.atMs, hungUp.source, say('fact.hung-up', {})), ...facts],
    };
  }
  return {
    cause: 'unknown',
    confidence: 0.3,
    answer: say('session.unseen', { session }),
    evidence: [...facts],
  };
}

function endedBefore({ endedMs, endReason }: SessionConnection, end: SessionEnd): boolean {
  if (endedMs === undefined) return false;
  // The server's own reasons for hanging up are ends of the session, not causes.
  if (endReason !== undefined) return endedMs < end.atMs - TOGETHER_MS / 8 && !isSilence(endReason);
  return end.presumed?.hadLeft ?? endedMs < end.atMs - TOGETHER_MS;
}

function isSilence(reason: string): boolean {
  return reason.includes('silent') || reason.includes('expired');
}

/** The server of the connection was lost while it had it. */
function lostServer(last: SessionConnection, end: SessionEnd, cluster: ClusterPicture): Fact | undefined {
  const server = cluster.bySid(last.sid);
  if (server === undefined) return undefined;
  const endedMs = last.endedMs ?? end.atMs;
  const window = { fromMs: Math.max(last.fromMs, endedMs - LOSS_MS * 3), toMs: endedMs };
  for (const standing of ['refused', 'unroutable', 'silent', 'looking'] as const) {
    const span = server.stood(standing, window);
    if (span === undefined || span.fromMs < last.fromMs) continue;
    const isBrief = server.endOf(span) - span.fromMs < LOSS_MS / 3;
    if (isBrief || span.fromMs > end.atMs - TOGETHER_MS) continue;
    return fact(span.fromMs, CLIENT_PORT, say('fact.stood', { server: server.subject, standing }));
  }
  if (server.startedBetween(window.fromMs, end.atMs)) {
    return fact(server.startedMs, CLIENT_PORT, say('fact.process-restarted', { server: server.subject }));
  }
  return undefined;
}

/** What else happened while the session was not heard of. */
function coincidences(record: SessionRecord, end: SessionEnd, cluster: ClusterPicture): Fact[] {
  const fromMs = end.atMs - 2 * (record.timeoutMs ?? LOSS_MS);
  const facts: Fact[] = [];
  const reign = cluster.reigns.findLast(
    (candidate) => candidate.fromMs >= fromMs && candidate.fromMs <= end.atMs,
  );
  if (reign !== undefined && cluster.before(reign) !== undefined) {
    const { leader, epoch, fromMs: atMs } = reign;
    facts.push(fact(atMs, CLIENT_PORT, say('fact.leads', { server: leader.subject, epoch })));
  }
  for (const event of cluster.told) {
    if (event.atMs < fromMs || event.atMs > end.atMs) continue;
    if (event.kind !== 'stall') continue;
    const { sid, durationMs, atMs } = event;
    facts.push(fact(atMs, eventsOf(sid), say('fact.stalled', { server: String(sid), durationMs })));
  }
  if (cluster.stalledBetween(fromMs, end.atMs)) {
    facts.push(fact(end.atMs, say('source.zabra', {}), say('fact.zabra-stalled', {})));
  }
  return facts;
}

function endingFact(end: SessionEnd): Fact {
  if (end.presumed !== undefined) {
    return fact(end.atMs, end.source, say('fact.not-listed', { listedMs: end.presumed.listedMs }));
  }
  const ephemerals = end.ephemerals?.slice(0, EPHEMERALS_MAX) ?? [];
  const key = end.byClient ? 'fact.closed-by-client' : 'fact.closed-by-servers';
  return fact(end.atMs, end.source, say(key, { ephemerals }));
}

function expiryFacts({ expiry, timeoutMs }: SessionRecord): Fact[] {
  if (expiry === undefined) return [];
  const { atMs, source, lastHeardMs = null } = expiry;
  return [fact(atMs, source, say('fact.timeout-passed', { timeoutMs: timeoutMs ?? null, lastHeardMs }))];
}

function connectionFacts({ connections }: SessionRecord): Fact[] {
  return connections.slice(-3).map((connection) => {
    const { address, fromMs, endedMs = null, endReason = '' } = connection;
    const reason = endReason === '' ? null : endReason;
    const server = serverOf(connection);
    return fact(fromMs, connection.source, say('fact.connected', { address, server, endedMs, reason }));
  });
}

function hiddenOf(
  { connections, expiry }: SessionRecord,
  { end, cluster }: { end: SessionEnd; cluster: ClusterPicture },
): Sentence[] {
  const hidden: Sentence[] = [];
  if (connections.length === 0) hidden.push(say('hidden.connection', {}));
  if (end.presumed !== undefined) hidden.push(say('hidden.who-closed', {}));
  if (expiry?.lastHeardMs === undefined && !end.byClient) hidden.push(say('hidden.last-heard', {}));
  if (!end.byClient && !cluster.tellsRefusals) hidden.push(say('hidden.late-return', {}));
  return hidden;
}

function serverOf({ sid, server }: SessionConnection): string {
  return sid === undefined ? server : String(sid);
}

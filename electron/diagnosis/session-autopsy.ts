/**
 * Why a session ended: a closeSession that a client asked for has its xid, one of the server's own has none (PROTOCOL.md
 * 7.5). The rest follows from where its last connection was, and whether that ended before the session did. Pure.
 */
import { type Sentence, say } from '../../shared/api/sentences.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, eventsOf, fact } from './draft.ts';
import type { SessionConnection, SessionEnd, SessionRecord } from './session-record.ts';
import { whoClosed } from './session-closer.ts';
import {
  TOGETHER_MS,
  connectionFacts,
  endingFact,
  expiryFacts,
  isCredible,
  refusalFact,
  serverOf,
} from './session-facts.ts';
import { endOf } from './session-end.ts';

type SessionDraft = DraftOf<'session-ended'>;
type Verdict = Pick<SessionDraft, 'cause' | 'confidence' | 'answer' | 'evidence'>;

/** What was lost this long before a connection ended took the connection along. */
const LOSS_MS = 3000;
/** A client may come back late; what is known by then is told again. */
const REVISED_MS = 120_000;
/** Sources differ in how soon they tell of an end. */
const SETTLE_MS = 1500;
/** What is presumed waits for the counts after it. */
const SETTLE_COUNTED_MS = 3500;

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
    const settleMs = isCertain(record, end) ? SETTLE_MS : SETTLE_COUNTED_MS;
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

/** What is presumed is certain as well, once the leader has counted the expiry of a session whose client had left before. */
function isCertain({ vanished }: SessionRecord, { presumed, byClient }: SessionEnd): boolean {
  if (presumed === undefined) return true;
  return vanished?.hasExpired === true && !byClient && presumed.hadLeft;
}

function autopsy(record: SessionRecord, end: SessionEnd, cluster: ClusterPicture): Verdict {
  const evidence = [endingFact(end), ...expiryFacts(record)];
  return end.byClient
    ? whoClosed({ record, end, cluster, evidence })
    : expired(record, end, cluster, evidence);
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
      evidence: [refusalFact(late), ...facts],
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

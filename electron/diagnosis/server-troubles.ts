/**
 * Servers that are lost, paused or cut off, by how their client ports stood over time. The leader's own loss is an
 * election's affair (election-decider.ts); what became of its process is told here as well. Pure.
 */
import { say } from '../../shared/api/sentences.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import type { ClusterPicture, Reign } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, eventsOf, fact, iso } from './draft.ts';
import type { ServerPicture, Span } from './server-picture.ts';

type ServerDraft = DraftOf<'server' | 'cluster'>;

/** Less may be a restart, or one lost packet. */
const LOST_MS = 1500;
/** Less is noise on a busy machine. */
const SILENT_MS = 1900;
const STALL_MS = 1500;
/** Fewer is a server that joins, late or for the second time. */
const JOINS_MIN = 200;
/** Of a server that was not there when Zabra began to watch. */
const LOST_BEFORE_MS = 4000;
/** A server that is told to look for a leader finds the present one within this. */
const CUT_OFF_MS = 4000;

type StallEvent = Extract<ServerEventDto, { kind: 'stall' }>;

interface Context {
  readonly cluster: ClusterPicture;
  readonly server: ServerPicture;
  readonly nowMs: number;
}

export function decideServers(cluster: ClusterPicture, nowMs: number): ServerDraft[] {
  return cluster.servers.flatMap((server) => {
    const context = { cluster, server, nowMs };
    return [...losses(context), ...cutOffs(context), ...pauses(context)];
  });
}

function losses({ cluster, server, nowMs }: Context): ServerDraft[] {
  const findings: ServerDraft[] = [];
  for (const span of server.spans) {
    const endMs = server.endOf(span);
    const lasted = Math.min(endMs, nowMs) - span.fromMs;
    if (!isLoss(span, server) || lasted < LOST_MS) continue;
    const wasThere = lastServed(server, span) !== undefined;
    if (!wasThere && (lasted < LOST_BEFORE_MS || !wasLostBefore(cluster, server, span))) continue;
    if (wasThere && cluster.hadLed(server, span.fromMs)) continue;
    findings.push(lost({ cluster, server, nowMs }, span));
  }
  return findings;
}

/** It was not there from the first, and others were, under a leader. */
function wasLostBefore({ reign }: ClusterPicture, server: ServerPicture, span: Span): boolean {
  return server.before(span) === undefined && reign !== undefined && reign.leader !== server;
}

function isLoss({ standing }: Span, server: ServerPicture): boolean {
  return standing === 'refused' || (standing === 'unroutable' && server.role !== 'leader');
}

function lost({ cluster, server }: Context, span: Span): ServerDraft {
  const isObserver = cluster.isObserver(server);
  const ending =
    server.ended !== undefined && Math.abs(server.ended.atMs - span.fromMs) < CUT_OFF_MS
      ? server.ended
      : undefined;
  const { subject } = server;
  return trouble({
    cause: isObserver ? 'observer-lost' : 'follower-lost',
    server,
    span,
    confidence: span.standing === 'refused' ? 0.95 : 0.7,
    answer: say('server.lost', {
      server: subject,
      isObserver,
      atMs: lastServed(server, span) === undefined ? null : span.fromMs,
      how: ending === undefined ? (server.hasTold ? 'not-in-order' : 'unseen') : 'told',
      reason: ending?.reason ?? null,
      backMs: backAt(server, span),
    }),
    hidden: ending === undefined && !server.hasTold ? [say('hidden.how-it-ended', {})] : [],
    evidence: [
      ...(ending === undefined
        ? []
        : [
            fact(
              ending.atMs,
              eventsOf(subject),
              say('fact.said', { server: subject, reason: ending.reason }),
            ),
          ]),
      fact(span.fromMs, CLIENT_PORT, say('fact.stood', { server: subject, standing: span.standing })),
    ],
  });
}

/** It answers, has no leader, and there is one. */
function cutOffs({ cluster, server, nowMs }: Context): ServerDraft[] {
  const findings: ServerDraft[] = [];
  for (const span of server.spans) {
    const served = lastServed(server, span);
    if (span.standing !== 'looking' || (served === undefined && server.before(span) !== undefined)) continue;
    const endMs = Math.min(server.endOf(span), nowMs);
    const reign = cluster.reignAt(endMs);
    if (reign === undefined || reign.leader === server || !isServing(reign, span, endMs)) continue;
    // The time before the leader was elected does not count: nobody could have followed it.
    const aloneMs = endMs - Math.max(span.fromMs, reign.fromMs);
    const hasRestarted =
      server.before(span)?.standing === 'refused' ||
      (served !== undefined && server.startedBetween(served.untilMs, endMs));
    if (aloneMs < CUT_OFF_MS || hasRestarted || cluster.hadLed(server, span.fromMs)) continue;
    // It cannot follow anybody without a log, and says so.
    if (cluster.saysDiskFull(server, span.fromMs)) continue;
    const joins = joinsSeen(reign.leader, server, { fromMs: span.fromMs, toMs: endMs });
    if (joins >= JOINS_MIN) findings.push(cannotStay({ cluster, server, nowMs }, span, reign));
    else findings.push(cutOff({ cluster, server, nowMs }, span, reign));
  }
  return findings;
}

/**
 * How much the leader sent to it meanwhile. Compat: an Apache server whose log cannot be written goes on, joins its leader and
 * fails many times a second; one that is cut off cannot join.
 */
function joinsSeen(
  leader: ServerPicture,
  { sid }: ServerPicture,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number {
  const counts = [...leader.measures]
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .map(({ metrics }) => Number(metrics[`zk_cnt_${sid ?? ''}_learner_handler_qp_size`] ?? 0));
  return (counts.at(-1) ?? 0) - (counts[0] ?? 0);
}

function cannotStay({ server }: Context, span: Span, { leader }: Reign): ServerDraft {
  const { subject } = server;
  return trouble({
    cause: 'disk-full',
    server,
    span,
    confidence: 0.6,
    answer: say('server.cannot-stay', { server: subject, leader: leader.subject }),
    evidence: [
      fact(span.fromMs, CLIENT_PORT, say('fact.served-nobody', { server: subject, leader: leader.subject })),
      fact(
        span.fromMs,
        say('source.word', { word: 'mntr', server: leader.subject }),
        say('fact.reaches-leader', { server: subject }),
      ),
    ],
    hidden: [say('hidden.why-it-cannot-stay', { server: subject })],
  });
}

function isServing({ leader }: Reign, span: Span, endMs: number): boolean {
  const served = leader.stood('serving', { fromMs: span.fromMs, toMs: endMs });
  return served !== undefined && served.untilMs > span.fromMs;
}

function cutOff({ cluster, server }: Context, span: Span, { leader }: Reign): ServerDraft {
  const isObserver = cluster.isObserver(server);
  const state = server.reasons.findLast(({ atMs }) => Math.abs(atMs - span.fromMs) < CUT_OFF_MS * 2);
  const { subject } = server;
  const told =
    state === undefined
      ? []
      : [fact(state.atMs, eventsOf(subject), say('fact.looked', { server: subject, reason: state.reason }))];
  return trouble({
    cause: isObserver ? 'observer-lost' : 'follower-partitioned',
    server,
    span,
    confidence: 0.92,
    answer: say('server.cut-off', {
      server: subject,
      isObserver,
      leader: leader.subject,
      backMs: backAt(server, span),
    }),
    evidence: [
      fact(span.fromMs, CLIENT_PORT, say('fact.served-nobody', { server: subject, leader: leader.subject })),
      ...told,
    ],
  });
}

/** Its kernel accepts connections and its process does not run. */
function pauses({ cluster, server, nowMs }: Context): ServerDraft[] {
  const findings: ServerDraft[] = [];
  for (const span of server.spans) {
    if (span.standing !== 'silent') continue;
    const endMs = Math.min(server.endOf(span), nowMs);
    const lasted = endMs - span.fromMs;
    const next = server.after(span);
    // One that is then gone was on its way to its end.
    if (lasted < SILENT_MS || next?.standing === 'refused') continue;
    if (cluster.stalledBetween(span.fromMs, endMs)) continue;
    findings.push(
      paused(server, { fromMs: span.fromMs, lasted, isOver: next !== undefined }, [
        fact(
          span.fromMs,
          CLIENT_PORT,
          say('fact.accepted-silently', { server: server.subject, durationMs: lasted }),
        ),
        ...stallFacts({ cluster, server, nowMs }, span.fromMs, endMs),
      ]),
    );
  }
  return [...findings, ...toldPauses({ cluster, server, nowMs }, findings)];
}

/** Those that the server told of and no question noticed. */
function toldPauses({ cluster, server }: Context, known: readonly ServerDraft[]): ServerDraft[] {
  const findings: ServerDraft[] = [];
  for (const event of cluster.told) {
    if (event.kind !== 'stall' || event.sid !== server.sid || event.durationMs < STALL_MS) continue;
    const fromMs = event.atMs - event.durationMs;
    if (event.atMs < cluster.startedMs) continue;
    const isKnown = known.some(({ atMs }) => atMs >= fromMs - LOST_MS * 2 && atMs <= event.atMs + LOST_MS);
    if (isKnown) continue;
    findings.push(paused(server, { fromMs, lasted: event.durationMs, isOver: true }, [stallFact(event)]));
  }
  return findings;
}

function stallFacts({ cluster, server }: Context, fromMs: number, toMs: number): Fact[] {
  const stall = cluster.told.findLast(
    (event) =>
      event.kind === 'stall' &&
      event.sid === server.sid &&
      event.atMs >= fromMs &&
      event.atMs <= toMs + LOST_MS,
  );
  return stall?.kind === 'stall' ? [stallFact(stall)] : [];
}

function stallFact({ sid, atMs, durationMs }: StallEvent): Fact {
  return fact(atMs, eventsOf(sid), say('fact.stalled', { server: String(sid), durationMs }));
}

function paused(
  server: ServerPicture,
  { fromMs, lasted, isOver }: { fromMs: number; lasted: number; isOver: boolean },
  evidence: readonly Fact[],
): ServerDraft {
  return {
    id: `server/process-paused/${server.subject}/${iso(fromMs)}`,
    atMs: fromMs,
    kind: 'server',
    subject: server.subject,
    cause: 'process-paused',
    confidence: isOver ? 0.95 : 0.85,
    answer: say('server.paused', { server: server.subject, durationMs: isOver ? lasted : null }),
    // While it lasts, only its begin is told, since the rest changes at every look.
    evidence: isOver ? [...evidence] : evidence.slice(0, 0),
    hidden: [say('hidden.pause-nature', {})],
  };
}

/** When it was part of the ensemble before. */
function lastServed(server: ServerPicture, span: Span): Span | undefined {
  return server.spans.findLast(({ standing, fromMs }) => standing === 'serving' && fromMs < span.fromMs);
}

/** Null while it is not. */
function backAt(server: ServerPicture, span: Span): number | null {
  const later = server.spans.find(({ standing, fromMs }) => standing === 'serving' && fromMs > span.fromMs);
  return later?.fromMs ?? null;
}

function trouble(found: {
  cause: ServerDraft['cause'];
  server: ServerPicture;
  span: Span;
  confidence: number;
  answer: ServerDraft['answer'];
  evidence: Fact[];
  hidden?: ServerDraft['hidden'];
}): ServerDraft {
  const { cause, server, span, confidence, answer, evidence, hidden = [] } = found;
  return {
    id: `server/${cause}/${server.subject}/${iso(span.fromMs)}`,
    atMs: span.fromMs,
    kind: 'server',
    subject: server.subject,
    cause,
    confidence,
    answer,
    evidence,
    hidden,
  };
}

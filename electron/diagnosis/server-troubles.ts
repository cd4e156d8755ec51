/**
 * Servers that are lost, paused or cut off, by how their client ports stood over time. The leader's own loss is an
 * election's affair (election-decider.ts); what became of its process is told here as well. Pure.
 */
import type { Finding } from '../../shared/api/findings.ts';
import type { ClusterPicture, Reign } from './cluster-picture.ts';
import { type Evidence, CLIENT_PORT, duration, fact, iso } from './evidence.ts';
import type { ServerPicture, Span } from './server-picture.ts';

type ServerFinding = Extract<Finding, { kind: 'server' | 'cluster' }>;

/** Less may be a restart, or one lost packet. */
const LOST_MS = 1500;
/** Less is noise on a busy machine. */
const SILENT_MS = 1900;
const STALL_MS = 1500;
/** A server that is told to look for a leader finds the present one within this. */
const CUT_OFF_MS = 4000;

interface Context {
  readonly cluster: ClusterPicture;
  readonly server: ServerPicture;
  readonly nowMs: number;
}

export function decideServers(cluster: ClusterPicture, nowMs: number): Finding[] {
  return cluster.servers.flatMap((server) => {
    const context = { cluster, server, nowMs };
    return [...losses(context), ...cutOffs(context), ...pauses(context)];
  });
}

function losses({ cluster, server, nowMs }: Context): Finding[] {
  const findings: Finding[] = [];
  for (const span of server.spans) {
    const endMs = server.endOf(span);
    const lasted = Math.min(endMs, nowMs) - span.fromMs;
    if (!isLoss(span, server) || lasted < LOST_MS || lastServed(server, span) === undefined) continue;
    if (cluster.hadLed(server, span.fromMs)) continue;
    findings.push(lost({ cluster, server, nowMs }, span));
  }
  return findings;
}

function isLoss({ standing }: Span, server: ServerPicture): boolean {
  return standing === 'refused' || (standing === 'unroutable' && server.role !== 'leader');
}

function lost({ cluster, server }: Context, span: Span): Finding {
  const isObserver = cluster.isObserver(server);
  const ending =
    server.ended !== undefined && Math.abs(server.ended.atMs - span.fromMs) < CUT_OFF_MS
      ? server.ended
      : undefined;
  const how =
    ending === undefined
      ? 'its process is gone without having been stopped in order'
      : `it has ended: ${ending.reason}`;
  return trouble({
    cause: isObserver ? 'observer-lost' : 'follower-lost',
    server,
    span,
    confidence: span.standing === 'refused' ? 0.95 : 0.7,
    answer: `${isObserver ? 'Observer' : 'Follower'} ${server.subject} was lost at ${iso(span.fromMs)}: ${how}${back(server, span)}.`,
    evidence: [
      ...(ending === undefined ? [] : [fact(ending.atMs, `events of ${server.name}`, ending.reason)]),
      fact(span.fromMs, CLIENT_PORT, `${server.name} stood ${span.standing}`),
    ],
  });
}

/** It answers, has no leader, and there is one. */
function cutOffs({ cluster, server, nowMs }: Context): Finding[] {
  const findings: Finding[] = [];
  for (const span of server.spans) {
    const served = lastServed(server, span);
    if (span.standing !== 'looking' || served === undefined) continue;
    const endMs = Math.min(server.endOf(span), nowMs);
    const reign = cluster.reignAt(endMs);
    if (reign === undefined || reign.leader === server || !isServing(reign, span, endMs)) continue;
    // The time before the leader was elected does not count: nobody could have followed it.
    const aloneMs = endMs - Math.max(span.fromMs, reign.fromMs);
    const hasRestarted =
      server.before(span)?.standing === 'refused' || server.startedBetween(served.untilMs, endMs);
    if (aloneMs < CUT_OFF_MS || hasRestarted || cluster.hadLed(server, span.fromMs)) continue;
    // It cannot follow anybody without a log, and says so.
    if (cluster.saysDiskFull(server, span.fromMs)) continue;
    findings.push(cutOff({ cluster, server, nowMs }, span, reign));
  }
  return findings;
}

function isServing({ leader }: Reign, span: Span, endMs: number): boolean {
  const served = leader.stood('serving', { fromMs: span.fromMs, toMs: endMs });
  return served !== undefined && served.untilMs > span.fromMs;
}

function cutOff({ cluster, server }: Context, span: Span, { leader }: Reign): Finding {
  const isObserver = cluster.isObserver(server);
  const state = server.reasons.findLast(({ atMs }) => Math.abs(atMs - span.fromMs) < CUT_OFF_MS * 2);
  const told =
    state === undefined
      ? []
      : [fact(state.atMs, `events of ${server.name}`, `it looked for a leader: ${state.reason}`)];
  return trouble({
    cause: isObserver ? 'observer-lost' : 'follower-partitioned',
    server,
    span,
    confidence: 0.92,
    answer: `${isObserver ? 'Observer' : 'Follower'} ${server.subject} runs but was cut off from the leader, ${leader.name}: it looked for a leader and found none${back(server, span)}.`,
    evidence: [
      fact(span.fromMs, CLIENT_PORT, `${server.name} answered, and served nobody, while ${leader.name} led`),
      ...told,
    ],
  });
}

/** Its kernel accepts connections and its process does not run. */
function pauses({ cluster, server, nowMs }: Context): Finding[] {
  const findings: Finding[] = [];
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
          `${server.name} accepted connections and answered nothing for ${duration(lasted)}`,
        ),
        ...stallFacts({ cluster, server, nowMs }, span.fromMs, endMs),
      ]),
    );
  }
  return [...findings, ...toldPauses({ cluster, server, nowMs }, findings)];
}

/** Those that the server told of and no question noticed. */
function toldPauses({ cluster, server }: Context, known: readonly Finding[]): Finding[] {
  const findings: Finding[] = [];
  for (const event of cluster.told) {
    if (event.kind !== 'stall' || event.sid !== server.sid || event.durationMs < STALL_MS) continue;
    const fromMs = event.atMs - event.durationMs;
    if (event.atMs < cluster.startedMs) continue;
    const isKnown = known.some(({ at }) => {
      const knownMs = Date.parse(at);
      return knownMs >= fromMs - LOST_MS * 2 && knownMs <= event.atMs + LOST_MS;
    });
    if (isKnown) continue;
    findings.push(
      paused(server, { fromMs, lasted: event.durationMs, isOver: true }, [
        fact(
          event.atMs,
          `events of ${server.name}`,
          `its process had not run for ${duration(event.durationMs)}`,
        ),
      ]),
    );
  }
  return findings;
}

function stallFacts({ cluster, server }: Context, fromMs: number, toMs: number): Evidence[] {
  const stall = cluster.told.findLast(
    (event) =>
      event.kind === 'stall' &&
      event.sid === server.sid &&
      event.atMs >= fromMs &&
      event.atMs <= toMs + LOST_MS,
  );
  return stall?.kind === 'stall'
    ? [
        fact(
          stall.atMs,
          `events of ${server.name}`,
          `its process had not run for ${duration(stall.durationMs)}`,
        ),
      ]
    : [];
}

function paused(
  server: ServerPicture,
  { fromMs, lasted, isOver }: { fromMs: number; lasted: number; isOver: boolean },
  evidence: readonly Evidence[],
): Finding {
  const how = isOver ? `did not run for ${duration(lasted)}` : 'does not run';
  return {
    id: `server/process-paused/${server.subject}/${iso(fromMs)}`,
    at: iso(fromMs),
    kind: 'server',
    subject: server.subject,
    cause: 'process-paused',
    confidence: isOver ? 0.95 : 0.85,
    answer: `The process of ${server.name} ${how}: a long garbage collection, a stopped process or a starved machine.`,
    // While it lasts, only its begin is told, since the rest changes at every look.
    evidence: isOver ? [...evidence] : evidence.slice(0, 0),
    hidden: ['Which of these it was: no server tells that of itself.'],
  };
}

/** When it was part of the ensemble before. */
function lastServed(server: ServerPicture, span: Span): Span | undefined {
  return server.spans.findLast(({ standing, fromMs }) => standing === 'serving' && fromMs < span.fromMs);
}

function back(server: ServerPicture, span: Span): string {
  const later = server.spans.find(({ standing, fromMs }) => standing === 'serving' && fromMs > span.fromMs);
  return later === undefined ? '' : `, and was back at ${iso(later.fromMs)}`;
}

function trouble(found: {
  cause: ServerFinding['cause'];
  server: ServerPicture;
  span: Span;
  confidence: number;
  answer: string;
  evidence: Evidence[];
}): Finding {
  const { cause, server, span, confidence, answer, evidence } = found;
  return {
    id: `server/${cause}/${server.subject}/${iso(span.fromMs)}`,
    at: iso(span.fromMs),
    kind: 'server',
    subject: server.subject,
    cause,
    confidence,
    answer,
    evidence,
    hidden: [],
  };
}

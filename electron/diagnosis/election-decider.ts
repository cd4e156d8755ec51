/**
 * What started an election: what became of the leader before. A process that is gone refuses connections; one that is paused
 * has them accepted by its kernel and answers nothing; one that is cut off from the others answers, and follows nobody.
 * Several may be true one after the other, so what was there first counts. Pure.
 */
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { ZXID_COUNTER_MAX, type Zxid, zxidCounter, zxidEpoch, zxidToHex } from '../../shared/zxid.ts';
import type { ClusterPicture, Reign } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, eventsOf, fact, pathSource } from './draft.ts';
import { NOTICE_MS, lostTogether } from './lost-together.ts';
import type { EndedEvent, ServerPicture, Span } from './server-picture.ts';

type ElectionDraft = DraftOf<'election'>;
type Verdict = Pick<ElectionDraft, 'cause' | 'confidence' | 'answer' | 'evidence'>;

/** What became of the old leader shows in the answers right after, not in those before. */
const SETTLE_MS = 2500;
/** The new reign is told while this passes; later nothing about it changes. */
const REVISED_MS = 30_000;
/** A leader gives up this short of the last zxid of its epoch. */
const ROLLOVER_MARGIN = 10_000;
/** Between a change of the configuration and the election that it demands. */
const RECONFIG_MS = 6000;
/** Servers that start within this before a leader is there have started for the first time together. */
const FIRST_START_MS = 120_000;

interface Election {
  readonly old: Reign;
  readonly next: Reign;
  /** From when on what happened to the old leader can be the cause. */
  readonly fromMs: number;
  readonly toMs: number;
}

export function decideElections(cluster: ClusterPicture, nowMs: number): ElectionDraft[] {
  const findings: ElectionDraft[] = [];
  for (const reign of cluster.reigns) {
    const ageMs = nowMs - reign.fromMs;
    if (!reign.isNew || ageMs < SETTLE_MS || ageMs > REVISED_MS) continue;
    const old = cluster.before(reign);
    const verdict =
      old === undefined
        ? firstReign(reign, cluster)
        : why({ old, next: reign, ...windowOf(old, reign) }, cluster);
    if (verdict === undefined) continue;
    findings.push({
      id: `election/${reign.epoch}`,
      atMs: reign.fromMs,
      kind: 'election',
      subject: (old ?? reign).leader.subject,
      ...verdict,
      evidence: [...verdict.evidence, winnerFact(reign)],
      hidden: hiddenOf(cluster, verdict.cause, old?.leader),
    });
  }
  return findings;
}

function windowOf(old: Reign, next: Reign): { fromMs: number; toMs: number } {
  return { fromMs: Math.max(old.fromMs, next.fromMs - NOTICE_MS), toMs: next.fromMs + SETTLE_MS };
}

/** Undefined when the leader was there before Zabra watched, and where nobody is elected. */
function firstReign(reign: Reign, cluster: ClusterPicture): Verdict | undefined {
  // Who is alone is not elected.
  if (reign.leader.role === 'standalone') return undefined;
  if (reign.fromMs - cluster.startedMs < SETTLE_MS) {
    const hasJustStarted = cluster.servers.every(
      ({ startedMs }) => startedMs !== undefined && reign.fromMs - startedMs < SETTLE_MS * 4,
    );
    if (!hasJustStarted) return undefined;
  }
  const areFresh = cluster.participants.every(
    ({ startedMs }) => startedMs === undefined || reign.fromMs - startedMs < FIRST_START_MS,
  );
  if (!areFresh) {
    return {
      cause: 'unknown',
      confidence: 0.3,
      answer: say('election.former-unseen', { winner: reign.leader.subject }),
      evidence: [],
    };
  }
  return {
    cause: 'first-start',
    confidence: 0.9,
    answer: say('election.first-start', { winner: reign.leader.subject }),
    evidence: cluster.participants.flatMap(({ subject: server, startedMs }) =>
      startedMs === undefined ? [] : [fact(startedMs, CLIENT_PORT, say('fact.process-started', { server }))],
    ),
  };
}

function why(election: Election, cluster: ClusterPicture): Verdict {
  return (
    rollover(election, cluster) ??
    reconfiguration(election, cluster) ??
    gone(election, cluster) ??
    quorumLost(election, cluster) ??
    paused(election, cluster) ??
    partitioned(election) ??
    unknown(election)
  );
}

function rollover({ old, fromMs, toMs }: Election, cluster: ClusterPicture): Verdict | undefined {
  const told = stateReason(old.leader, { fromMs, toMs }, /zxids of this epoch are used up/);
  const marked = cluster.marks.find(
    ({ atMs, line }) => line.mark === 'zxid-rollover' && atMs >= fromMs && atMs <= toMs,
  );
  const zxid = old.leader.zxids.findLast(({ value }) => zxidEpoch(value as Zxid) === old.epoch);
  const isNear = zxid !== undefined && zxidCounter(zxid.value as Zxid) > ZXID_COUNTER_MAX - ROLLOVER_MARGIN;
  const evidence: Fact[] = [];
  if (told !== undefined) evidence.push(told);
  if (marked !== undefined)
    evidence.push(fact(marked.atMs, pathSource(marked.source), say('fact.zxids-used-up', {})));
  if (isNear)
    evidence.push(
      fact(
        zxid.atMs,
        CLIENT_PORT,
        say('fact.last-zxid', { epoch: old.epoch, zxid: zxidToHex(zxid.value as Zxid) }),
      ),
    );
  if (evidence.length === 0) return undefined;
  return {
    cause: 'zxid-rollover',
    confidence: 0.95,
    answer: say('election.zxid-rollover', { leader: old.leader.subject, epoch: old.epoch }),
    evidence,
  };
}

function reconfiguration({ old, next, fromMs }: Election, cluster: ClusterPicture): Verdict | undefined {
  const atMs = cluster.reconfigurationsMs.findLast(
    (candidate) =>
      candidate >= Math.max(fromMs, next.fromMs - RECONFIG_MS) && candidate <= next.fromMs + RECONFIG_MS,
  );
  if (atMs === undefined) return undefined;
  const isOut = cluster.isObserver(old.leader);
  return {
    cause: 'reconfig',
    confidence: isOut ? 0.97 : 0.85,
    answer: say(isOut ? 'election.leader-removed' : 'election.handed-over', { leader: old.leader.subject }),
    evidence: [fact(atMs, pathSource('/zookeeper/config'), say('fact.config-changed', {}))],
  };
}

/** The process of the old leader ended. */
function gone({ old, next, fromMs, toMs }: Election, cluster: ClusterPicture): Verdict | undefined {
  const { leader } = old;
  const refused = firstStanding(leader, 'refused', { fromMs, toMs });
  const hasRestarted = leader.startedBetween(fromMs, toMs);
  if (refused === undefined && !hasRestarted) return undefined;
  const silentBefore = firstStanding(leader, 'silent', { fromMs, toMs: refused?.fromMs ?? next.fromMs });
  if (
    silentBefore !== undefined &&
    silentBefore.fromMs < next.fromMs - NOTICE_MS / 10 &&
    (refused?.fromMs ?? Infinity) > next.fromMs
  ) {
    return undefined;
  }
  const word = leader.ended;
  if (word !== undefined && word.atMs >= fromMs && word.atMs <= toMs) {
    return ended({ leader, winner: next.leader.subject, word, refused }, cluster);
  }
  // Who tells events says so when it is stopped.
  const isTold = leader.hasTold;
  const isStopped = !isTold && hasRestarted && isRollingOn(old, cluster);
  const evidence: Fact[] = [];
  if (refused !== undefined)
    evidence.push(fact(refused.fromMs, CLIENT_PORT, say('fact.process-gone', { server: leader.subject })));
  if (hasRestarted)
    evidence.push(
      fact(leader.startedMs, CLIENT_PORT, say('fact.process-restarted', { server: leader.subject })),
    );
  evidence.push(...lastStates(next.leader, { fromMs, toMs }));
  const named = { leader: leader.subject, winner: next.leader.subject };
  if (isStopped) {
    const answer = say('election.restarted-in-turn', named);
    return { cause: 'leader-stopped', confidence: 0.7, answer, evidence };
  }
  return {
    cause: 'leader-crashed',
    confidence: isTold ? 0.95 : 0.7,
    answer: say(isTold ? 'election.leader-crashed' : 'election.leader-gone', named),
    evidence,
  };
}

/** Others were restarted shortly before: somebody restarts one after the other. */
function isRollingOn({ leader, fromMs }: Reign, { participants }: ClusterPicture): boolean {
  return participants.some(
    (server) => server !== leader && server.startsMs.length > 1 && (server.startedMs ?? 0) > fromMs,
  );
}

/** It said itself that it ends. */
function ended(
  {
    leader,
    winner,
    word,
    refused,
  }: { leader: ServerPicture; winner: string; word: EndedEvent; refused: Span | undefined },
  cluster: ClusterPicture,
): Verdict {
  const { subject: server } = leader;
  const evidence = [fact(word.atMs, eventsOf(server), say('fact.said', { server, reason: word.reason }))];
  if (refused !== undefined)
    evidence.push(fact(refused.fromMs, CLIENT_PORT, say('fact.process-gone', { server })));
  const hasFailedDisk = cluster.told.some(
    (event) =>
      event.kind === 'complaint' &&
      event.sid === leader.sid &&
      (event.about === 'disk-full' || event.about === 'disk-error') &&
      Math.abs(event.atMs - word.atMs) < SETTLE_MS,
  );
  return hasFailedDisk
    ? {
        cause: 'leader-crashed',
        confidence: 0.95,
        answer: say('election.disk-failed', { leader: server, winner }),
        evidence,
      }
    : {
        cause: 'leader-stopped',
        confidence: 0.97,
        answer: say('election.leader-stopped', { leader: server, winner }),
        evidence,
      };
}

/** The old leader was there, and too few others were at the same time. */
function quorumLost({ old, next, fromMs }: Election, cluster: ClusterPicture): Verdict | undefined {
  const down = lostTogether(cluster, { besides: old.leader, fromMs, toMs: next.fromMs });
  if (down === undefined) return undefined;
  return {
    cause: 'quorum-lost',
    confidence: 0.9,
    answer: say('election.quorum-lost', {
      leader: old.leader.subject,
      lost: down.map(({ server }) => server.subject),
    }),
    evidence: down.map(({ server: { subject: server }, span: { fromMs: atMs, standing } }) =>
      fact(atMs, CLIENT_PORT, say('fact.stood', { server, standing })),
    ),
  };
}

function paused({ old, next, fromMs, toMs }: Election, cluster: ClusterPicture): Verdict | undefined {
  const { leader } = old;
  const silent = firstStanding(leader, 'silent', { fromMs, toMs });
  const stall = cluster.told.findLast(
    (event) =>
      event.kind === 'stall' &&
      event.sid === leader.sid &&
      event.atMs - event.durationMs <= next.fromMs &&
      event.atMs >= fromMs &&
      event.durationMs >= 1000,
  );
  if (silent === undefined && stall === undefined) return undefined;
  if (silent !== undefined && silent.fromMs > next.fromMs) return undefined;
  const evidence: Fact[] = [];
  if (silent !== undefined) {
    evidence.push(
      fact(
        silent.fromMs,
        CLIENT_PORT,
        say('fact.accepted-silently', { server: leader.subject, durationMs: null }),
      ),
    );
  }
  if (stall?.kind === 'stall') {
    const { subject: server } = leader;
    evidence.push(
      fact(stall.atMs, eventsOf(server), say('fact.stalled', { server, durationMs: stall.durationMs })),
    );
  }
  return {
    cause: 'leader-paused',
    confidence: stall === undefined ? 0.9 : 0.97,
    answer: say('election.leader-paused', { leader: leader.subject, winner: next.leader.subject }),
    evidence: [...evidence, ...lastStates(next.leader, { fromMs, toMs })],
  };
}

/** It answered all the time; the others could not hear it. */
function partitioned({ old, next, fromMs, toMs }: Election): Verdict | undefined {
  const { leader } = old;
  if (leader === next.leader) return undefined;
  const unroutable = firstStanding(leader, 'unroutable', { fromMs, toMs });
  const looking = firstStanding(leader, 'looking', { fromMs, toMs: toMs + NOTICE_MS });
  const stillLeads = leader.spans.findLast(
    (span) => span.standing === 'serving' && span.role === 'leader' && leader.endOf(span) > next.fromMs + 500,
  );
  const lonely = stateReason(leader, { fromMs, toMs: toMs + NOTICE_MS }, /too few followers|no quorum/);
  if (unroutable === undefined && looking === undefined && stillLeads === undefined && lonely === undefined)
    return undefined;
  const evidence: Fact[] = [];
  if (lonely !== undefined) evidence.push(lonely);
  if (looking !== undefined) {
    evidence.push(
      fact(
        looking.fromMs,
        CLIENT_PORT,
        say('fact.leaderless', { server: leader.subject, leader: next.leader.subject }),
      ),
    );
  }
  if (stillLeads !== undefined) {
    evidence.push(
      fact(
        next.fromMs,
        CLIENT_PORT,
        say('fact.still-led', { server: leader.subject, winner: next.leader.subject }),
      ),
    );
  }
  if (unroutable !== undefined)
    evidence.push(
      fact(
        unroutable.fromMs,
        CLIENT_PORT,
        say('fact.stood', { server: leader.subject, standing: 'unroutable' }),
      ),
    );
  return {
    cause: 'leader-partitioned',
    confidence: unroutable === undefined ? 0.9 : 0.6,
    answer: say('election.leader-partitioned', { leader: leader.subject, winner: next.leader.subject }),
    evidence: [...evidence, ...lastStates(next.leader, { fromMs, toMs })],
  };
}

function unknown({ old, next, fromMs, toMs }: Election): Verdict {
  return {
    cause: 'unknown',
    confidence: 0.3,
    answer: say('election.unknown', { leader: old.leader.subject, winner: next.leader.subject }),
    evidence: [...lastStates(old.leader, { fromMs, toMs }), ...lastStates(next.leader, { fromMs, toMs })],
  };
}

function firstStanding(
  server: ServerPicture,
  standing: Span['standing'],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Span | undefined {
  return server.spans.find(
    (span) => span.standing === standing && span.fromMs >= fromMs && span.fromMs <= toMs,
  );
}

/** A reason that a builtin server gave for a change of its state. */
function stateReason(
  server: ServerPicture,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  pattern: RegExp,
): Fact | undefined {
  const state = server.reasons.findLast(
    ({ atMs, reason }) => atMs >= fromMs && atMs <= toMs && pattern.test(reason),
  );
  const { subject } = server;
  return (
    state && fact(state.atMs, eventsOf(subject), say('fact.said', { server: subject, reason: state.reason }))
  );
}

function lastStates(server: ServerPicture, { fromMs, toMs }: { fromMs: number; toMs: number }): Fact[] {
  const state = server.reasons.findLast(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return state === undefined
    ? []
    : [
        fact(
          state.atMs,
          eventsOf(server.subject),
          say('fact.looked', { server: server.subject, reason: state.reason }),
        ),
      ];
}

function winnerFact({ leader, epoch, fromMs }: Reign): Fact {
  return fact(fromMs, CLIENT_PORT, say('fact.leads', { server: leader.subject, epoch }));
}

function hiddenOf(
  cluster: ClusterPicture,
  cause: ElectionDraft['cause'],
  former: ServerPicture | undefined,
): Sentence[] {
  const hidden: Sentence[] = [];
  const isGone = cause === 'leader-crashed' || cause === 'leader-stopped';
  if (isGone && former?.hasTold === false) hidden.push(say('hidden.how-it-ended', {}));
  if (!cluster.servers.some(({ hasTold }) => hasTold)) hidden.push(say('hidden.votes', {}));
  return hidden;
}

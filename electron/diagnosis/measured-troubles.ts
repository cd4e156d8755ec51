/**
 * Troubles that a server's own figures show: a slow or full disk, a clock that jumped, connections refused, answers that are
 * too large for clients, a follower that lags. Builtin servers tell some of them as events, Apache servers in their logs. Pure.
 */
import { type Sentence, say } from '../../shared/api/sentences.ts';
import { JUTE_MAXBUFFER_DEFAULT } from '../../shared/jute/frame-decoder.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { type Zxid, zxidCounter, zxidEpoch } from '../../shared/zxid.ts';
import { BoundedList } from './bounded-list.ts';
import { type ClockStep, ClockSteps } from './clock-steps.ts';
import { DISK_FREE_BYTES_MIN, type ClusterPicture, type Marked } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, eventsOf, fact, iso, pathSource } from './draft.ts';
import type { Observation, ObservationOf } from './observation.ts';
import { type Measure, type ServerPicture, risen, value } from './server-picture.ts';

type ServerDraft = DraftOf<'server' | 'cluster'>;

/** Apache warns of an fsync from here on. */
const FSYNC_SLOW_MS = 1000;
/** The average of the fsyncs between two looks. */
const FSYNC_AVERAGE_SLOW_MS = 400;
/** A trouble of a server that was not noticed for so long is over; what comes then is told as a new one. */
const EPISODE_MS = 12_000;
const LAG_MIN = 50;
const LAG_MS = 4000;
/** Connections that end at once, one after the other, before somebody seems to be turned away. */
const HUNG_UP_MS = 1500;

interface Trouble {
  readonly id: string;
  readonly atMs: number;
  /** When it was noticed last. */
  untilMs: number;
  readonly subject: string;
  readonly cause: ServerDraft['cause'];
  confidence: number;
  answer: Sentence;
  readonly evidence: Fact[];
}

const EVIDENCE_MAX = 3;

/** Remembers what was noticed, since figures are compared with those before. */
export class MeasuredTroubles {
  readonly #cluster: ClusterPicture;
  readonly #troubles = new BoundedList<Trouble>(1000);
  readonly #clocks: ClockSteps;
  readonly #behindSinceMs = new Map<ServerPicture, number>();

  constructor(cluster: ClusterPicture) {
    this.#cluster = cluster;
    this.#clocks = new ClockSteps(cluster);
  }

  observe(observation: Observation): void {
    switch (observation.kind) {
      case 'polled':
        this.#onPolled(observation);
        break;
      case 'told':
        if (observation.event.atMs >= this.#cluster.startedMs) this.#onTold(observation.event);
        break;
      case 'logged':
        this.#onLogged(observation);
        break;
      case 'clock-read':
        this.#clockJump(this.#clocks.onClockRead(observation));
        break;
      case 'disk-space':
        if (observation.freeBytes < DISK_FREE_BYTES_MIN) {
          const subject = this.#subjectOf(observation.sid, observation.source);
          this.#diskFull(
            subject,
            fact(
              observation.atMs,
              pathSource(observation.source),
              say('fact.bytes-free', { bytes: observation.freeBytes }),
            ),
            observation.atMs,
          );
        }
        break;
      default:
        break;
    }
  }

  findings(nowMs: number): ServerDraft[] {
    this.#lookForHangUps(nowMs);
    for (const step of this.#clocks.concluded(nowMs)) this.#clockJump(step);
    return [...this.#troubles].map(({ evidence, untilMs: _, ...trouble }) => ({
      ...trouble,
      kind: 'server' as const,
      evidence: [...evidence],
      hidden: [],
    }));
  }

  #onPolled({ server: address, answer }: ObservationOf<'polled'>): void {
    const server = this.#cluster.servers.find((candidate) => candidate.server === address);
    if (server === undefined) return;
    const measure = server.measures.last;
    const before = server.measures.at(server.measures.length - 2);
    const isNew = answer?.word === 'mntr' && measure !== undefined;
    if (isNew && before !== undefined) this.#compare(server, before, measure);
    this.#lookForLag(server);
  }

  #compare(server: ServerPicture, before: Measure, now: Measure): void {
    // A server that was started anew counts from zero.
    if (risen(before, now, 'uptime') <= 0) return;
    this.#clocks.onMeasures(server, before, now);
    const { atMs } = now;
    const source = say('source.word', { word: 'mntr', server: server.subject });
    const syncs = risen(before, now, 'cnt_fsynctime');
    const syncMs = risen(before, now, 'sum_fsynctime');
    const longest = risen(before, now, 'max_fsynctime') > 0 ? value(now, 'max_fsynctime') : 0;
    if ((syncs > 0 && syncMs / syncs >= FSYNC_AVERAGE_SLOW_MS) || longest >= FSYNC_SLOW_MS) {
      const average = syncs === 0 ? longest : syncMs / syncs;
      const words =
        longest >= FSYNC_SLOW_MS
          ? say('fact.fsync', { durationMs: longest })
          : say('fact.fsyncs', { count: syncs, averageMs: average });
      this.#diskSlow(server.subject, Math.max(average, longest), fact(atMs, source, words), atMs);
    }
    const rejected = risen(before, now, 'connection_rejected');
    if (rejected > 0) {
      this.#connectionLimit(
        server,
        0.95,
        fact(atMs, source, say('fact.rejected', { count: rejected })),
        atMs,
      );
    }
    const largest = Math.max(
      ...['max_client_response_size', 'last_client_response_size'].map((name) =>
        risen(before, now, name) > 0 ? value(now, name) : 0,
      ),
    );
    if (largest > JUTE_MAXBUFFER_DEFAULT) {
      this.#bufferLimit(
        server.subject,
        largest,
        fact(atMs, source, say('fact.largest-response', { bytes: largest })),
        atMs,
      );
    }
  }

  #onTold(event: ServerEventDto): void {
    const source = eventsOf(event.sid);
    const subject = this.#subjectOf(event.sid, String(event.sid));
    switch (event.kind) {
      case 'fsync':
        if (event.maxMs >= FSYNC_AVERAGE_SLOW_MS) {
          this.#diskSlow(
            subject,
            event.maxMs,
            fact(event.atMs, source, say('fact.fsync', { durationMs: event.maxMs })),
            event.atMs,
          );
        }
        break;
      case 'clock-jump':
        this.#clockJump({
          subject,
          atMs: event.atMs - event.byMs,
          byMs: event.byMs,
          confidence: 0.95,
          evidence: fact(event.atMs - event.byMs, source, say('fact.clock-moved', { byMs: event.byMs })),
        });
        break;
      case 'complaint':
        if (event.about === 'disk-full')
          this.#diskFull(
            subject,
            fact(event.atMs, source, say('fact.said', { server: subject, reason: event.text })),
            event.atMs,
          );
        break;
      default:
        break;
    }
  }

  #onLogged({ sid, source: file, line, atMs }: Marked): void {
    const subject = this.#subjectOf(sid, file);
    const source = pathSource(file);
    switch (line.mark) {
      case 'fsync-slow':
        this.#diskSlow(
          subject,
          line.durationMs,
          fact(atMs, source, say('fact.fsync', { durationMs: line.durationMs })),
          atMs,
        );
        break;
      case 'disk-full':
        this.#diskFull(subject, fact(atMs, source, say('fact.no-space', {})), atMs);
        break;
      case 'too-many-connections': {
        const server = this.#cluster.bySid(sid);
        if (server !== undefined)
          this.#connectionLimit(server, 0.97, fact(atMs, source, say('fact.too-many-connections', {})), atMs);
        break;
      }
      case 'frame-too-large':
        this.#bufferLimit(
          subject,
          line.bytes,
          fact(atMs, source, say('fact.frame-refused', { bytes: line.bytes })),
          atMs,
        );
        break;
      default:
        break;
    }
  }

  /** A server whose port ends every connection at once, while it is well otherwise, turns this address away. */
  #lookForHangUps(nowMs: number): void {
    for (const server of this.#cluster.servers) {
      const span = server.spans.last;
      if (span?.standing !== 'hung-up' || span.untilMs - span.fromMs < HUNG_UP_MS) continue;
      if (server.before(span)?.standing !== 'serving') continue;
      this.#connectionLimit(
        server,
        0.75,
        fact(span.fromMs, CLIENT_PORT, say('fact.ends-connections', { server: server.subject })),
        nowMs,
      );
    }
  }

  /** What the leader had before the follower was asked, the follower should have. */
  #lookForLag(server: ServerPicture): void {
    const leader = this.#cluster.reign?.leader;
    const own = server.zxids.last;
    if (leader === undefined || leader === server || own === undefined || server.standing !== 'serving') {
      this.#behindSinceMs.delete(server);
      return;
    }
    const reference = leader.zxids.findLast(({ atMs }) => atMs <= own.atMs);
    const lag = reference === undefined ? 0 : lagBehind(reference.value as Zxid, own.value as Zxid);
    if (lag < LAG_MIN) {
      this.#behindSinceMs.delete(server);
      return;
    }
    const sinceMs = this.#behindSinceMs.get(server) ?? own.atMs;
    this.#behindSinceMs.set(server, sinceMs);
    if (own.atMs - sinceMs < LAG_MS) return;
    this.#note({
      cause: 'follower-behind',
      subject: server.subject,
      atMs: sinceMs,
      confidence: 0.85,
      answer: say('server.behind', { server: server.subject, leader: leader.subject }),
      evidence: fact(
        own.atMs,
        say('source.word', { word: 'srvr', server: server.subject }),
        say('fact.behind-by', { server: server.subject, count: lag }),
      ),
    });
  }

  #diskSlow(subject: string, durationMs: number, evidence: Fact, atMs: number): void {
    this.#note({
      cause: 'disk-slow',
      subject,
      atMs,
      confidence: durationMs >= FSYNC_SLOW_MS ? 0.95 : 0.85,
      answer: say('server.disk-slow', { server: subject }),
      evidence,
    });
  }

  #diskFull(subject: string, evidence: Fact, atMs: number): void {
    this.#note({
      cause: 'disk-full',
      subject,
      atMs,
      confidence: 0.97,
      answer: say('server.disk-full', { server: subject }),
      evidence,
    });
  }

  #clockJump(step: ClockStep | undefined): void {
    if (step === undefined) return;
    const { subject, byMs, atMs, confidence, evidence } = step;
    const answer = say('server.clock-jump', { server: subject, byMs });
    this.#note({ cause: 'clock-jump', subject, atMs, confidence, answer, evidence });
  }

  #connectionLimit(server: ServerPicture, confidence: number, evidence: Fact, atMs: number): void {
    const limit = server.conf?.get('maxClientCnxns') ?? null;
    this.#note({
      cause: 'connection-limit',
      subject: server.subject,
      atMs,
      confidence,
      answer: say('server.connection-limit', { server: server.subject, limit }),
      evidence,
    });
  }

  #bufferLimit(subject: string, bytes: number, evidence: Fact, atMs: number): void {
    this.#note({
      cause: 'buffer-limit',
      subject,
      atMs,
      confidence: 0.88,
      answer: say('server.buffer-limit', { server: subject, bytes, limit: JUTE_MAXBUFFER_DEFAULT }),
      evidence,
    });
  }

  /** Begins a trouble, or adds to the one that is under way. */
  #note({
    cause,
    subject,
    atMs,
    confidence,
    answer,
    evidence,
  }: Omit<Trouble, 'id' | 'untilMs' | 'evidence'> & { readonly evidence: Fact }): void {
    const known = this.#troubles.findLast(
      (trouble) =>
        trouble.cause === cause && trouble.subject === subject && atMs - trouble.untilMs < EPISODE_MS,
    );
    if (known === undefined) {
      const id = `server/${cause}/${subject}/${iso(atMs)}`;
      this.#troubles.push({
        id,
        atMs,
        untilMs: atMs,
        subject,
        cause,
        confidence,
        answer,
        evidence: [evidence],
      });
      return;
    }
    known.untilMs = Math.max(known.untilMs, atMs);
    if (confidence > known.confidence) {
      known.confidence = confidence;
      known.answer = answer;
    }
    const isNew = !known.evidence.some((member) => isSameSource(member, evidence));
    if (isNew && known.evidence.length < EVIDENCE_MAX) known.evidence.push(evidence);
  }

  #subjectOf(sid: number | undefined, source: string): string {
    return this.#cluster.bySid(sid)?.subject ?? (sid === undefined ? source : String(sid));
  }
}

/** A new epoch begins without a transaction, so only those in it count. */
function lagBehind(leader: Zxid, own: Zxid): number {
  if (zxidEpoch(leader) === zxidEpoch(own)) return zxidCounter(leader) - zxidCounter(own);
  return leader > own ? zxidCounter(leader) : 0;
}

function isSameSource(x: Fact, y: Fact): boolean {
  return JSON.stringify(x.source) === JSON.stringify(y.source);
}

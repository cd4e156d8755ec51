/**
 * What is known of one server: how its client port stood over time, when its process started, its last answers, and what it
 * told of itself. Facts only; what they mean is decided elsewhere. Pure.
 */
import type { Standing } from '../../shared/api/sentences.ts';
import type { ServerRole } from '../../shared/api/common.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import type { ConsConnection } from '../services/cluster/four-letter-words/cons.ts';
import { metric } from '../services/cluster/four-letter-words/mntr.ts';
import { BoundedList } from './bounded-list.ts';
import type { ObservationOf, PollAnswer } from './observation.ts';

/** A time during which every question was taken the same way. */
export interface Span {
  readonly standing: Standing;
  readonly fromMs: number;
  /** Of the last question that was taken so. */
  untilMs: number;
  /** Its role in that time, last known. */
  role: ServerRole | undefined;
}

export type StateEvent = Extract<ServerEventDto, { kind: 'state' }>;
export type EndedEvent = Extract<ServerEventDto, { kind: 'ended' }>;

export interface Measure {
  readonly atMs: number;
  readonly metrics: Readonly<Record<string, string>>;
}

/** Of what only grows while a process lives, whatever its role. */
const COUNTERS = [
  'zk_bytes_received_count',
  'zk_connection_request_count',
  'zk_cnt_fsynctime',
  'zk_cnt_election_time',
] as const;
/** How quickly it answered a question. */
export interface AnswerTime {
  readonly atMs: number;
  readonly tookMs: number;
}

const SPANS_MAX = 200;
const MEASURES_MAX = 120;
const TOLD_MAX = 300;
/** Starts that are nearer to each other are one. */
const SAME_START_MS = 2500;
const ANSWERS_MAX = 300;

export class ServerPicture {
  readonly server: string;
  sid: number | undefined;
  readonly spans = new BoundedList<Span>(SPANS_MAX);
  readonly measures = new BoundedList<Measure>(MEASURES_MAX);
  readonly answers = new BoundedList<AnswerTime>(ANSWERS_MAX);
  /** Why it began to look for a leader, as it told. */
  readonly reasons = new BoundedList<{ readonly atMs: number; readonly reason: string }>(TOLD_MAX);
  /** Whether it tells its states at all. */
  hasTold = false;
  /** When each of its processes started, as far as their uptime tells. */
  readonly startsMs = new BoundedList<number>(SPANS_MAX);
  /** It said that it ends. */
  ended: EndedEvent | undefined;
  /** Of its `srvr`, with the time of the question. */
  readonly zxids = new BoundedList<{ readonly value: bigint; readonly atMs: number }>(MEASURES_MAX);
  connections: { readonly list: readonly ConsConnection[]; readonly atMs: number } | undefined;
  conf: ReadonlyMap<string, string> | undefined;

  constructor(server: string) {
    this.server = server;
  }

  /** How people name it. */
  get name(): string {
    return this.subject === this.server ? this.server : `server ${this.subject}`;
  }

  /** Compat: a server without an ensemble says that its number is 0. */
  get subject(): string {
    return this.sid === undefined || this.sid === 0 ? this.server : String(this.sid);
  }

  get standing(): Standing | undefined {
    return this.spans.last?.standing;
  }

  /** Its role when it last served. */
  get role(): ServerRole | undefined {
    return this.spans.findLast(({ role }) => role !== undefined)?.role;
  }

  /** By its own count, where it tells that. */
  get leadsSinceMs(): number | undefined {
    const measure = this.measures.last;
    const uptimeMs = measure && metricOf(measure, 'leader_uptime');
    return measure === undefined || uptimeMs === undefined ? undefined : measure.atMs - uptimeMs;
  }

  onPolled({ standing, sentMs, atMs, answer }: ObservationOf<'polled'>): void {
    const last = this.spans.last;
    if (last?.standing === 'refused' && (standing === 'serving' || standing === 'looking'))
      this.onStarted(sentMs);
    const role = roleOf(answer) ?? (last?.standing === standing ? last.role : undefined);
    if (last?.standing === standing) {
      last.untilMs = atMs;
      last.role = role;
    } else {
      this.spans.push({ standing, fromMs: sentMs, untilMs: atMs, role });
    }
    if (answer === undefined) return;
    this.answers.push({ atMs, tookMs: atMs - sentMs });
    this.#onAnswer(answer, { sentMs, atMs });
  }

  /** Several sources tell of one start. */
  onStarted(atMs: number): void {
    const last = this.startsMs.last;
    if (last === undefined || atMs - last > SAME_START_MS) this.startsMs.push(atMs);
  }

  onState({ atMs, reason }: StateEvent): void {
    this.hasTold = true;
    if (reason !== null) this.reasons.push({ atMs, reason });
  }

  /** When the process that runs now was started, if that can be known. */
  get startedMs(): number | undefined {
    return this.startsMs.last;
  }

  /** Whether a span of `standing` overlaps the time between the two. The newest span lasts until now. */
  stood(standing: Standing, { fromMs, toMs }: { fromMs: number; toMs: number }): Span | undefined {
    return this.spans.findLast(
      (span) => span.standing === standing && span.fromMs <= toMs && this.endOf(span) >= fromMs,
    );
  }

  /** When it stood otherwise; `Infinity` for how it stands now. */
  endOf(span: Span): number {
    const at = this.spans.indexOf(span);
    return this.spans.at(at + 1)?.fromMs ?? Infinity;
  }

  after(span: Span): Span | undefined {
    return this.spans.at(this.spans.indexOf(span) + 1);
  }

  before(span: Span): Span | undefined {
    const at = this.spans.indexOf(span);
    return at <= 0 ? undefined : this.spans.at(at - 1);
  }

  /** Whether one of its processes started between the two. */
  startedBetween(fromMs: number, toMs: number): boolean {
    return this.startsMs.some((startMs) => startMs >= fromMs && startMs <= toMs);
  }

  #onAnswer(answer: PollAnswer, { sentMs, atMs }: { sentMs: number; atMs: number }): void {
    switch (answer.word) {
      case 'mntr':
        this.#onMeasure({ atMs, metrics: answer.metrics });
        break;
      case 'srvr':
        if (answer.zxid !== undefined) this.zxids.push({ value: answer.zxid, atMs: sentMs });
        break;
      case 'cons':
        this.connections = { list: answer.connections, atMs };
        break;
      case 'dump':
        // Sessions have a book of their own (session-book.ts).
        break;
      case 'conf':
        this.conf = answer.values;
        if (answer.sid !== undefined && answer.sid !== 0) this.sid = answer.sid;
        break;
    }
  }

  /**
   * A process counts from zero on. Compat: Apache's uptime is that of its present role, so a younger one alone tells of an
   * election; and counts alone may have been reset (`srst`).
   */
  #onMeasure(measure: Measure): void {
    const before = this.measures.last;
    this.measures.push(measure);
    const uptimeMs = metricOf(measure, 'uptime');
    if (uptimeMs === undefined) return;
    const isYounger = before !== undefined && uptimeMs < (metricOf(before, 'uptime') ?? 0);
    if (before === undefined || (isYounger && countsAnew(before, measure))) {
      this.onStarted(measure.atMs - uptimeMs);
    }
  }
}

/** A metric of `mntr`; 0 where there is none. */
export function value({ metrics }: Measure, name: string): number {
  const number = Number(metrics[`zk_${name}`]);
  return Number.isFinite(number) ? number : 0;
}

export function risen(before: Measure, now: Measure, name: string): number {
  return value(now, name) - value(before, name);
}

function countsAnew(before: Measure, now: Measure): boolean {
  return COUNTERS.some((name) => Number(now.metrics[name] ?? 0) < Number(before.metrics[name] ?? 0));
}

function metricOf({ metrics }: Measure, name: string): number | undefined {
  return metric({ values: metrics, role: undefined }, name);
}

function roleOf(answer: PollAnswer | undefined): ServerRole | undefined {
  return answer?.word === 'mntr' || answer?.word === 'srvr' ? answer.role : undefined;
}

/** A scene for the diagnosis: three servers that are asked every second, and what befalls them, without any of them. */
import type { Finding } from '../../../../shared/api/findings.ts';
import type { ServerEventDto } from '../../../../shared/api/server-events.ts';
import type { ServerRole } from '../../../../shared/api/common.ts';
import { Diagnosis } from '../../../../electron/diagnosis/diagnosis.ts';
import type { CommittedFact, LogMark, PollAnswer } from '../../../../electron/diagnosis/observation.ts';
import type { Standing } from '../../../../shared/api/sentences.ts';

export const START_MS = Date.UTC(2026, 10, 21, 12);
const STEP_MS = 1000;

export interface Condition {
  standing: Standing;
  role: ServerRole;
  epoch: number;
  /** Of clients, by session: their addresses. */
  sessions: Map<string, string>;
  metrics: Record<string, string>;
  conf: Record<string, string>;
  /** Behind the leader, in transactions. */
  lag: number;
}

/** Events come without what the ring adds. */
type Told = ServerEventDto extends infer Event
  ? Event extends ServerEventDto
    ? Omit<Event, 'seq' | 'atMs'>
    : never
  : never;

export class Scene {
  readonly diagnosis: Diagnosis;
  readonly conditions: readonly Condition[];
  /** What `dump` lists; undefined where it is not allowed. */
  listed: ReadonlySet<string> | undefined;
  /** Whether all clients are heard of every second. */
  areHeard = false;
  nowMs = START_MS;
  readonly #told = new Map<string, Finding>();
  #received = 0;
  /** By session: packets that its server has counted. */
  readonly #heard = new Map<string, number>();

  constructor({ observers = 0 }: { observers?: number } = {}) {
    const servers = [1, 2, 3, 4].slice(0, 3 + observers);
    this.diagnosis = new Diagnosis({ nowMs: this.nowMs, servers: servers.map(addressOf) });
    this.conditions = servers.map((sid) => ({
      standing: 'serving' as const,
      role: sid === 3 ? ('leader' as const) : sid > 3 ? ('observer' as const) : ('follower' as const),
      epoch: 1,
      sessions: new Map<string, string>(),
      metrics: {},
      conf: {},
      lag: 0,
    }));
    this.diagnosis.observe({
      kind: 'configured',
      atMs: this.nowMs,
      version: '0',
      participants: [1, 2, 3],
      observers: servers.slice(3),
    });
    for (const sid of servers) {
      this.diagnosis.observe({ kind: 'identified', atMs: this.nowMs, server: addressOf(sid), sid });
    }
  }

  server(sid: number): Condition {
    return this.conditions[sid - 1]!;
  }

  /** Lets time pass, every server being asked each second. */
  pass(seconds: number): this {
    for (let second = 0; second < seconds; second++) {
      this.nowMs += STEP_MS;
      if (this.areHeard) this.#hearAll();
      for (const [at, condition] of this.conditions.entries()) this.#poll(at + 1, condition);
      for (const finding of this.diagnosis.conclude(this.nowMs)) this.#told.set(finding.id, finding);
    }
    return this;
  }

  tell(event: Told, atMs = this.nowMs): void {
    this.diagnosis.observe({ kind: 'told', atMs, event: { ...event, seq: 1, atMs } });
  }

  log(sid: number, line: LogMark): void {
    this.diagnosis.observe({
      kind: 'logged',
      atMs: this.nowMs,
      sid,
      source: 'server.log',
      lineMs: this.nowMs,
      line,
    });
  }

  commit(fact: Omit<CommittedFact, 'timeMs'>): void {
    this.diagnosis.observe({
      kind: 'committed',
      atMs: this.nowMs,
      sid: 1,
      source: 'log.1',
      fact: { ...fact, timeMs: this.nowMs },
    });
  }

  /** Its client says something before the next poll. */
  hear(sessionId: string): void {
    this.#heard.set(sessionId, (this.#heard.get(sessionId) ?? 1) + 1);
  }

  #hearAll(): void {
    for (const { sessions } of this.conditions) for (const sessionId of sessions.keys()) this.hear(sessionId);
  }

  stallOfZabra(durationMs: number): void {
    this.diagnosis.observe({ kind: 'own-stall', atMs: this.nowMs, durationMs });
  }

  /** Everything told, in its latest form. */
  get findings(): Finding[] {
    return [...this.#told.values()];
  }

  /** `kind cause subject` of everything told, in its latest form. */
  get verdicts(): string[] {
    return [...this.#told.values()].map(({ kind, cause, subject }) => `${kind} ${cause} ${subject}`);
  }

  /** The latest about `subject`. */
  finding(subject: string): Finding | undefined {
    return [...this.#told.values()].findLast((finding) => finding.subject === subject);
  }

  verdictsOf(kind: Finding['kind']): string[] {
    return this.verdicts.filter((verdict) => verdict.startsWith(kind));
  }

  #poll(sid: number, { standing, role, epoch, sessions, metrics, conf, lag }: Condition): void {
    const answers: (PollAnswer | undefined)[] = [undefined];
    if (standing === 'serving') {
      this.#received += 4;
      answers.splice(
        0,
        1,
        {
          word: 'mntr',
          role,
          metrics: {
            zk_uptime: String(this.nowMs - START_MS + 3_600_000),
            zk_bytes_received_count: String(this.#received),
            ...metrics,
          },
        },
        { word: 'srvr', role, zxid: (BigInt(epoch) << 32n) + BigInt(1000 - lag) },
        {
          word: 'cons',
          connections: [...sessions].map(([sessionId, address]) => ({
            address,
            queued: 0,
            received: this.#heard.get(sessionId) ?? 1,
            sent: 1,
            session: {
              sessionId,
              lastOperation: 'PING',
              establishedAtMs: START_MS,
              timeoutMs: 4000,
              lastCxid: undefined,
              lastZxid: undefined,
              latencyMs: undefined,
              lastResponseMs: undefined,
            },
          })),
        },
      );
    }
    if (standing === 'serving') {
      const { listed } = this;
      const timed = [...(listed ?? [])].map(
        (id) => [id, { timeoutMs: 4000, expiresAtMs: undefined }] as const,
      );
      if (listed !== undefined)
        answers.push({
          word: 'dump',
          sessions: new Map(timed),
          ephemeralCount: 0,
          connections: new Set(sessions.values()),
        });
      answers.push({ word: 'conf', sid, values: new Map(Object.entries(conf)) });
    }
    for (const answer of answers) {
      this.diagnosis.observe({
        kind: 'polled',
        atMs: this.nowMs,
        sentMs: this.nowMs,
        server: addressOf(sid),
        standing,
        answer,
      });
    }
  }
}

function addressOf(sid: number): string {
  return `127.0.0.1:218${sid}`;
}

/**
 * When sessions may end (PROTOCOL.md 5.9, 7.9): never before the leader has heard nothing of one for its timeout, nor later
 * than the end of the bucket that this falls into. Kept beside the leader, from what arrives at it; and beside every
 * learner, from what its clients say, since the leader knows of them only what learners tell it.
 */
import type { SessionId } from '../../shared/ids.ts';
import { sessionIdToHex } from '../../shared/ids.ts';
import { demand } from './violation.ts';

interface Heard {
  readonly atMs: number;
  readonly timeoutMs: number;
}

/** A tick that is due may come that much later: clocks that run at another speed are rounded. */
const LATE_MS_MAX = 5;

/** What one leader has heard; times are of its own clock. */
export class LeaderHearing {
  readonly #server: string;
  readonly #intervalMs: number;
  readonly #heard = new Map<SessionId, Heard>();

  /** Whatever was before, every session has its whole timeout from the moment in which a leader begins to serve. */
  constructor({
    server,
    intervalMs,
    sessionTimeoutsMs,
    nowMs,
  }: {
    server: string;
    intervalMs: number;
    sessionTimeoutsMs: ReadonlyMap<SessionId, number>;
    nowMs: number;
  }) {
    this.#server = server;
    this.#intervalMs = intervalMs;
    for (const [sessionId, timeoutMs] of sessionTimeoutsMs) this.onCreated(sessionId, timeoutMs, nowMs);
  }

  onCreated(sessionId: SessionId, timeoutMs: number, nowMs: number): void {
    this.#heard.set(sessionId, { atMs: nowMs, timeoutMs });
  }

  onHeard(sessionId: SessionId, timeoutMs: number, nowMs: number): void {
    if (this.#heard.has(sessionId)) this.#heard.set(sessionId, { atMs: nowMs, timeoutMs });
  }

  /** The leader begins to end a session, because it is silent or because its client asked for it. */
  onClosing(sessionId: SessionId, { isExpired, nowMs }: { isExpired: boolean; nowMs: number }): void {
    const heard = this.#heard.get(sessionId);
    this.#heard.delete(sessionId);
    if (!heard || !isExpired) return;
    demand(
      nowMs >= this.#expiresMs(heard),
      'SessionExpiry',
      () =>
        `${this.#server} expires ${sessionIdToHex(sessionId)} at ${nowMs} ms, heard of at ${heard.atMs} ms, ` +
        `with a timeout of ${heard.timeoutMs} ms`,
    );
  }

  checkOverdue(nowMs: number): void {
    for (const [sessionId, heard] of this.#heard) {
      demand(
        nowMs <= this.#expiresMs(heard) + LATE_MS_MAX,
        'SessionExpiry',
        () =>
          `${this.#server} keeps ${sessionIdToHex(sessionId)} at ${nowMs} ms, silent since ${heard.atMs} ms`,
      );
    }
  }

  #expiresMs({ atMs, timeoutMs }: Heard): number {
    return (Math.floor((atMs + timeoutMs) / this.#intervalMs) + 1) * this.#intervalMs;
  }
}

/** Whose clients said something that a learner has not passed on yet. */
export class LearnerHearing {
  readonly #server: string;
  readonly #unreported = new Set<SessionId>();
  /** Of those, whom the answer to the last ping must name. */
  readonly #due = new Set<SessionId>();

  constructor(server: string) {
    this.#server = server;
  }

  onHeard(sessionId: SessionId): void {
    this.#unreported.add(sessionId);
  }

  /** A ping of the leader arrives: who is heard from now on is for the next one. */
  onPinged(): void {
    for (const sessionId of this.#unreported) this.#due.add(sessionId);
    this.#unreported.clear();
  }

  /** The learner's answer leaves; `living` are the sessions that it knows by then. */
  onReported(reported: Iterable<SessionId>, living: { has(sessionId: SessionId): boolean }): void {
    for (const sessionId of reported) this.#due.delete(sessionId);
    for (const sessionId of this.#due) {
      demand(
        !living.has(sessionId),
        'SessionExpiry',
        () => `${this.#server} does not tell its leader of ${sessionIdToHex(sessionId)}`,
      );
    }
    this.#due.clear();
  }
}

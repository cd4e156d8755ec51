/**
 * Which sessions live and when they expire (ZooKeeper's SessionTrackerImpl; PROTOCOL.md 2.3, 5.9, 7.5, 7.9). Runs where
 * sessions are decided: on a standalone server or a leader. A closing session is still known, but nothing touches it
 * any more. Other servers have a room with the same doors (learner-sessions.ts), which asks the leader.
 */
import type { SessionId } from '../../shared/ids.ts';
import { type Bucket, type Expiring, ExpiryBuckets } from './expiry-buckets.ts';
import type { SessionIds } from './session-ids.ts';

export interface Session extends Expiring {
  readonly sessionId: SessionId;
  /** As negotiated when it was created; a reconnect may be granted another timeout for its own connection. */
  readonly timeoutMs: number;
  isClosing: boolean;
  /** On the elapsed clock: when its client, or the server that its client is at, said something of it. */
  lastHeardMs: number;
  /** Which connection may write for it: {@link OWNER_SELF}, the link of a learner, or undefined before the first. */
  owner: number | undefined;
}

/** A session that is due, and the bucket that it was in. */
export interface ExpiredSession {
  readonly session: Session;
  readonly bucketMs: number;
}

/** The session's client is connected to this very server. Links of learners have other numbers. */
export const OWNER_SELF = 0;

export class SessionTracker {
  readonly #sessions = new Map<SessionId, Session>();
  readonly #buckets: ExpiryBuckets<Session>;
  readonly #ids: SessionIds;

  /** `elapsedMs` is the clock of expiry. */
  constructor({ tickTimeMs, ids, elapsedMs }: { tickTimeMs: number; ids: SessionIds; elapsedMs: number }) {
    this.#buckets = new ExpiryBuckets(tickTimeMs, elapsedMs);
    this.#ids = ids;
  }

  get count(): number {
    return this.#sessions.size;
  }

  get nextExpiryMs(): number {
    return this.#buckets.nextMs;
  }

  get(sessionId: SessionId): Session | undefined {
    return this.#sessions.get(sessionId);
  }

  create(timeoutMs: number, nowMs: number): Session {
    const session = this.track(this.#ids.next(), timeoutMs, nowMs);
    session.owner = OWNER_SELF;
    return session;
  }

  revalidate(
    { sessionTimeoutMs }: { readonly sessionTimeoutMs: number },
    sessionId: SessionId,
    nowMs: number,
  ): Session | undefined {
    return this.adopt({ sessionId, timeoutMs: sessionTimeoutMs, owner: OWNER_SELF, nowMs });
  }

  /** From now on `owner` writes for the session, if it lives. */
  adopt({
    sessionId,
    timeoutMs,
    owner,
    nowMs,
  }: {
    sessionId: SessionId;
    timeoutMs: number;
    owner: number;
    nowMs: number;
  }): Session | undefined {
    const session = this.#sessions.get(sessionId);
    if (!session || !this.touch(session, timeoutMs, nowMs)) return undefined;
    session.owner = owner;
    return session;
  }

  /** Takes up a session that came from elsewhere: another server's clients, or a log read back. */
  track(sessionId: SessionId, timeoutMs: number, nowMs: number): Session {
    const known = this.#sessions.get(sessionId);
    if (known) return known;
    const session: Session = {
      sessionId,
      timeoutMs,
      isClosing: false,
      lastHeardMs: nowMs,
      owner: undefined,
      bucketMs: undefined,
    };
    this.#sessions.set(sessionId, session);
    this.#buckets.touch(session, timeoutMs, nowMs);
    return session;
  }

  touch(session: Session, timeoutMs: number, nowMs: number): boolean {
    if (session.isClosing) return false;
    session.lastHeardMs = nowMs;
    this.#buckets.touch(session, timeoutMs, nowMs);
    return true;
  }

  setClosing(session: Session): void {
    session.isClosing = true;
  }

  remove(sessionId: SessionId): void {
    const session = this.#sessions.get(sessionId);
    if (!session) return;
    session.isClosing = true;
    this.#buckets.remove(session);
    this.#sessions.delete(sessionId);
  }

  /** The sessions that are due, marked as closing: each has now to be closed by a transaction. */
  expire(nowMs: number): ExpiredSession[] {
    const due: ExpiredSession[] = [];
    for (let bucketMs = this.#buckets.nextMs; bucketMs <= nowMs; bucketMs = this.#buckets.nextMs) {
      for (const session of this.#buckets.expire(bucketMs)) {
        session.isClosing = true;
        due.push({ session, bucketMs });
      }
    }
    return due;
  }

  buckets(): Bucket<Session>[] {
    return this.#buckets.buckets();
  }
}

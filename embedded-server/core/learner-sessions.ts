/**
 * Sessions as a follower or an observer knows them (ZooKeeper's LearnerSessionTracker; PROTOCOL.md 5.9): it gives out ids
 * and remembers whose clients said something, for the next answer to the leader's ping. Whether a session lives is the
 * leader's to say.
 */
import type { SessionId } from '../../shared/ids.ts';
import type { SessionTimeout } from '../quorum-protocol/packet-bodies.ts';
import type { Connection } from './connection.ts';
import { Fifo } from './fifo.ts';
import type { SessionIds } from './session-ids.ts';
import type { SessionRoom } from './session-room.ts';
import { OWNER_SELF, type Session } from './session-tracker.ts';

interface Returning {
  readonly connection: Connection;
  readonly session: Session;
}

export class LearnerSessions implements SessionRoom {
  readonly #ids: SessionIds;
  readonly #ask: (session: SessionTimeout) => void;
  readonly #touchedMs = new Map<SessionId, number>();
  /** Clients that came back, in the order in which the leader was asked and answers. */
  readonly #returning = new Fifo<Returning>();

  /** `ask` sends a REVALIDATE. */
  constructor(ids: SessionIds, ask: (session: SessionTimeout) => void) {
    this.#ids = ids;
    this.#ask = ask;
  }

  create(timeoutMs: number, nowMs: number): Session {
    return makeSession(this.#ids.next(), timeoutMs, nowMs);
  }

  touch({ sessionId }: Session, timeoutMs: number): boolean {
    this.#touchedMs.set(sessionId, timeoutMs);
    return true;
  }

  revalidate(connection: Connection, sessionId: SessionId, nowMs: number): 'later' {
    const session = makeSession(sessionId, connection.sessionTimeoutMs, nowMs);
    this.#returning.push({ connection, session });
    this.#ask({ sessionId, timeoutMs: session.timeoutMs });
    return 'later';
  }

  remove(sessionId: SessionId): void {
    this.#touchedMs.delete(sessionId);
  }

  /** Whom the leader's next answer concerns; undefined when nobody asked. */
  takeReturning(): Returning | undefined {
    return this.#returning.shift();
  }

  /** Who said something since the last call. */
  takeTouched(): SessionTimeout[] {
    const touched = [...this.#touchedMs].map(([sessionId, timeoutMs]) => ({ sessionId, timeoutMs }));
    this.#touchedMs.clear();
    return touched;
  }
}

function makeSession(sessionId: SessionId, timeoutMs: number, lastHeardMs: number): Session {
  return { sessionId, timeoutMs, isClosing: false, lastHeardMs, owner: OWNER_SELF, bucketMs: undefined };
}

/** Gives out session ids, one sequence for the life of a server, whatever roles it has meanwhile (PROTOCOL.md 2.3). */
import { type SessionId, type Sid, initialSessionId, toSessionId } from '../../shared/ids.ts';

export class SessionIds {
  #next: SessionId;

  /** `startWallMs` keeps the ids of two runs of one server apart. */
  constructor({ sid, startWallMs }: { sid: Sid; startWallMs: number }) {
    this.#next = initialSessionId({ elapsedMs: startWallMs, sid });
  }

  next(): SessionId {
    const sessionId = this.#next;
    this.#next = toSessionId(sessionId + 1n);
    return sessionId;
  }
}

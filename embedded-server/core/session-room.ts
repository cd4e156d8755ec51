/** The sessions as those rooms see them that serve clients, whatever the server's role. */
import type { SessionId } from '../../shared/ids.ts';
import type { Connection } from './connection.ts';
import type { Session } from './session-tracker.ts';

/** What serving clients demands of whoever knows the sessions. */
export interface SessionRoom {
  /** A session with a new id, which exists for others once its createSession is committed. */
  create(timeoutMs: number, nowMs: number): Session;
  /** Whether the session lives; if so, it does for another `timeoutMs`. */
  touch(session: Session, timeoutMs: number, nowMs: number): boolean;
  /** A client comes back with `sessionId`: its session, undefined when it has none, or word that comes later. */
  revalidate(connection: Connection, sessionId: SessionId, nowMs: number): Session | 'later' | undefined;
  /** The session's end is applied. */
  remove(sessionId: SessionId): void;
}

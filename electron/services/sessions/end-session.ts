/**
 * Ends somebody else's session: takes it over with the password that every server derives from its id (PROTOCOL.md 2.3) and
 * closes it. Its client notices that its connection is gone and comes back at once, so the closeSession is on its way with
 * the first packet after the handshake; where the client was faster nonetheless, it is done again.
 */
import type { EndOutcome } from '../../../shared/api/sessions.ts';
import type { AppError } from '../../../shared/errors.ts';
import { ConnectionError, KeeperError } from '../../../shared/errors.ts';
import { type SessionId, sessionIdToHex, sessionPassword } from '../../../shared/ids.ts';
import { closeSession } from '../../../shared/protocol/close-session.ts';
import { ClientSession } from '../../client/client-session.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { ShellError } from '../shell-error.ts';

export interface EndRequest {
  readonly sessionId: SessionId;
  /** Asked for when it is taken over; servers take what a client says anew. */
  readonly timeoutMs: number;
  /** In the order in which they are tried; the one that has its connection first. */
  readonly servers: readonly HostPort[];
}

const ATTEMPTS_MAX = 5;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Rejects with ShellError SESSION_NOT_ENDED when its client took it back each time, and with what the last server said when
 * none could be used.
 */
export async function endSession({ sessionId, timeoutMs, servers }: EndRequest): Promise<EndOutcome> {
  let attempts = 0;
  let wasClosed = false;
  let last: AppError | undefined;
  for (const server of servers) {
    for (; attempts < ATTEMPTS_MAX; attempts++) {
      const attempt = await tryToEnd(server, { sessionId, timeoutMs });
      if (attempt.outcome !== 'failed') {
        return { outcome: wasClosed ? 'ended' : attempt.outcome, server: formatHostPort(server) };
      }
      last = attempt.error;
      wasClosed ||= attempt.wasTaken;
      // No closeSession was sent: another server may do.
      if (!attempt.wasTaken) break;
    }
  }
  if (attempts < ATTEMPTS_MAX && last !== undefined) throw last;
  const id = sessionIdToHex(sessionId);
  throw new ShellError('SESSION_NOT_ENDED', `the client of ${id} took it back ${attempts} times`, {
    sessionId: id,
    ...(last === undefined ? {} : { cause: last }),
  });
}

type Attempt =
  | { readonly outcome: EndOutcome['outcome'] }
  /** `wasTaken`: it was this connection's for a while. */
  | { readonly outcome: 'failed'; readonly wasTaken: boolean; readonly error: AppError };

async function tryToEnd(
  server: HostPort,
  { sessionId, timeoutMs }: Omit<EndRequest, 'servers'>,
): Promise<Attempt> {
  const session = new ClientSession({
    connectString: formatHostPort(server),
    sessionTimeoutMs: timeoutMs,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    resume: { sessionId, password: sessionPassword(sessionId) },
  });
  let wasTaken = false;
  session.onState(({ state }) => {
    wasTaken ||= state === 'connected';
  });
  try {
    const connecting = session.connect({});
    // Queued now, it leaves with the very step in which the session is established.
    const [connected, closed] = await Promise.allSettled([connecting, session.call(closeSession, undefined)]);
    if (closed.status === 'fulfilled') return { outcome: 'ended' };
    return toAttempt(connected.status === 'rejected' ? connected.reason : closed.reason, wasTaken);
  } finally {
    session.abandon();
  }
}

function toAttempt(error: unknown, wasTaken: boolean): Attempt {
  if (error instanceof KeeperError && error.code === 'SESSIONEXPIRED') return { outcome: 'gone-already' };
  // A connection that is lost behind the closeSession may mean that it was heard: the next attempt tells.
  if (error instanceof KeeperError || error instanceof ConnectionError) {
    return { outcome: 'failed', wasTaken, error };
  }
  throw error;
}

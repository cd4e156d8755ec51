/** The errors that a session hands to its callers, with whatever is known of where they happened. Pure. */
import {
  type AppError,
  ConnectionError,
  type ErrorContext,
  KeeperError,
  ProtocolError,
} from '../../shared/errors.ts';

/** `path` as part of an error's context; nothing when there is none. */
export function pathContext(path: string | undefined): ErrorContext {
  return path === undefined ? {} : { path };
}

export function closedError(path?: string): ConnectionError {
  return new ConnectionError('CLIENT_CLOSED', 'the client is closed', pathContext(path));
}

export function notStartedError(path?: string): ConnectionError {
  return new ConnectionError('NOT_CONNECTED', 'the client was not told to connect yet', pathContext(path));
}

/** A request's connection is gone; whether a write was applied nobody knows. */
export function lossError(
  path: string | undefined,
  context: ErrorContext,
  cause: ConnectionError,
): KeeperError {
  return new KeeperError('CONNECTIONLOSS', { ...context, ...pathContext(path), cause });
}

export function expiredError(reason: string, context: ErrorContext): KeeperError {
  const message = `session ${context.sessionId ?? ''} has expired: ${reason}`;
  return new KeeperError('SESSIONEXPIRED', { ...context, message });
}

export function authFailedError(scheme: string, context: ErrorContext): KeeperError {
  const message = `${context.server ?? 'the server'} refused the ${scheme} credentials`;
  return new KeeperError('AUTHFAILED', { ...context, message });
}

export function timeoutError(what: string, context: ErrorContext): ConnectionError {
  return new ConnectionError('CONNECTION_TIMEOUT', `${context.server ?? 'the server'} ${what}`, context);
}

export function outstandingLimitError(
  { outstandingCount, queuedCount }: { outstandingCount: number; queuedCount: number },
  context: ErrorContext,
): ConnectionError {
  const message = `too many requests wait for an answer (${outstandingCount} sent, ${queuedCount} queued)`;
  return new ConnectionError('OUTSTANDING_LIMIT', message, context);
}

export function unreadableError(cause: ProtocolError, context: ErrorContext): ConnectionError {
  const message = `${context.server ?? 'the server'} sent what cannot be read (${cause.message})`;
  return new ConnectionError('CONNECTION_CLOSED', message, { ...context, cause });
}

export function frameTooLargeError({
  bytes,
  bytesMax,
  path,
}: {
  bytes: number;
  bytesMax: number;
  path: string | undefined;
}): ProtocolError {
  const what = path === undefined ? 'the request' : `the request for ${path}`;
  const message = `${what} takes ${bytes} bytes, servers take ${bytesMax} (jute.maxbuffer)`;
  return new ProtocolError('FRAME_TOO_LARGE', message, pathContext(path));
}

/** The error that ended a session, as one request sees it. */
export function withPath(error: AppError, path: string | undefined): AppError {
  if (path === undefined) return error;
  if (error instanceof KeeperError) {
    return new KeeperError(error.code, { ...error.context, path, message: error.message, cause: error });
  }
  return error instanceof ConnectionError
    ? new ConnectionError(error.code, error.message, { ...error.context, path, cause: error })
    : error;
}

/** Explains writes that are larger than a server takes (jute.maxbuffer). Pure. */
import { type ErrorContext, KeeperError, ProtocolError } from '../../../shared/errors.ts';
import { ShellError } from '../shell-error.ts';

/** Writes from here on may be above a limit that an administrator has lowered. */
const SUSPICIOUS_BYTES = 256 * 1024;

/**
 * The error to show for a write of `bytes` that failed: NODE_TOO_LARGE when the client refused to send it, or when the
 * server closed the connection over a large request, which is all that a server says then. Else the error itself.
 */
export function explainWriteFailure(
  error: unknown,
  { path, bytes }: { path: string; bytes: number },
): unknown {
  if (error instanceof ProtocolError && error.code === 'FRAME_TOO_LARGE') {
    return tooLarge(`${path}: ${error.message}; nothing was sent`, { ...error.context, path }, error);
  }
  const isLost = error instanceof KeeperError && error.code === 'CONNECTIONLOSS';
  if (isLost && bytes >= SUSPICIOUS_BYTES) {
    const message = `${path}: the server closed the connection over a request with ${bytes} bytes of data, as it does when its jute.maxbuffer is smaller`;
    return tooLarge(message, { ...error.context, path }, error);
  }
  return error;
}

function tooLarge(message: string, context: ErrorContext, cause: Error): ShellError {
  return new ShellError('NODE_TOO_LARGE', message, { ...context, cause });
}

/**
 * The one place where an error becomes what the renderer sees: an AppError keeps its code and context, input that the
 * contract does not allow and everything else is a BUG, which is logged with its stack. Nothing is swallowed.
 */
import { ORPCError } from '@orpc/server';
import { type Failure, FailureCode } from '../../shared/api/failure.ts';
import { AppError, KeeperError } from '../../shared/errors.ts';
import type { Log } from '../log.ts';

/** Pure; does not log. See {@link FailureReporter} for errors that reach the edge of the shell. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof AppError)) return bug(error);
  const code = FailureCode.safeParse(error.code);
  if (!code.success) return bug(error);
  const { path, server } = error.context;
  return {
    code: code.data,
    message: error.message,
    retryable: error.retryable,
    ...(error instanceof KeeperError ? { number: error.number } : {}),
    ...(path === undefined ? {} : { path }),
    ...(server === undefined ? {} : { server }),
  };
}

function bug(error: unknown): Failure {
  return { code: 'BUG', message: describe(error), retryable: false };
}

function describe(error: unknown): string {
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return `the call does not fit the contract: ${issuesOf(error)}`;
  }
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
}

/** `draft.name: Too small; …`, without the values, which may be secrets. */
function issuesOf(error: Error): string {
  const issues: unknown =
    error.cause instanceof Error && 'issues' in error.cause ? error.cause.issues : undefined;
  if (!Array.isArray(issues)) return error.message;
  return (issues as readonly { path?: readonly unknown[]; message?: string }[])
    .map(({ path = [], message = '' }) => `${path.map(String).join('.')}: ${message}`)
    .join('; ');
}

/** The error that oRPC sends as the contract's FAILURE. A bug is logged. */
export function toContractError(error: unknown, { log, procedure }: { log: Log; procedure: string }): Error {
  if (error instanceof ORPCError && error.code === 'FAILURE') return error;
  const failure = toFailure(error);
  if (failure.code === 'BUG') log.error({ err: error, procedure }, 'a call failed by a bug');
  else log.debug({ code: failure.code, procedure, path: failure.path }, 'a call failed');
  return new ORPCError('FAILURE', { message: failure.message, data: failure, cause: error });
}

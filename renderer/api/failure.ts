/**
 * Every error that a call may end with, as one Failure of the contract, so that views branch on one closed list of
 * codes. What the contract does not declare is a bug: of the shell, of this page, or of their agreement.
 */
import { ORPCError } from '@orpc/client';
import { Failure } from '../../shared/api/failure.ts';
import { WireLostError, useLink } from './link.ts';

/** The failure that an error of a call stands for. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError && error.code === 'FAILURE') {
    const parsed = Failure.safeParse(error.data);
    if (parsed.success) return parsed.data;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isCancellation(error)) return { code: 'CANCELLED', message, retryable: true };
  if (error instanceof WireLostError) return { code: 'NOT_CONNECTED', message, retryable: true };
  return { code: 'BUG', message, retryable: false };
}

/** Whether the caller itself broke the call off, or the wire closed under it: nothing to show. */
function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Whether the wire to the shell failed, rather than what was asked of the shell. */
export function isWireFailure(error: unknown): boolean {
  return error instanceof WireLostError || isCancellation(error) || useLink.getState().wire !== 'open';
}

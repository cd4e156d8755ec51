/** What became of a question to a server. Pure. */
import { assertNever } from '../../../shared/assert.ts';
import { type AppError, ConnectionError, type ConnectionErrorCode } from '../../../shared/errors.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { PortAnswer } from '../../diagnosis/sources/client-port.ts';

/** `tookMs` is the round trip of the question itself, `atMs` (wall clock) when it was answered. */
export type Answer<T> =
  | { readonly status: 'ok'; readonly value: T; readonly tookMs: number; readonly atMs: number }
  | { readonly status: 'notWhitelisted' }
  | { readonly status: 'notServing' }
  | { readonly status: 'notUnderstood' }
  /** More than Zabra takes. */
  | { readonly status: 'tooLong' }
  | { readonly status: 'failed'; readonly error: AppError };

type Refusal = Exclude<Answer<never>, { status: 'ok' } | { status: 'notUnderstood' } | { status: 'tooLong' }>;

/** When the port took it otherwise than with an answer; undefined for an answer. */
export function refusalOf({ standing, isForbidden }: PortAnswer, host: HostPort): Refusal | undefined {
  const server = formatHostPort(host);
  const failed = (code: ConnectionErrorCode, what: string): Refusal => ({
    status: 'failed',
    error: new ConnectionError(code, `${server}: ${what}`, { server }),
  });
  switch (standing) {
    case 'serving':
      return isForbidden ? { status: 'notWhitelisted' } : undefined;
    case 'looking':
      return { status: 'notServing' };
    case 'silent':
      return failed('CONNECTION_TIMEOUT', 'takes the connection and does not answer');
    case 'refused':
      return failed('CONNECTION_REFUSED', 'nothing listens on that port');
    case 'unroutable':
      return failed('NETWORK_UNREACHABLE', 'not even a connection can be made');
    case 'hung-up':
      return failed('CONNECTION_CLOSED', 'ends the connection without an answer');
    default:
      return assertNever(standing, 'standing');
  }
}

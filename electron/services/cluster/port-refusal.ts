/** What it means for a question that a server's port took it otherwise than with an answer. Pure. */
import { assertNever } from '../../../shared/assert.ts';
import { ConnectionError, type ConnectionErrorCode } from '../../../shared/errors.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { PortAnswer } from '../../diagnosis/sources/client-port.ts';
import type { Answer } from './server-questions.ts';

type Refusal = Exclude<Answer<never>, { status: 'ok' } | { status: 'notUnderstood' }>;

/** Undefined for an answer. */
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

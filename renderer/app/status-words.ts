/** The words for the states of a connection, and the tone of each. Pure. */
import type { ConnectionState } from '../../shared/api/connections.ts';
import { assertNever } from '../../shared/assert.ts';
import type { MessageKey } from '../i18n/i18n.ts';

export interface StatusWords {
  readonly labelKey: MessageKey;
  /** `off` is neither good nor bad. */
  readonly tone: 'ok' | 'warn' | 'danger' | 'off';
}

/** Null is a connection that is not open. */
export function statusWords(state: ConnectionState | null): StatusWords {
  switch (state) {
    case null:
      return { labelKey: 'status.notConnected', tone: 'off' };
    case 'closed':
      return { labelKey: 'status.closed', tone: 'off' };
    case 'connecting':
      return { labelKey: 'status.connecting', tone: 'warn' };
    case 'connected':
      return { labelKey: 'status.connected', tone: 'ok' };
    case 'connected-read-only':
      return { labelKey: 'status.connectedReadOnly', tone: 'warn' };
    case 'suspended':
      return { labelKey: 'status.suspended', tone: 'warn' };
    case 'expired':
      return { labelKey: 'status.expired', tone: 'danger' };
    case 'auth-failed':
      return { labelKey: 'status.authFailed', tone: 'danger' };
    default:
      return assertNever(state, 'connection state');
  }
}

/**
 * Whether one may write now, and whether one may prepare a write: what is typed during a short outage is kept as a draft
 * and can be saved when the connection is back, so only what a person has decided makes an editor read-only. Pure.
 */
import type { ConnectionStatus } from '../../../shared/api/connections.ts';

export type WriteGuardState =
  | { readonly isWritable: true }
  | {
      readonly isWritable: false;
      readonly why: 'locked' | 'read-only' | 'server-read-only' | 'not-connected';
    };

type GuardedStatus = Pick<ConnectionStatus, 'state' | 'writeGuard'>;

/** Null stands for a connection that is not open. */
export function writeGuardOf(status: GuardedStatus | null): WriteGuardState {
  if (status?.state === 'connected-read-only') return { isWritable: false, why: 'server-read-only' };
  if (status?.state !== 'connected') return { isWritable: false, why: 'not-connected' };
  switch (status.writeGuard.kind) {
    case 'open':
    case 'unlocked':
      return { isWritable: true };
    case 'read-only':
      return { isWritable: false, why: 'read-only' };
    case 'locked':
      return { isWritable: false, why: 'locked' };
  }
}

/** Whether editors take what one types. Saving needs more: {@link writeGuardOf}. */
export function takesEdits(status: GuardedStatus | null): boolean {
  const kind = status?.writeGuard.kind;
  return kind !== 'locked' && kind !== 'read-only';
}

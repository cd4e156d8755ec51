/** How each learner was brought level: what it got, from which transaction to which, and how long it took. Pure. */
import type { Election } from '../../../../shared/api/elections.ts';
import type { SyncEvent } from '../../../../shared/api/server-events.ts';
import { transactionsBetween } from './transactions-between.ts';

export interface SyncRow {
  readonly sid: number;
  readonly role: 'follower' | 'observer';
  readonly mode: SyncEvent['mode'];
  readonly atMs: number;
  readonly fromZxid: string | null;
  readonly toZxid: string | null;
  /** From what it was sent until it served; null where one of both is not told. */
  readonly tookMs: number | null;
  /** That it lacked; negative where it had too many, null where that cannot be counted. */
  readonly transactions: number | null;
  readonly isLate: boolean;
}

export function syncRowsOf({ syncs, participants }: Election): readonly SyncRow[] {
  return syncs.map(({ learner, mode, atMs, fromZxid, toZxid }) => {
    const passage = participants.findLast(({ sid, lookingMs }) => sid === learner && lookingMs <= atMs);
    const sinceMs = passage?.synchronizationMs ?? atMs;
    const servesMs = passage?.broadcastMs ?? null;
    return {
      sid: learner,
      role: passage?.state === 'OBSERVING' ? 'observer' : 'follower',
      mode,
      atMs,
      fromZxid,
      toZxid,
      tookMs: servesMs === null ? null : Math.max(0, servesMs - Math.min(sinceMs, atMs)),
      transactions: transactionsBetween(fromZxid, toZxid),
      isLate: passage?.isLate ?? false,
    };
  });
}

/**
 * A server's ways from looking for a leader to serving, one after the other: when it looked, whom it chose, how long each
 * phase took, what ended it. From what servers tell of themselves, live or in logs. Pure.
 */
import type { Passage } from '../../shared/api/elections.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';

type StateEvent = Extract<ServerEventDto, { kind: 'state' }>;
type Draft = { -readonly [Key in keyof Passage]: Passage[Key] };

/** Of all servers that `events` are of, which are in the order of time. */
export function passagesOf(events: readonly ServerEventDto[]): Passage[] {
  const passages: Draft[] = [];
  const current = new Map<number, Draft>();
  const fresh = new Set<number>();
  for (const event of events) {
    if (event.kind === 'started') {
      endPassage(current.get(event.sid), event.atMs);
      current.delete(event.sid);
      fresh.add(event.sid);
    }
    if (event.kind !== 'state') continue;
    const passage = current.get(event.sid);
    if (passage === undefined || (event.state === 'LOOKING' && passage.state !== null)) {
      endPassage(passage, event.atMs);
      const next = newPassage(event, fresh.delete(event.sid));
      current.set(event.sid, next);
      passages.push(next);
    }
    const draft = current.get(event.sid);
    if (draft) onState(draft, event);
  }
  return passages;
}

function endPassage(passage: Draft | undefined, atMs: number): void {
  if (passage) passage.endMs ??= atMs;
}

function newPassage({ sid, atMs, reason, lastZxid }: StateEvent, isFresh: boolean): Draft {
  return {
    sid,
    lookingMs: atMs,
    isFresh,
    reason,
    lastZxid,
    electedMs: null,
    state: null,
    leader: null,
    epoch: null,
    discoveryMs: null,
    synchronizationMs: null,
    broadcastMs: null,
    endMs: null,
  };
}

function onState(draft: Draft, { atMs, state, phase, leader, epoch }: StateEvent): void {
  if (state === 'LOOKING') return;
  draft.electedMs ??= atMs;
  draft.state = state;
  draft.leader = leader ?? draft.leader;
  draft.epoch = epoch ?? draft.epoch;
  switch (phase) {
    case 'ELECTION':
      break;
    case 'DISCOVERY':
      draft.discoveryMs ??= atMs;
      break;
    case 'SYNCHRONIZATION':
      draft.synchronizationMs ??= atMs;
      break;
    case 'BROADCAST':
      draft.broadcastMs ??= atMs;
      break;
  }
}

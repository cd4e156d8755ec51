import { expect, test } from 'vitest';
import {
  NO_ANSWERS,
  liveServer,
  withoutAnswers,
} from '../../../../../electron/services/ensembles/live-state.ts';
import { NO_FACTS, withEvent, withFacts } from '../../../../../electron/services/ensembles/server-facts.ts';
import type { ServerEventDto } from '../../../../../shared/api/server-events.ts';

const base = { seq: 1, sid: 3, atMs: 0 };
const state = (
  name: 'LOOKING' | 'LEADING' | 'FOLLOWING',
  phase: 'ELECTION' | 'SYNCHRONIZATION' | 'BROADCAST',
): ServerEventDto => ({
  ...base,
  kind: 'state',
  state: name,
  phase,
  leader: 3,
  epoch: 5,
  lastZxid: '0x500000001',
  reason: null,
});
const sync = (learner: number): ServerEventDto => ({
  ...base,
  kind: 'sync',
  learner,
  mode: 'DIFF',
  fromZxid: '0x1',
  toZxid: '0x2',
});
const facts = (...events: readonly ServerEventDto[]): typeof NO_FACTS => events.reduce(withEvent, NO_FACTS);

const NOWHERE = { rssBytes: undefined, acceptedEpoch: undefined, currentEpoch: undefined };
const asked = { ...liveServer(3, NO_ANSWERS, NOWHERE), syncedLearnerCount: 2, lastCommitted: '0x500000004' };

test('facts: a server looks for a leader, votes in a round, and leads with whom it has brought in step', () => {
  const told = facts(
    state('LOOKING', 'ELECTION'),
    {
      ...base,
      kind: 'vote-sent',
      to: 1,
      vote: { leader: 3, peerEpoch: 4, zxid: '0x400000001' },
      round: 8,
    },
    state('LEADING', 'SYNCHRONIZATION'),
    sync(2),
    sync(1),
    sync(2),
    state('LEADING', 'BROADCAST'),
  );
  expect(told).toEqual({
    peerState: 'LEADING',
    zabState: 'BROADCAST',
    logicalClock: 8,
    vote: 3,
    lastLogged: '0x500000001',
    synced: [1, 2],
  });
  expect(withFacts(asked, told)).toMatchObject({ mode: 'leader', syncedLearners: [1, 2], vote: 3 });
});

test('facts: when one of those in step has gone, only their number is known', () => {
  const told = facts(state('LEADING', 'BROADCAST'), sync(1), sync(2));
  expect(withFacts({ ...asked, syncedLearnerCount: 1 }, told)).toMatchObject({
    syncedLearners: null,
    syncedLearnerCount: 1,
  });
});

test('facts: the log is at least as far as what clients see, and as what was proposed', () => {
  expect(withFacts(asked, facts(state('FOLLOWING', 'BROADCAST'))).lastLogged).toBe('0x500000004');
  const proposed: ServerEventDto = {
    ...base,
    kind: 'proposal',
    zxid: '0x500000009',
    sessionId: '0x1',
    operation: 'create',
    count: 1,
  };
  expect(withFacts(asked, facts(state('LEADING', 'BROADCAST'), proposed)).lastLogged).toBe('0x500000009');
});

test('facts: who is not in broadcast does not serve; leading ends what it knew of learners', () => {
  const told = facts(state('LEADING', 'BROADCAST'), sync(1), state('LOOKING', 'ELECTION'));
  expect(told.synced).toEqual([]);
  expect(withFacts(asked, told)).toMatchObject({
    mode: 'looking',
    peerState: 'LOOKING',
    zabState: 'ELECTION',
  });
});

test('facts: without a word of its own a server is what it answered', () => {
  expect(withFacts(asked, NO_FACTS)).toBe(asked);
});

test('facts: of a server that stopped since it was asked, only its epochs are left', () => {
  const before = { ...asked, mode: 'leader', isAnswering: true, currentEpoch: 5, rssBytes: 1 } as const;
  expect(withoutAnswers(before)).toEqual({ ...liveServer(3, NO_ANSWERS, NOWHERE), currentEpoch: 5 });
});

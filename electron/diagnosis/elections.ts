/**
 * The election flight recorder: from the events of servers, live or from logs, to elections. Who looked and why, who voted
 * what and why each vote won or lost, who was elected, how long each phase took on each server, how learners were brought
 * level; and the epoch ribbon, who led when. An election begins when the first of those who take part looks for a leader and
 * ends when its leader serves; who joins that leader later belongs to it too. Pure.
 */
import type { Election, ElectionRecord, Participant, Passage, Reign } from '../../shared/api/elections.ts';
import type { ServerEventDto, SyncEvent } from '../../shared/api/server-events.ts';
import { type VoteEvent, ballotOf } from './ballot.ts';
import { ElectionSurroundings } from './election-surroundings.ts';
import { passagesOf } from './passages.ts';
import { SpanIndex } from './span-index.ts';

/** Those who came to serve under one leader, in one epoch. */
interface Settlement {
  readonly leader: number;
  epoch: number | null;
  /** When the first of them served. */
  readonly fromMs: number;
  readonly members: Passage[];
}

/** `events` of all servers in the order of time, on one clock as well as can be. */
export function recordElections(events: readonly ServerEventDto[]): ElectionRecord {
  const passages = passagesOf(events);
  const sources: Sources = {
    votes: new SpanIndex(events.filter(isVote), sidOf, timeOf),
    syncs: new SpanIndex(events.filter(isSync), ({ learner }) => learner, timeOf),
    surroundings: new ElectionSurroundings(events),
  };
  const settlements = settle(passages);
  const unsettled = unsettledOf(passages, settlements);
  const elections: Election[] = [];
  const ribbon: Reign[] = [];
  for (const [index, settlement] of settlements.entries()) {
    const before = settlements[index - 1];
    const strays = unsettled.between('all', before?.fromMs ?? -Infinity, settlement.fromMs);
    const election = toElection({ settlement, strays, sources, previous: ribbon.at(-1) ?? null });
    endReign(ribbon, Math.min(election.startMs, settlement.fromMs));
    ribbon.push({
      leader: settlement.leader,
      epoch: settlement.epoch,
      fromMs: election.endMs ?? settlement.fromMs,
      toMs: null,
    });
    elections.push(election);
  }
  const open = openElection({ passages, last: settlements.at(-1), sources, previous: ribbon.at(-1) ?? null });
  if (open) {
    elections.push(open);
    endReign(ribbon, open.startMs);
  }
  return { elections, ribbon };
}

interface Sources {
  /** By server. */
  readonly votes: SpanIndex<number, VoteEvent>;
  /** By learner. */
  readonly syncs: SpanIndex<number, SyncEvent>;
  readonly surroundings: ElectionSurroundings;
}

const sidOf = ({ sid }: ServerEventDto): number => sid;
const timeOf = ({ atMs }: ServerEventDto): number => atMs;

function isVote(event: ServerEventDto): event is VoteEvent {
  return event.kind === 'vote-sent' || event.kind === 'vote-received';
}

function isSync(event: ServerEventDto): event is SyncEvent {
  return event.kind === 'sync';
}

function endReign(ribbon: Reign[], atMs: number): void {
  const last = ribbon.pop();
  if (last) ribbon.push({ ...last, toMs: Math.max(last.fromMs, atMs) });
}

/** Who looked and came to serve under nobody. */
function unsettledOf(
  passages: readonly Passage[],
  settlements: readonly Settlement[],
): SpanIndex<'all', Passage> {
  const settled = new Set(settlements.flatMap(({ members }) => members));
  const others = passages.filter((passage) => !settled.has(passage) && passage.broadcastMs === null);
  return new SpanIndex(
    others,
    () => 'all',
    ({ lookingMs }) => lookingMs,
  );
}

/** When it served; servers before 3.5 do not tell, and count as soon as they are being brought level. */
function settledMs(passage: Passage, tellsBroadcast: ReadonlySet<number>): number | null {
  return passage.broadcastMs ?? (tellsBroadcast.has(passage.sid) ? null : passage.synchronizationMs);
}

function settle(passages: readonly Passage[]): Settlement[] {
  const tellsBroadcast = new Set(
    passages.filter(({ broadcastMs }) => broadcastMs !== null).map(({ sid }) => sid),
  );
  const settled = passages
    .flatMap((passage) => {
      const atMs = settledMs(passage, tellsBroadcast);
      return atMs === null || passage.leader === null ? [] : [{ passage, atMs, leader: passage.leader }];
    })
    .sort((x, y) => x.atMs - y.atMs);
  const looks = new SpanIndex(
    passages,
    ({ sid }) => sid,
    ({ lookingMs }) => lookingMs,
  );
  const settlements: Settlement[] = [];
  for (const { passage, atMs, leader } of settled) {
    const last = settlements.at(-1);
    if (last?.leader === leader && isSameReign(last, passage, looks)) {
      last.members.push(passage);
      last.epoch ??= passage.epoch;
    } else {
      settlements.push({ leader, epoch: passage.epoch, fromMs: atMs, members: [passage] });
    }
  }
  return settlements;
}

/** The same server may be elected again and again: then it looked in between, or the epoch is another. */
function isSameReign(settlement: Settlement, passage: Passage, looks: SpanIndex<number, Passage>): boolean {
  const { epoch, leader, fromMs } = settlement;
  if (passage.epoch !== null && epoch !== null) return passage.epoch === epoch;
  return !looks.between(leader, fromMs, passage.lookingMs).some(({ lookingMs }) => lookingMs > fromMs);
}

interface ElectionParts {
  readonly settlement: Settlement;
  readonly strays: readonly Passage[];
  readonly sources: Sources;
  readonly previous: Reign | null;
}

function toElection({ settlement, strays, sources, previous }: ElectionParts): Election {
  const { leader, epoch, members, fromMs } = settlement;
  const own = members.find(({ sid }) => sid === leader);
  const endMs = own?.broadcastMs ?? fromMs;
  const participants = [...members, ...strays].map((passage) => toParticipant(passage, endMs));
  const early = participants.filter(({ isLate }) => !isLate);
  const startMs = Math.min(endMs, ...early.map(({ lookingMs }) => lookingMs));
  return {
    startMs,
    endMs,
    winner: leader,
    epoch,
    previous,
    participants: participants.sort((x, y) => x.lookingMs - y.lookingMs),
    ...ballotOf({ votes: sources.votes, passages: early, leader }),
    syncs: syncsOf(members, leader, sources.syncs),
    ...sources.surroundings.of({ participants, winner: leader, startMs, endMs }),
  };
}

function toParticipant(passage: Passage, endMs: number): Participant {
  const { lookingMs, electedMs, discoveryMs, synchronizationMs, broadcastMs } = passage;
  const between = (from: number | null, to: number | null): number | null => {
    return from === null || to === null ? null : to - from;
  };
  return {
    ...passage,
    isLate: lookingMs > endMs,
    times: {
      electionMs: between(lookingMs, electedMs),
      discoveryMs: between(discoveryMs ?? electedMs, synchronizationMs),
      synchronizationMs: between(synchronizationMs, broadcastMs),
    },
  };
}

function syncsOf(
  members: readonly Passage[],
  leader: number,
  syncs: SpanIndex<number, SyncEvent>,
): readonly SyncEvent[] {
  return members.flatMap((member) => {
    if (member.sid === leader) return [];
    const told = syncs.between(member.sid, member.lookingMs, member.endMs ?? Infinity);
    const sync = told.find(({ sid }) => sid === leader) ?? told[0];
    return sync ? [sync] : [];
  });
}

interface OpenParts {
  readonly passages: readonly Passage[];
  readonly last: Settlement | undefined;
  readonly sources: Sources;
  readonly previous: Reign | null;
}

/** The election that is under way at the end: the leader is gone, or most of the servers look. */
function openElection({ passages, last, sources, previous }: OpenParts): Election | undefined {
  const looking = passages.filter((passage) => {
    return (
      passage.broadcastMs === null &&
      passage.endMs === null &&
      passage.lookingMs > (last?.fromMs ?? -Infinity)
    );
  });
  const [first] = looking;
  if (first === undefined) return undefined;
  const servers = new Set(passages.map(({ sid }) => sid));
  const own = last?.members.find(({ sid }) => sid === last.leader);
  const isLeaderLost = last === undefined || (own !== undefined && own.endMs !== null);
  if (!isLeaderLost && looking.length * 2 <= servers.size) return undefined;
  const participants = looking.map((passage) => toParticipant(passage, Infinity));
  return {
    startMs: first.lookingMs,
    endMs: null,
    winner: null,
    epoch: null,
    previous,
    participants,
    ...ballotOf({ votes: sources.votes, passages: looking, leader: null }),
    syncs: [],
    ...sources.surroundings.of({ participants, winner: null, startMs: first.lookingMs, endMs: null }),
  };
}

/**
 * An election as a diagram of messages: a lane for each server, and rows in the order of phases and times. What one server
 * told several others at once is one row; a notification that comes again and again, as in a long election, is one row with
 * a count. Messages that no server tells of, but that what followed proves, are marked as implied and have no time. Pure.
 */
import type { Election, Participant } from '../../../../shared/api/elections.ts';
import type {
  SyncEvent,
  VoteDto,
  VoteReceivedEvent,
  VoteVerdict,
} from '../../../../shared/api/server-events.ts';
import { type PhaseName, phasesOf } from './election-phases.ts';
import type { LeaderLoss } from './leader-loss.ts';

export interface Lane {
  readonly sid: number;
  readonly role: 'leader' | 'follower' | 'observer' | 'looking' | 'down';
  /** Nothing is known of it from its own traces. */
  readonly isSilent: boolean;
}

export type BadgeState = Participant['state'] | 'LOOKING' | 'loss';

export interface Badge {
  readonly sid: number;
  readonly atMs: number;
  readonly state: Exclude<BadgeState, null>;
}

export type Message =
  | {
      readonly kind: 'vote';
      readonly vote: VoteDto | null;
      readonly round: number;
      readonly fromState: VoteReceivedEvent['fromState'];
    }
  | { readonly kind: 'FOLLOWERINFO' }
  | { readonly kind: 'LEADERINFO'; readonly epoch: number | null }
  | { readonly kind: 'ACKEPOCH'; readonly epoch: number | null }
  | {
      readonly kind: 'sync';
      readonly mode: SyncEvent['mode'];
      readonly fromZxid: string | null;
      readonly toZxid: string | null;
    }
  | { readonly kind: 'NEWLEADER'; readonly epoch: number | null }
  | { readonly kind: 'ACK' }
  | { readonly kind: 'UPTODATE' };

export interface Link {
  readonly from: number;
  readonly to: number;
  /** When it was heard, or sent where nobody tells that; null where it is implied. */
  readonly atMs: number | null;
  /** What became of a vote; null where the other end does not tell. */
  readonly verdict: VoteVerdict | null;
  /** How often the same was said, with the same outcome. */
  readonly count: number;
}

export type Note =
  | { readonly kind: 'waits'; readonly ms: number; readonly backers: number }
  | { readonly kind: 'epoch-agreed'; readonly epoch: number }
  | { readonly kind: 'serves'; readonly epoch: number | null };

interface RowBase {
  readonly phase: PhaseName;
  /** By which it is placed. */
  readonly atMs: number;
}

export type DiagramRow =
  | (RowBase & { readonly kind: 'badges'; readonly badges: readonly Badge[] })
  | (RowBase & {
      readonly kind: 'message';
      readonly message: Message;
      readonly links: readonly Link[];
      readonly isImplied: boolean;
      readonly note: Note | null;
    });
export type MessageRow = Extract<DiagramRow, { kind: 'message' }>;

export interface Diagram {
  readonly lanes: readonly Lane[];
  readonly rows: readonly DiagramRow[];
}

/** What one server tells several others within this time is one row. */
const TOGETHER_MS = 50;

export function diagramOf(election: Election, loss: LeaderLoss | null): Diagram {
  const lanes = lanesOf(election, loss);
  const rows = [
    ...electionRows(election, loss, lanes),
    ...discoveryRows(election),
    ...synchronizationRows(election),
    ...joiningRows(election),
  ];
  return { lanes, rows };
}

/** Those who elected first, then those who joined or did not come: by sid. */
function lanesOf(election: Election, loss: LeaderLoss | null): readonly Lane[] {
  const { participants, previous, heard, syncs, winner } = election;
  const early = new Set(participants.filter(({ isLate }) => !isLate).map(({ sid }) => sid));
  const others = [
    ...participants.map(({ sid }) => sid),
    ...(previous === null ? [] : [previous.leader]),
    ...(loss === null ? [] : [loss.sid]),
    ...heard.map(({ from }) => from),
    ...syncs.map(({ learner }) => learner),
  ];
  const sids = [...new Set([...early].sort(ascending).concat(others.sort(ascending)))];
  return sids.map((sid) => {
    const participant = participants.findLast((each) => each.sid === sid);
    return { sid, role: roleOf(participant, sid, winner), isSilent: participant === undefined };
  });
}

function ascending(x: number, y: number): number {
  return x - y;
}

function roleOf(participant: Participant | undefined, sid: number, winner: number | null): Lane['role'] {
  if (sid === winner) return 'leader';
  if (participant === undefined) return 'down';
  if (participant.state === 'OBSERVING') return 'observer';
  return participant.state === null ? 'looking' : 'follower';
}

function electionRows(
  election: Election,
  loss: LeaderLoss | null,
  lanes: readonly Lane[],
): readonly DiagramRow[] {
  const early = election.participants.filter(({ isLate }) => !isLate);
  const votes = withUnheard(voteRows(election.heard, 'election'), early, lanes);
  const badges = [
    ...(loss === null ? [] : [badgeRow({ sid: loss.sid, atMs: loss.atMs, state: 'loss' }, 'election')]),
    ...early.map(({ sid, lookingMs }) => badgeRow({ sid, atMs: lookingMs, state: 'LOOKING' }, 'election')),
    ...early.flatMap(({ sid, electedMs, state }) =>
      electedMs === null || state === null ? [] : [badgeRow({ sid, atMs: electedMs, state }, 'election')],
    ),
  ];
  return withWait(joinBadges(byTime([...badges, ...votes])), election);
}

function badgeRow(badge: Badge, phase: PhaseName): DiagramRow {
  return { kind: 'badges', phase, atMs: badge.atMs, badges: [badge] };
}

/** At one time a state comes before what follows from it. */
function byTime(rows: readonly DiagramRow[]): DiagramRow[] {
  return rows.toSorted((x, y) => x.atMs - y.atMs);
}

/** Badges of several servers with nothing in between share a row. */
function joinBadges(rows: readonly DiagramRow[]): DiagramRow[] {
  const joined: DiagramRow[] = [];
  for (const row of rows) {
    const last = joined.at(-1);
    const isJoinable =
      row.kind === 'badges' &&
      last?.kind === 'badges' &&
      row.atMs - last.atMs <= TOGETHER_MS &&
      !last.badges.some(({ sid, state }) =>
        row.badges.some((other) => other.sid === sid || (other.state === 'loss') !== (state === 'loss')),
      );
    if (isJoinable) joined.splice(-1, 1, { ...last, badges: [...last.badges, ...row.badges] });
    else joined.push(row);
  }
  return joined;
}

interface VoteGroup {
  readonly key: string;
  readonly first: VoteReceivedEvent;
  readonly links: Map<number, Link>;
}

function voteRows(heard: readonly VoteReceivedEvent[], phase: PhaseName): MessageRow[] {
  const groups: VoteGroup[] = [];
  const latest = new Map<string, VoteGroup>();
  for (const event of heard.toSorted((x, y) => x.atMs - y.atMs)) {
    const { vote } = event;
    const said = vote === null ? 'none' : `${vote.leader} ${vote.peerEpoch} ${vote.zxid}`;
    const key = `${event.from} ${event.fromState} ${event.round} ${said}`;
    const group = latest.get(key);
    const known = group?.links.get(event.sid);
    if (group !== undefined && known?.verdict === event.verdict) {
      group.links.set(event.sid, { ...known, count: known.count + 1 });
    } else if (group !== undefined && !known && event.atMs - group.first.atMs <= TOGETHER_MS) {
      group.links.set(event.sid, linkOf(event));
    } else {
      const next: VoteGroup = { key, first: event, links: new Map([[event.sid, linkOf(event)]]) };
      groups.push(next);
      latest.set(key, next);
    }
  }
  return groups.map(({ first: { atMs, vote, round, fromState }, links }) => ({
    kind: 'message',
    phase,
    atMs,
    message: { kind: 'vote', vote, round, fromState },
    links: [...links.values()],
    isImplied: false,
    note: null,
  }));
}

function linkOf({ from, sid, atMs, verdict }: VoteReceivedEvent): Link {
  return { from, to: sid, atMs, verdict, count: 1 };
}

/** Each server's first vote went to all voters: also to those of whom nothing is heard while the others elect. */
function withUnheard(
  rows: readonly MessageRow[],
  early: readonly Participant[],
  lanes: readonly Lane[],
): readonly MessageRow[] {
  const present = new Set(early.map(({ sid }) => sid));
  const speaking = new Set(rows.flatMap(({ links }) => links.map(({ from }) => from)));
  const absent = lanes.filter(({ sid }) => !present.has(sid) && !speaking.has(sid));
  const told = new Set<number>();
  return rows.map((row) => {
    const from = row.links[0]?.from;
    if (from === undefined || told.has(from)) return row;
    told.add(from);
    const unheard = absent.map(({ sid: to }): Link => ({ from, to, atMs: null, verdict: null, count: 1 }));
    return { ...row, links: [...row.links, ...unheard] };
  });
}

/** Beside the last vote before the wait. */
function withWait(rows: readonly DiagramRow[], election: Election): readonly DiagramRow[] {
  const [phase] = phasesOf(election);
  const { waitFromMs = null, toMs = null } = phase ?? {};
  if (waitFromMs === null || toMs === null) return rows;
  const at = rows.findLastIndex(({ kind, atMs }) => kind === 'message' && atMs <= waitFromMs);
  const backers = election.candidates.find(({ isWinner }) => isWinner)?.backers.length ?? 0;
  return rows.map((row, index) => {
    if (index !== at || row.kind !== 'message') return row;
    return { ...row, note: { kind: 'waits', ms: toMs - waitFromMs, backers } };
  });
}

interface Told {
  readonly from: number;
  readonly to: number;
  readonly atMs: number | null;
}

interface MessageParts {
  readonly phase: PhaseName;
  readonly message: Message;
  readonly told: readonly Told[];
  /** Where it is placed when nobody told when it was. */
  readonly placedMs: number;
  readonly note?: Note | null;
}

function messageRow({ phase, message, told, placedMs, note = null }: MessageParts): DiagramRow[] {
  if (told.length === 0) return [];
  const times = told.flatMap(({ atMs }) => (atMs === null ? [] : [atMs]));
  return [
    {
      kind: 'message',
      phase,
      message,
      atMs: times.length === 0 ? placedMs : Math.min(...times),
      links: told.map((each) => ({ ...each, verdict: null, count: 1 })),
      isImplied: times.length === 0,
      note,
    },
  ];
}

/** Who followed the winner from the begin. */
function earlyLearners({ participants, winner }: Election): readonly Participant[] {
  return participants.filter(
    ({ sid, isLate, state, leader }) =>
      !isLate && sid !== winner && state !== null && state !== 'LEADING' && leader === winner,
  );
}

function discoveryRows(election: Election): readonly DiagramRow[] {
  const { winner, epoch, epochs } = election;
  if (winner === null) return [];
  // Whoever is being brought level has been through all of this.
  const through = earlyLearners(election).filter(({ synchronizationMs }) => synchronizationMs !== null);
  const placedMs = phasesOf(election).find(({ name }) => name === 'discovery')?.fromMs ?? election.startMs;
  const proposedMs = new Map<number, number>();
  const acceptedMs = new Map<number, number>();
  for (const event of epochs) {
    if (event.kind === 'epoch-proposed') proposedMs.set(event.sid, event.atMs);
    else if (event.sid === event.server || !acceptedMs.has(event.server))
      acceptedMs.set(event.server, event.atMs);
  }
  const towards = (atMs: ReadonlyMap<number, number>): Told[] =>
    through.map(({ sid }) => ({ from: sid, to: winner, atMs: atMs.get(sid) ?? null }));
  const away = (atMs: ReadonlyMap<number, number>): Told[] =>
    through.map(({ sid }) => ({ from: winner, to: sid, atMs: atMs.get(sid) ?? null }));
  const phase = 'discovery';
  const note: Note | null = epoch === null ? null : { kind: 'epoch-agreed', epoch };
  return [
    ...messageRow({ phase, placedMs, message: { kind: 'FOLLOWERINFO' }, told: towards(new Map()) }),
    ...messageRow({ phase, placedMs, message: { kind: 'LEADERINFO', epoch }, told: away(proposedMs) }),
    ...messageRow({ phase, placedMs, message: { kind: 'ACKEPOCH', epoch }, told: towards(acceptedMs), note }),
  ];
}

function synchronizationRows(election: Election): readonly DiagramRow[] {
  const { winner, epoch } = election;
  if (winner === null) return [];
  const learners = earlyLearners(election);
  const done = learners.filter(({ broadcastMs }) => broadcastMs !== null);
  const placedMs =
    phasesOf(election).find(({ name }) => name === 'synchronization')?.fromMs ?? election.startMs;
  const phase = 'synchronization';
  const towards = done.map(({ sid }): Told => ({ from: sid, to: winner, atMs: null }));
  const away = done.map(({ sid }): Told => ({ from: winner, to: sid, atMs: null }));
  const upToDate = done.map(({ sid, broadcastMs }): Told => ({ from: winner, to: sid, atMs: broadcastMs }));
  return [
    ...syncRows(election, learners, phase),
    ...messageRow({ phase, placedMs, message: { kind: 'NEWLEADER', epoch }, told: away }),
    ...messageRow({ phase, placedMs, message: { kind: 'ACK' }, told: towards }),
    ...messageRow({
      phase,
      placedMs,
      message: { kind: 'UPTODATE' },
      told: upToDate,
      note: election.endMs === null ? null : { kind: 'serves', epoch },
    }),
  ];
}

/** Those that got the same share a row. */
function syncRows(
  { syncs, winner }: Election,
  learners: readonly Participant[],
  phase: PhaseName,
): readonly DiagramRow[] {
  if (winner === null) return [];
  const sids = new Set(learners.map(({ sid }) => sid));
  const rows = new Map<string, { message: Message; told: Told[]; atMs: number }>();
  for (const { learner, mode, fromZxid, toZxid, atMs } of syncs) {
    if (!sids.has(learner)) continue;
    const key = `${mode} ${fromZxid ?? ''} ${toZxid ?? ''}`;
    const row = rows.get(key) ?? { message: { kind: 'sync', mode, fromZxid, toZxid }, told: [], atMs };
    row.told.push({ from: winner, to: learner, atMs });
    rows.set(key, row);
  }
  return [...rows.values()].flatMap(({ message, told, atMs: placedMs }) =>
    messageRow({ phase, message, told, placedMs }),
  );
}

/** Those who came when the leader served already. */
function joiningRows(election: Election): readonly DiagramRow[] {
  const late = election.participants.filter(({ isLate }) => isLate);
  const { winner } = election;
  const phase = 'broadcast';
  const rows = late.flatMap((participant): DiagramRow[] => {
    const { sid, lookingMs, electedMs, state, broadcastMs } = participant;
    const upToDate =
      winner === null || broadcastMs === null ? [] : [{ from: winner, to: sid, atMs: broadcastMs }];
    return [
      badgeRow({ sid, atMs: lookingMs, state: 'LOOKING' }, phase),
      ...(electedMs === null || state === null ? [] : [badgeRow({ sid, atMs: electedMs, state }, phase)]),
      ...syncRows(election, [participant], phase),
      ...messageRow({ phase, message: { kind: 'UPTODATE' }, told: upToDate, placedMs: lookingMs }),
    ];
  });
  return joinBadges(byTime([...rows, ...voteRows(election.joinVotes, phase)]));
}

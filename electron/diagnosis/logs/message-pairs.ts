/**
 * What of the events of several servers must have come after what: a vote cannot be heard before it was sent, nor answered
 * before it was heard; a learner does not begin to take what its leader has not begun to send. The base for telling how far
 * the servers' clocks are apart (clock-offsets.ts). Pure.
 */
import type { ServerEventDto, VoteDto } from '../../../shared/api/server-events.ts';

/** By the clocks of those two servers. */
export interface Precedence {
  readonly earlier: { readonly sid: number; readonly atMs: number };
  readonly later: { readonly sid: number; readonly atMs: number };
}

type EventOf<Kind extends ServerEventDto['kind']> = Extract<ServerEventDto, { kind: Kind }>;

/** Rounds begin again with the process; the same vote this much apart is not the same message. */
const TOGETHER_MS = 3_600_000;

/** `events` of any number of servers, each in the order of its own clock. */
export function messagePairs(events: readonly ServerEventDto[]): Precedence[] {
  return [...votePairs(events), ...syncPairs(events)];
}

/** The first time that a server sent a vote bounds every time that it was heard. */
function votePairs(events: readonly ServerEventDto[]): Precedence[] {
  const firstSent = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind !== 'vote-sent') continue;
    const key = voteKey(event.sid, event.round, event.vote);
    const times = firstSent.get(key);
    if (times === undefined) firstSent.set(key, [event.atMs]);
    else if (event.atMs - (times.at(-1) ?? 0) > TOGETHER_MS) times.push(event.atMs);
  }
  const pairs: Precedence[] = [];
  for (const event of events) {
    if (event.kind !== 'vote-received' || event.fromState !== 'LOOKING') continue;
    const times = firstSent.get(voteKey(event.from, event.round, event.vote));
    const sentMs = times && nearest(times, event.atMs);
    if (sentMs === undefined) continue;
    pairs.push({ earlier: { sid: event.from, atMs: sentMs }, later: { sid: event.sid, atMs: event.atMs } });
  }
  return pairs;
}

function voteKey(sid: number, round: number, vote: VoteDto | null): string {
  return `${sid} ${round} ${vote === null ? '' : `${vote.leader} ${vote.peerEpoch} ${vote.zxid}`}`;
}

/** Told by the leader, then by the learner. */
function syncPairs(events: readonly ServerEventDto[]): Precedence[] {
  const byLeader = events.filter(
    (event): event is EventOf<'sync'> => isSync(event) && event.learner !== event.sid,
  );
  return events.filter(isSync).flatMap((event) => {
    if (event.learner !== event.sid) return [];
    const told = byLeader.filter((other) => other.learner === event.sid && other.toZxid === event.toZxid);
    const atMs = nearest(
      told.map((other) => other.atMs),
      event.atMs,
    );
    const leader = told.find((other) => other.atMs === atMs);
    return leader ? [{ earlier: leader, later: event }] : [];
  });
}

function isSync(event: ServerEventDto): event is EventOf<'sync'> {
  return event.kind === 'sync';
}

function nearest(times: readonly number[], atMs: number): number | undefined {
  const [first, ...rest] = times;
  if (first === undefined) return undefined;
  const best = rest.reduce((x, y) => (Math.abs(y - atMs) < Math.abs(x - atMs) ? y : x), first);
  return Math.abs(best - atMs) <= TOGETHER_MS ? best : undefined;
}

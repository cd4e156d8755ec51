/**
 * What of the events of several servers must have come after what: a vote cannot be heard before it was sent, and a learner does
 * not begin to take what its leader has not begun to send. The base for telling how far the servers' clocks are apart
 * (clock-offsets.ts), so no times of two servers are compared here. Pure.
 */
import type { ServerEventDto } from '../../../shared/api/server-events.ts';

/** By the clocks of those two servers. */
export interface Precedence {
  readonly earlier: { readonly sid: number; readonly atMs: number };
  readonly later: { readonly sid: number; readonly atMs: number };
}

/** Votes are sent again and again until somebody is elected. The same one much later is of another election. */
const TOGETHER_MS = 3_600_000;

/** `events` of any number of servers, each in the order of its own clock. */
export function messagePairs(events: readonly ServerEventDto[]): Precedence[] {
  return [...votePairs(events), ...syncPairs(events)];
}

/** The first time that a server sent a vote comes before the first time that another one heard it. */
function votePairs(events: readonly ServerEventDto[]): Precedence[] {
  const sent = new FirstTimes();
  const heard = new Map<number, FirstTimes>();
  for (const event of events) {
    if (event.kind === 'vote-sent') {
      sent.add(voteKey(event.sid, event), event.atMs);
    } else if (event.kind === 'vote-received' && event.fromState === 'LOOKING') {
      const times = heard.get(event.sid) ?? new FirstTimes();
      heard.set(event.sid, times);
      times.add(voteKey(event.from, event), event.atMs);
    }
  }
  return [...heard].flatMap(([sid, times]) => times.pairsAfter(sent, sid));
}

function voteKey(
  sid: number,
  { round, vote }: Pick<Extract<ServerEventDto, { kind: 'vote-sent' }>, 'round' | 'vote'>,
): string {
  return `${sid} ${round} ${vote === null ? '' : `${vote.leader} ${vote.peerEpoch} ${vote.zxid}`}`;
}

/** By key, which begins with the server that sends: when it came first, in each election that it came in. */
class FirstTimes {
  readonly #times = new Map<string, { firstMs: number[]; lastMs: number }>();

  add(key: string, atMs: number): void {
    const times = this.#times.get(key);
    if (times === undefined) {
      this.#times.set(key, { firstMs: [atMs], lastMs: atMs });
      return;
    }
    if (atMs - times.lastMs > TOGETHER_MS) times.firstMs.push(atMs);
    times.lastMs = atMs;
  }

  /** Where both know of as many elections, they are the same ones. */
  pairsAfter(sent: FirstTimes, receiver: number): Precedence[] {
    return [...this.#times].flatMap(([key, { firstMs }]) => {
      const sentMs = sent.#times.get(key)?.firstMs ?? [];
      if (sentMs.length !== firstMs.length) return [];
      const sid = Number(key.slice(0, key.indexOf(' ')));
      return firstMs.map((atMs, index) => ({
        earlier: { sid, atMs: sentMs[index] ?? 0 },
        later: { sid: receiver, atMs },
      }));
    });
  }
}

/** Told by the leader, then by the learner: where there was only one up to a transaction, both tell of the same one. */
function syncPairs(events: readonly ServerEventDto[]): Precedence[] {
  const byLeader = new Map<string, (Precedence['earlier'] | undefined)[]>();
  const byLearner = new Map<string, (Precedence['later'] | undefined)[]>();
  for (const event of events) {
    if (event.kind !== 'sync' || event.toZxid === null) continue;
    const key = `${event.learner} ${event.toZxid}`;
    const told = event.sid === event.learner ? byLearner : byLeader;
    told.set(key, [...(told.get(key) ?? []), event].slice(0, 2));
  }
  return [...byLearner].flatMap(([key, [later, another]]) => {
    const [earlier, other] = byLeader.get(key) ?? [];
    return earlier && later && !other && !another ? [{ earlier, later }] : [];
  });
}

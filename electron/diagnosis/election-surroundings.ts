/**
 * What else belongs to an election than its ballot and its phases: how the epoch was agreed on, what those heard who joined
 * late, which servers had said that they end, and what became of the clients' connections meanwhile. Pure.
 */
import type { ClientsCut, Election, Participant } from '../../shared/api/elections.ts';
import type { EpochEvent, ServerEventDto, VoteReceivedEvent } from '../../shared/api/server-events.ts';
import { SpanIndex } from './span-index.ts';

type SessionEvent = Extract<
  ServerEventDto,
  { kind: 'session-created' | 'session-attached' | 'session-detached' | 'session-expired' }
>;
type EndedEvent = Extract<ServerEventDto, { kind: 'ended' }>;

/** A server that ended said so this shortly before the others noticed. */
const ENDING_MS = 2_000;
/** Connections drop as soon as a server loses its leader, which it may tell a moment later. */
const CUT_MS = 1_000;
/** So long after the new leader serves, a client that has not come back is not to be expected any more. */
const RETURN_MS = 30_000;

type Surroundings = Pick<Election, 'epochs' | 'joinVotes' | 'endings' | 'clients'>;

interface Span {
  readonly participants: readonly Participant[];
  readonly winner: number | null;
  readonly startMs: number;
  readonly endMs: number | null;
}

/** Of all servers' events, to be asked for one election after the other. */
export class ElectionSurroundings {
  /** By who tells. */
  readonly #epochs: SpanIndex<number, EpochEvent>;
  readonly #heard: SpanIndex<number, VoteReceivedEvent>;
  readonly #endings: SpanIndex<'all', EndedEvent>;
  readonly #sessions: SpanIndex<'all', SessionEvent>;
  readonly #tellsSessions: boolean;

  constructor(events: readonly ServerEventDto[]) {
    const sid = (event: ServerEventDto): number => event.sid;
    const all = (): 'all' => 'all';
    const timeOf = ({ atMs }: ServerEventDto): number => atMs;
    const sessions = events.filter(isSessionEvent);
    this.#epochs = new SpanIndex(events.filter(isEpochEvent), sid, timeOf);
    this.#heard = new SpanIndex(
      events.filter((event) => event.kind === 'vote-received'),
      sid,
      timeOf,
    );
    this.#endings = new SpanIndex(
      events.filter((event) => event.kind === 'ended'),
      all,
      timeOf,
    );
    this.#sessions = new SpanIndex(sessions, all, timeOf);
    this.#tellsSessions = sessions.length > 0;
  }

  of(span: Span): Surroundings {
    const { startMs, endMs, participants } = span;
    const endings = this.#endings.between('all', startMs - ENDING_MS, endMs ?? Infinity);
    const epochs = participants.flatMap(({ sid, electedMs, lookingMs, broadcastMs, endMs: roleEndMs }) => {
      // The leader hears the last of them when it serves already.
      const untilMs = sid === span.winner ? roleEndMs : (broadcastMs ?? roleEndMs);
      return this.#epochs.between(sid, electedMs ?? lookingMs, untilMs ?? Infinity);
    });
    return {
      epochs: epochs.sort((x, y) => x.atMs - y.atMs),
      joinVotes: this.#joinVotesOf(span),
      endings: endings.map(({ sid, atMs, reason }) => ({ sid, atMs, reason })),
      clients: this.#tellsSessions ? this.#clientsOf(span) : null,
    };
  }

  #joinVotesOf({ participants, winner }: Span): VoteReceivedEvent[] {
    const votes = participants.flatMap((late) => {
      if (!late.isLate) return [];
      const untilMs = late.electedMs ?? late.endMs ?? Infinity;
      const own = this.#heard.between(late.sid, late.lookingMs, untilMs);
      if (winner === null) return own;
      const ofLeader = this.#heard.between(winner, late.lookingMs, untilMs);
      return [...own, ...ofLeader.filter(({ from }) => from === late.sid)];
    });
    return votes.sort((x, y) => x.atMs - y.atMs);
  }

  #clientsOf({ startMs, endMs }: Span): ClientsCut {
    const untilMs = (endMs ?? Infinity) + RETURN_MS;
    const cut = new Set<string>();
    const created = new Set<string>();
    const back = new Map<string, number>();
    let expired = 0;
    for (const event of this.#sessions.between('all', startMs - CUT_MS, untilMs)) {
      const { sessionId, atMs } = event;
      if (event.kind === 'session-expired') expired++;
      else if (event.kind === 'session-created') created.add(sessionId);
      else if (event.kind === 'session-attached') {
        // A server that was killed did not tell whose connections it took along.
        if (!created.has(sessionId)) cut.add(sessionId);
        if (cut.has(sessionId) && !back.has(sessionId)) back.set(sessionId, atMs);
      } else if (atMs <= (endMs ?? Infinity)) cut.add(sessionId);
    }
    const lastBackMs = back.size === 0 ? null : Math.max(...back.values());
    return { cut: cut.size, back: back.size, lastBackMs, expired };
  }
}

function isSessionEvent(event: ServerEventDto): event is SessionEvent {
  switch (event.kind) {
    case 'session-created':
    case 'session-attached':
    case 'session-detached':
    case 'session-expired':
      return true;
    default:
      return false;
  }
}

function isEpochEvent(event: ServerEventDto): event is EpochEvent {
  return event.kind === 'epoch-proposed' || event.kind === 'epoch-accepted';
}

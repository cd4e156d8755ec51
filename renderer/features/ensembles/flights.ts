/**
 * The live picture of what servers send each other, made from their events: votes while a leader is elected, and the way of a
 * proposal to its quorum (proposal, acks, commit). Pure: events in, arrows out, each with its end. Busy servers tell more
 * than a person can see, so there are only so many arrows at a time, and of proposals one story after the other.
 */
import type { ServerEventDto, VoteDto } from '../../../shared/api/server-events.ts';
import { formatZxidHex } from '../../app/format.ts';

export type FlightKind = 'vote' | 'proposal' | 'ack' | 'commit';

export interface Flight {
  readonly key: string;
  readonly kind: FlightKind;
  readonly from: number;
  readonly to: number;
  /** What is carried: `(5, 0x5_00000061, 3)` for a vote, the zxid for the others. */
  readonly text: string;
  /** A vote's fate at its receiver; null until that has told. */
  readonly verdict: Verdict | null;
  /** Acks and commits wait until what they answer has been seen: all of it takes a millisecond or two. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export type Verdict = Extract<ServerEventDto, { kind: 'vote-received' }>['verdict'];

export interface Sky {
  readonly flights: readonly Flight[];
  /** The proposal whose way is shown now. */
  readonly story: Story | null;
}

interface Story {
  readonly zxid: string;
  readonly leader: number;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export const EMPTY_SKY: Sky = { flights: [], story: null };

const FLIGHT_MS = 1_600;
const STORY_MS = 3_400;
/** When the parts of a proposal's story begin, from its beginning on. */
const BEGINS_MS = { vote: 0, proposal: 0, ack: 800, commit: 1_600 } as const satisfies Record<
  FlightKind,
  number
>;
const FLIGHTS_MAX = 24;

/** `sids` are those that a leader sends to. */
export function withNews(
  sky: Sky,
  events: readonly ServerEventDto[],
  { sids, nowMs }: { readonly sids: readonly number[]; readonly nowMs: number },
): Sky {
  return events.reduce((before, event) => withOne(before, event, { sids, nowMs }), landed(sky, nowMs));
}

/** Without what has arrived. The same object when nothing has. */
export function landed(sky: Sky, nowMs: number): Sky {
  const flights = sky.flights.filter(({ untilMs }) => untilMs > nowMs);
  const story = sky.story !== null && sky.story.untilMs > nowMs ? sky.story : null;
  return flights.length === sky.flights.length && story === sky.story ? sky : { flights, story };
}

/** What is to be seen now. */
export function inTheAir({ flights }: Sky, nowMs: number): readonly Flight[] {
  return flights.filter(({ sinceMs }) => sinceMs <= nowMs);
}

interface Circumstances {
  readonly sids: readonly number[];
  readonly nowMs: number;
}

function withOne(sky: Sky, event: ServerEventDto, at: Circumstances): Sky {
  switch (event.kind) {
    case 'vote-sent':
      // A server tells itself its vote, too; and observers back nobody.
      if (event.to === null || event.to === event.sid || event.vote === null) return sky;
      return withFlights(sky, [
        {
          key: `vote ${event.sid} ${event.seq}`,
          kind: 'vote',
          from: event.sid,
          to: event.to,
          text: voteText(event.vote),
          verdict: null,
          sinceMs: at.nowMs,
          untilMs: at.nowMs + FLIGHT_MS,
        },
      ]);
    case 'vote-received':
      return withVerdict(sky, event);
    case 'proposal':
      return withProposal(sky, event, at);
    case 'ack': {
      const { story } = sky;
      if (story?.zxid !== event.zxid || story.leader !== event.sid || event.from === event.sid) return sky;
      return withFlights(sky, [flightOf('ack', { from: event.from, to: event.sid, story })]);
    }
    case 'commit': {
      const { story } = sky;
      if (story?.zxid !== event.zxid || story.leader !== event.sid) return sky;
      return withFlights(sky, toLearners('commit', story, at));
    }
    default:
      return sky;
  }
}

/** Only leaders tell of proposals; a new story begins when the last one has been told. */
function withProposal(
  sky: Sky,
  event: Extract<ServerEventDto, { kind: 'proposal' }>,
  at: Circumstances,
): Sky {
  if (sky.story !== null) return sky;
  const { nowMs } = at;
  const story = { zxid: event.zxid, leader: event.sid, sinceMs: nowMs, untilMs: nowMs + STORY_MS };
  return withFlights({ ...sky, story }, toLearners('proposal', story, at));
}

function toLearners(kind: FlightKind, story: Story, { sids }: Circumstances): readonly Flight[] {
  const { leader } = story;
  return sids.filter((sid) => sid !== leader).map((to) => flightOf(kind, { from: leader, to, story }));
}

function flightOf(
  kind: FlightKind,
  { from, to, story }: { readonly from: number; readonly to: number; readonly story: Story },
): Flight {
  const sinceMs = story.sinceMs + BEGINS_MS[kind];
  return {
    key: `${kind} ${story.zxid} ${from} ${to}`,
    kind,
    from,
    to,
    text: formatZxidHex(story.zxid),
    verdict: null,
    sinceMs,
    untilMs: sinceMs + FLIGHT_MS,
  };
}

function withFlights({ flights, story }: Sky, added: readonly Flight[]): Sky {
  const keys = new Set(added.map(({ key }) => key));
  return { flights: [...flights.filter(({ key }) => !keys.has(key)), ...added].slice(-FLIGHTS_MAX), story };
}

/** What became of the newest vote between the two that has no verdict yet. */
function withVerdict(sky: Sky, event: Extract<ServerEventDto, { kind: 'vote-received' }>): Sky {
  const index = sky.flights.findLastIndex(
    ({ kind, from, to, verdict }) =>
      kind === 'vote' && from === event.from && to === event.sid && verdict === null,
  );
  const flight = sky.flights[index];
  if (flight === undefined) return sky;
  return { ...sky, flights: sky.flights.with(index, { ...flight, verdict: event.verdict }) };
}

/** As the election compares them: epoch, zxid, sid. */
function voteText({ peerEpoch, zxid, leader }: VoteDto): string {
  return `(${peerEpoch}, ${formatZxidHex(zxid)}, ${leader})`;
}

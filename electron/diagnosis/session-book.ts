/**
 * What is known of each session: who made it, which connections it had, how it was closed. From what builtin servers tell,
 * from `cons`, from transaction logs and from servers' logs; whatever comes first counts, the rest is evidence. Pure.
 */
import type { Heard } from '../../shared/api/diagnosis.ts';
import { type Sentence, say } from '../../shared/api/sentences.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { zxidToHex, type Zxid } from '../../shared/zxid.ts';
import type { ConsConnection } from '../services/cluster/four-letter-words/cons.ts';
import { eventsOf, pathSource } from './draft.ts';
import type { Observation, ObservationOf, PollAnswer } from './observation.ts';
import { SessionCounts } from './session-counts.ts';

export interface SessionConnection {
  readonly server: string;
  readonly sid: number | undefined;
  readonly address: string;
  /** Who told of it first. */
  readonly source: Sentence;
  readonly fromMs: number;
  /** When `cons` had it last. */
  seenMs: number;
  /** Last known to be there. */
  presentMs: number;
  /** Between these something was heard on it for the last time, as far as its server was asked. */
  heard: { readonly fromMs: number; readonly toMs: number };
  /** Found gone, or told to be. */
  endedMs: number | undefined;
  endReason: string | undefined;
  /** Packets of its client that the server had counted when it was last asked. */
  received: number | undefined;
}

export interface SessionRecord {
  readonly sessionId: string;
  createdMs: number | undefined;
  timeoutMs: number | undefined;
  readonly connections: SessionConnection[];
  /** A client came back for it in vain. */
  readonly refusals: SessionRefusal[];
  /** Signs of life, the newest. */
  readonly heard: Heard[];
  /** By the leader. Times of its clock. */
  expiry: SessionExpiry | undefined;
  /** A server's log says that its client hung up. */
  hungUp: { readonly atMs: number; readonly source: Sentence } | undefined;
  /** Its newest write, by the number that its client gave it: a connection counts upwards. */
  lastWrite: { readonly cxid: number; readonly atMs: number } | undefined;
  /** Zabra ended it in its client's name, at this server. */
  endedHere: { readonly atMs: number; readonly server: string } | undefined;
  /** The number of the closeSession, where a transaction log shows it. */
  closeCxid: number | undefined;
  /** As somebody told who knows: a server's events, or a transaction log. */
  end: SessionEnd | undefined;
  /** By server: when it last listed the session. */
  readonly listedMs: Map<string, number>;
  /** A server that had listed it did not any more. */
  vanished: Vanishing | undefined;
}

export interface SessionRefusal {
  readonly atMs: number;
  readonly sid: number | undefined;
  readonly source: Sentence;
  /** Nobody named the session. */
  readonly isPresumed?: true;
}

/** A session ended between two questions. */
export interface Vanishing {
  readonly fromMs: number;
  readonly toMs: number;
  readonly source: Sentence;
  /** Whether the leader let a session expire then; undefined where it did not count. */
  hasExpired: boolean | undefined;
}

export interface SessionExpiry {
  readonly atMs: number;
  readonly lastHeardMs: number | undefined;
  /** The end of the tick in which it was due. */
  readonly bucketMs: number | undefined;
  readonly source: Sentence;
}

export interface SessionEnd {
  readonly atMs: number;
  readonly byClient: boolean;
  readonly zxid: string | undefined;
  readonly ephemerals: readonly string[] | undefined;
  /** Where there were more than are named. */
  readonly ephemeralCount: number | undefined;
  readonly source: Sentence;
  /** Of an end that nobody told (session-end.ts): when a server still listed it, and whether its client had left before. */
  readonly presumed?: { readonly listedMs: number; readonly hadLeft: boolean };
}

const SESSIONS_MAX = 20_000;
/** Counts come every few seconds. */
const UNDECIDED_MS = 8000;
/** Who comes back later than this after the end of a session was not waited for. */
const RETURN_MS = 60_000;
const HEARD_MAX = 64;

export class SessionBook {
  readonly #records = new Map<string, SessionRecord>();
  /** By server: who was connected when it was last asked. */
  readonly #present = new Map<string, ReadonlySet<SessionConnection>>();
  readonly #counts = new SessionCounts();
  /** The next count tells more of them. */
  readonly #undecided = new Set<Vanishing>();
  /** By server: the sessions that it listed last. */
  readonly #listed = new Map<string, ReadonlySet<string>>();

  get ended(): readonly SessionRecord[] {
    return [...this.#records.values()].filter(({ end, vanished }) => (end ?? vanished) !== undefined);
  }

  get(sessionId: string): SessionRecord | undefined {
    return this.#records.get(sessionId);
  }

  observe(observation: Observation, sidOf: (server: string) => number | undefined): void {
    switch (observation.kind) {
      case 'polled':
        if (observation.answer?.word === 'cons')
          this.#onConnections(observation, observation.answer.connections, sidOf);
        if (observation.answer?.word === 'mntr') this.#onMetrics(observation, observation.answer);
        if (observation.answer?.word === 'dump') this.#onList(observation, observation.answer, sidOf);
        break;
      case 'told':
        this.#onTold(observation.event);
        break;
      case 'logged':
        this.#onLogged(observation);
        break;
      case 'committed':
        this.#onCommitted(observation);
        break;
      case 'ended-here':
        this.#onEndedHere(observation);
        break;
      default:
        break;
    }
  }

  #onEndedHere({ sessionId, server, atMs }: ObservationOf<'ended-here'>): void {
    const record = this.#record(sessionId);
    record.endedHere = { atMs, server };
    setEnd(record, {
      atMs,
      byClient: true,
      zxid: undefined,
      ephemerals: undefined,
      ephemeralCount: undefined,
      source: say('source.zabra', {}),
    });
  }

  #record(sessionId: string): SessionRecord {
    const known = this.#records.get(sessionId);
    if (known !== undefined) return known;
    const made: SessionRecord = {
      sessionId,
      createdMs: undefined,
      timeoutMs: undefined,
      connections: [],
      refusals: [],
      heard: [],
      expiry: undefined,
      hungUp: undefined,
      lastWrite: undefined,
      endedHere: undefined,
      closeCxid: undefined,
      end: undefined,
      listedMs: new Map(),
      vanished: undefined,
    };
    this.#records.set(sessionId, made);
    const [oldest] = this.#records.keys();
    if (this.#records.size > SESSIONS_MAX && oldest !== undefined) this.#records.delete(oldest);
    return made;
  }

  /** `cons` says who is there: who is not any more has gone since the last time. */
  #onConnections(
    { server, atMs, sentMs }: ObservationOf<'polled'>,
    list: readonly ConsConnection[],
    sidOf: (server: string) => number | undefined,
  ): void {
    const present = new Set<SessionConnection>();
    const known = this.#present.get(server);
    let moved = 0;
    for (const { address, session, received } of list) {
      if (session === undefined) continue;
      const record = this.#record(session.sessionId);
      record.timeoutMs ??= session.timeoutMs;
      const sid = sidOf(server);
      const beganMs = Math.min(sentMs, session.establishedAtMs ?? sentMs);
      const source = say('source.word', { word: 'cons', server: sid === undefined ? server : String(sid) });
      const connection = attach(record, { server, sid, address, source, atMs: beganMs });
      noteReceived(record, connection, { received, atMs });
      connection.seenMs = atMs;
      connection.presentMs = atMs;
      present.add(connection);
      if (known?.has(connection) === false && record.connections.length > 1) moved++;
    }
    this.#onReturns(server, known === undefined ? Infinity : moved, sidOf(server));
    for (const connection of known ?? []) {
      if (!present.has(connection)) connection.endedMs ??= atMs;
    }
    this.#present.set(server, present);
  }

  #onMetrics(
    { server, atMs }: ObservationOf<'polled'>,
    { role, metrics }: Extract<PollAnswer, { word: 'mntr' }>,
  ): void {
    this.#counts.onMetrics({ server, role, atMs, metrics });
    for (const vanished of this.#undecided) {
      vanished.hasExpired = this.#counts.hasExpired(vanished);
      if (vanished.hasExpired !== undefined || atMs - vanished.toMs > UNDECIDED_MS) {
        this.#undecided.delete(vanished);
      }
    }
  }

  /**
   * More clients came to a server with a session than it has now: that of the one session that ended lately was refused. Where
   * several ended, it could be anybody's.
   */
  #onReturns(server: string, moved: number, sid: number | undefined): void {
    const returned = this.#counts.takeReturns(server);
    if (returned === undefined || returned.by <= moved) return;
    const { fromMs, toMs: atMs } = returned;
    const candidates = this.ended.filter((record) => {
      const endMs = record.end?.atMs ?? record.vanished?.toMs ?? 0;
      return !record.end?.byClient && endMs <= atMs && endMs > fromMs - RETURN_MS;
    });
    const [only] = candidates;
    if (only === undefined || candidates.length > 1 || only.refusals.length > 0) return;
    const source = say('source.word', { word: 'mntr', server: String(sid ?? server) });
    only.refusals.push({ atMs, sid, source, isPresumed: true });
  }

  /** `dump` lists all sessions of the ensemble, as far as that server knows: one that it listed before has ended since. */
  #onList(
    { server, atMs, sentMs }: ObservationOf<'polled'>,
    { sessions, connections }: Extract<PollAnswer, { word: 'dump' }>,
    sidOf: (server: string) => number | undefined,
  ): void {
    for (const [sessionId, { timeoutMs }] of sessions) {
      const record = this.#record(sessionId);
      record.timeoutMs ??= timeoutMs;
      record.listedMs.set(server, sentMs);
    }
    for (const connection of connections === undefined ? [] : (this.#present.get(server) ?? [])) {
      if (connections?.has(connection.address) === false) connection.endedMs ??= sentMs;
      else if (connection.endedMs === undefined) connection.presentMs = atMs;
    }
    const listed = this.#listed.get(server);
    for (const sessionId of listed ?? []) {
      if (sessions.has(sessionId)) continue;
      const record = this.#record(sessionId);
      const fromMs = Math.max(...record.listedMs.values());
      const source = say('source.word', { word: 'dump', server: String(sidOf(server) ?? server) });
      if (fromMs > sentMs || record.vanished !== undefined) continue;
      const span = { fromMs, toMs: atMs };
      record.vanished = { ...span, source, hasExpired: this.#counts.hasExpired(span) };
      if (record.vanished.hasExpired === undefined) this.#undecided.add(record.vanished);
    }
    this.#listed.set(server, new Set(sessions.keys()));
  }

  #onTold(event: ServerEventDto): void {
    const source = eventsOf(event.sid);
    switch (event.kind) {
      case 'session-created': {
        const record = this.#record(event.sessionId);
        record.createdMs ??= event.atMs;
        record.timeoutMs ??= event.timeoutMs ?? undefined;
        hear(record, { atMs: event.atMs, by: 'event', withinMs: 0 });
        break;
      }
      case 'session-attached':
        if (event.address === null) break;
        hear(this.#record(event.sessionId), { atMs: event.atMs, by: 'event', withinMs: 0 });
        attach(this.#record(event.sessionId), {
          server: `server ${event.sid}`,
          sid: event.sid,
          address: event.address,
          source,
          atMs: event.atMs,
        });
        break;
      case 'session-detached': {
        const connection = this.#record(event.sessionId).connections.findLast(
          ({ sid, address, endReason }) =>
            sid === event.sid && address === event.address && endReason === undefined,
        );
        if (connection !== undefined) {
          connection.endedMs = event.atMs;
          connection.endReason = event.reason ?? '';
        }
        break;
      }
      case 'session-refused':
        this.#record(event.sessionId).refusals.push({ atMs: event.atMs, sid: event.sid, source });
        break;
      case 'session-expired': {
        const record = this.#record(event.sessionId);
        record.timeoutMs = event.timeoutMs;
        record.expiry = {
          atMs: event.atMs,
          lastHeardMs: event.lastHeardMs ?? undefined,
          bucketMs: event.bucketMs ?? undefined,
          source,
        };
        break;
      }
      case 'session-closed': {
        const { atMs, byClient, ephemerals } = event;
        if (byClient === null) break;
        setEnd(this.#record(event.sessionId), {
          atMs,
          byClient,
          zxid: event.zxid ?? undefined,
          ephemerals,
          ephemeralCount: event.ephemeralCount ?? undefined,
          source,
        });
        break;
      }
      default:
        break;
    }
  }

  #onLogged({ line, sid, atMs, source: file }: ObservationOf<'logged'>): void {
    const source = pathSource(file);
    switch (line.mark) {
      case 'session-expiring':
        this.#record(line.sessionId).expiry ??= {
          atMs,
          lastHeardMs: undefined,
          bucketMs: undefined,
          source,
        };
        break;
      case 'session-refused':
        this.#record(line.sessionId).refusals.push({ atMs, sid, source });
        break;
      case 'client-hung-up':
        this.#record(line.sessionId).hungUp = { atMs, source };
        break;
      default:
        break;
    }
  }

  #onCommitted({ fact, atMs, source: folder }: ObservationOf<'committed'>): void {
    const { change, sessionId, cxid } = fact;
    const source = pathSource(folder);
    if (change.op === 'createSession') {
      const record = this.#record(sessionId);
      record.createdMs ??= atMs;
      record.timeoutMs ??= change.timeoutMs;
    } else if (change.op === 'closeSession') {
      const ephemerals = change.ephemerals ?? undefined;
      this.#record(sessionId).closeCxid = cxid;
      setEnd(this.#record(sessionId), {
        atMs,
        byClient: cxid !== 0,
        zxid: zxidToHex(fact.zxid as Zxid),
        ephemerals,
        ephemeralCount: ephemerals?.length,
        source,
      });
    } else {
      const known = this.#records.get(sessionId);
      // Every server's log has it.
      if (known !== undefined && known.lastWrite?.cxid !== cxid) {
        known.lastWrite = { cxid, atMs };
        hear(known, { atMs: Math.min(fact.timeMs, atMs), by: 'write', withinMs: 0 });
      }
    }
  }
}

/** The connection as it is known already, or a new one of the record. */
function attach(
  record: SessionRecord,
  {
    server,
    sid,
    address,
    source,
    atMs,
  }: Pick<SessionConnection, 'server' | 'sid' | 'address' | 'source'> & { atMs: number },
): SessionConnection {
  const known = record.connections.findLast(
    (connection) =>
      connection.address === address && (connection.sid === sid || connection.server === server),
  );
  if (known !== undefined) return known;
  const made: SessionConnection = {
    server,
    sid,
    address,
    source,
    fromMs: atMs,
    seenMs: atMs,
    presentMs: atMs,
    heard: { fromMs: atMs, toMs: atMs },
    endedMs: undefined,
    endReason: undefined,
    received: undefined,
  };
  record.connections.push(made);
  return made;
}

function hear({ heard }: SessionRecord, sign: Heard): void {
  heard.push(sign);
  if (heard.length > HEARD_MAX) heard.shift();
}

/** A server that has counted more than the time before has heard of the client in between. */
function noteReceived(
  record: SessionRecord,
  connection: SessionConnection,
  { received, atMs }: { received: number | undefined; atMs: number },
): void {
  if (received === undefined) return;
  if (received !== connection.received) connection.heard = { fromMs: connection.seenMs, toMs: atMs };
  const before = connection.received;
  connection.received = received;
  if (before === undefined || received <= before) return;
  hear(record, { atMs, by: 'poll', withinMs: atMs - connection.seenMs });
}

/** The first source counts, but whatever a server tells of it is more than what Zabra knows of its own doing. */
function setEnd(record: SessionRecord, end: SessionEnd): void {
  if (record.end === undefined || record.end.source.key === 'source.zabra') record.end = end;
}

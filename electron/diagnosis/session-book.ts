/**
 * What is known of each session: who made it, which connections it had, how it was closed. From what builtin servers tell,
 * from `cons`, from transaction logs and from servers' logs; whatever comes first counts, the rest is evidence. Pure.
 */
import type { Heard } from '../../shared/api/diagnosis.ts';
import { say } from '../../shared/api/sentences.ts';
import type { ServerEventDto } from '../../shared/api/server-events.ts';
import { zxidToHex, type Zxid } from '../../shared/zxid.ts';
import type { ConsConnection } from '../services/cluster/four-letter-words/cons.ts';
import { eventsOf, pathSource } from './draft.ts';
import type { Observation, ObservationOf, PollAnswer } from './observation.ts';
import { type Return, SessionCounts } from './session-counts.ts';
import {
  type SessionConnection,
  type SessionEnd,
  type SessionRecord,
  type Vanishing,
  newRecord,
} from './session-record.ts';
import { endOf } from './session-end.ts';

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
  /** Whose session it was that somebody wanted to go on with is not known. */
  #returns: Return[] = [];
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
    const made = newRecord(sessionId);
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
    const returned = this.#counts.onConnections(server, moved);
    // Who came before the first look may be anybody.
    if (returned !== undefined && known !== undefined) this.#returns.push(returned);
    for (const connection of known ?? []) {
      if (!present.has(connection)) connection.endedMs ??= atMs;
    }
    this.#present.set(server, present);
    this.#attributeReturns(atMs, sidOf);
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

  /** Ends are noticed before the return, or after. */
  #attributeReturns(atMs: number, sidOf: (server: string) => number | undefined): void {
    this.#returns = this.#returns.filter((returned) => {
      const record = this.#wantedBy(returned);
      const { server, toMs } = returned;
      const sid = sidOf(server);
      const source = say('source.word', { word: 'mntr', server: String(sid ?? server) });
      record?.refusals.push({ atMs: toMs, sid, source, isPresumed: true });
      return record === undefined && atMs - toMs < UNDECIDED_MS;
    });
  }

  /** Who did not go on with a session wanted the one that had ended lately. Where several had, it could be anybody's. */
  #wantedBy({ fromMs, toMs }: Return): SessionRecord | undefined {
    const [only, another] = this.ended.filter((record) => {
      const end = endOf(record);
      if (end === undefined) return false;
      // Who takes a session over to close it comes before it is found to be closed.
      const earliestMs = end.byClient ? (end.presumed?.listedMs ?? end.atMs) : end.atMs;
      return earliestMs <= toMs && end.atMs > fromMs - RETURN_MS;
    });
    return another === undefined && only?.refusals.length === 0 ? only : undefined;
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
    this.#attributeReturns(atMs, sidOf);
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

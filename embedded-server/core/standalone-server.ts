/**
 * A whole server without an ensemble: events in, effects out. Clients are served by client-rooms.ts; a write becomes a
 * transaction here, is durable before it is applied, and applied before anybody hears of it. Sessions are decided here.
 */
import { SESSION_NONE, type Sid, sessionIdToHex } from '../../shared/ids.ts';
import type { Sha1 } from './acl-check.ts';
import { type Chronicle, NO_CHRONICLE } from './chronicle.ts';
import { ClientRooms } from './client-rooms.ts';
import type { ServerConfig } from './config.ts';
import type { Connections } from './connections.ts';
import { ContainerReaper } from './container-reaper.ts';
import type { Database } from './database.ts';
import type { Now, ServerEffect, ServerEvent } from './effects.ts';
import { freshDatabase } from './fresh-database.ts';
import { Outbox } from './outbox.ts';
import { Prep } from './prep.ts';
import type { ServerStats } from './server-stats.ts';
import { SessionIds } from './session-ids.ts';
import { tellExpired } from './session-telling.ts';
import { type ExpiredSession, SessionTracker } from './session-tracker.ts';
import { StandaloneWrites } from './standalone-writes.ts';
import type { Watches } from './watches.ts';

/** Apache's number for a server that has no ensemble. */
const STANDALONE_SID: Sid = 1;

export class StandaloneServer {
  readonly config: ServerConfig;
  readonly startedAt: Now;
  readonly database: Database;
  readonly sessions: SessionTracker;
  readonly #rooms: ClientRooms;
  readonly #outbox = new Outbox();
  readonly #writes: StandaloneWrites;
  readonly #reaper: ContainerReaper;
  readonly #chronicle: Chronicle;
  #now: Now;

  /** `database` is what was read back from a disk; a fresh one by default. */
  constructor(
    config: ServerConfig,
    {
      sha1,
      now,
      database = freshDatabase(config),
      chronicle = NO_CHRONICLE,
    }: { sha1: Sha1; now: Now; database?: Database; chronicle?: Chronicle },
  ) {
    this.config = config;
    this.startedAt = now;
    this.#now = now;
    this.#chronicle = chronicle;
    this.#rooms = new ClientRooms({ config, outbox: this.#outbox, sha1, now, chronicle });
    this.database = database;
    this.sessions = new SessionTracker({
      tickTimeMs: config.tickTimeMs,
      ids: new SessionIds({ sid: STANDALONE_SID, startWallMs: now.wallMs }),
      elapsedMs: now.elapsedMs,
    });
    // Nobody knows when their clients were last heard of, so all have their full time from now on.
    for (const [sessionId, timeoutMs] of database.sessionTimeoutsMs) {
      this.sessions.track(sessionId, timeoutMs, now.elapsedMs);
    }
    const prep = new Prep({
      tree: database.tree,
      quota: database.quota,
      sessions: this.sessions,
      options: config,
      lastZxid: database.lastProcessedZxid,
    });
    this.#writes = new StandaloneWrites(prep);
    this.#rooms.serve({ database, writes: this.#writes, sessions: this.sessions });
    this.#reaper = new ContainerReaper(database.tree, config, now.elapsedMs);
  }

  get stats(): ServerStats {
    return this.#rooms.stats;
  }

  get watches(): Watches {
    return this.#rooms.watches;
  }

  get connections(): Connections {
    return this.#rooms.connections;
  }

  /** Requests without an answer yet. */
  get outstanding(): number {
    return this.#rooms.outstanding;
  }

  /** When the next `tick` event has something to do, on the elapsed clock. */
  get nextTickMs(): number {
    return Math.min(this.sessions.nextExpiryMs, this.connections.nextExpiryMs, this.#reaper.nextMs);
  }

  /** One event and its effects. */
  step(event: ServerEvent, now: Now): ServerEffect[] {
    this.handle(event, now);
    return this.takeEffects();
  }

  /** Whether {@link takeUrgentEffects} should be called now, rather than {@link takeEffects} after the events to come. */
  get isUrgent(): boolean {
    return this.#outbox.isUrgent;
  }

  handle(event: ServerEvent, now: Now): void {
    this.#now = now;
    this.#rooms.startStep(now);
    switch (event.kind) {
      case 'started':
        this.#onStarted();
        break;
      case 'persisted':
        this.#writes.onPersisted(event.zxid, this.#rooms.pipeline);
        break;
      case 'tick':
        this.#onTick();
        break;
      default:
        this.#rooms.onEvent(event);
    }
    this.#rooms.endStep();
  }

  /** What clients are told: it depends on nothing that is still to be done. */
  takeUrgentEffects(): ServerEffect[] {
    return this.#outbox.take();
  }

  /** Of all events since the last call. */
  takeEffects(): ServerEffect[] {
    const effects = this.#writes.takeEffects();
    effects.push(...this.#outbox.take());
    return effects;
  }

  /**
   * Differs: Apache takes such nodes away behind the log's back, and has to write a snapshot before it serves, lest a
   * replay bring them back; a transaction needs no such care.
   */
  #onStarted(): void {
    for (const owner of this.database.orphanedOwners()) {
      this.#outbox.log('warn', `session ${sessionIdToHex(owner)} is gone but left ephemerals: removing them`);
      this.#writes.submitOwn({ op: 'closeSession' }, owner, this.#now);
    }
  }

  #onTick(): void {
    for (const expired of this.sessions.expire(this.#now.elapsedMs)) this.#expire(expired);
    this.stats.sessionlessConnectionsExpired += this.connections.closeSilent(this.#now);
    const path = this.#reaper.tick(this.#now);
    if (path !== undefined) this.#writes.submitOwn({ op: 'deleteContainer', path }, SESSION_NONE, this.#now);
  }

  #expire(expired: ExpiredSession): void {
    const { session } = expired;
    tellExpired(this.#chronicle, expired, this.#now);
    this.stats.staleSessionsExpired++;
    const name = sessionIdToHex(session.sessionId);
    this.#outbox.log('info', `session ${name} expires: silent for its timeout of ${session.timeoutMs} ms`);
    this.#writes.submitOwn({ op: 'closeSession' }, session.sessionId, this.#now);
  }
}

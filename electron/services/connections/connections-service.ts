/**
 * Connection profiles and the registry of those that are open. Other services get a connection by its id from here and
 * hear of the course of its session.
 */
import type {
  ConnectionProfile,
  ConnectionStatus,
  ProfileDraft,
  TestReport,
} from '../../../shared/api/connections.ts';
import { type HostPort, formatHostPort, parseConnectString } from '../../client/connect-string.ts';
import type { Log } from '../../log.ts';
import type { StoredProfile } from '../../stores/profile-store.ts';
import type { Stores } from '../../stores/stores.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ShellError } from '../shell-error.ts';
import { runConnectionTest } from './connection-test.ts';
import { OpenConnection, type SessionTransition, connectStringOf } from './open-connection.ts';

const STATUS_INTERVAL_MS = 100;
/** Latency and zxid change without an event; looking at them costs no server anything. */
const FACTS_INTERVAL_MS = 1_000;
const SERVER_INTERVAL_MS = 10_000;

export type SessionListener = (event: {
  readonly connection: OpenConnection;
  readonly transition: SessionTransition;
  readonly sessionId: string;
}) => void;

/** Hears whenever a connection is opened or closed, whatever becomes of its session. */
export type PresenceListener = (event: { readonly connectionId: string; readonly isOpen: boolean }) => void;

export interface SaveRequest {
  readonly connectionId?: string | undefined;
  readonly draft: ProfileDraft;
  readonly password?: string | undefined;
}

export class ConnectionsService {
  readonly #stores: Stores;
  readonly #questions: ServerQuestions;
  readonly #log: Log;
  readonly #open = new Map<string, OpenConnection>();
  readonly #statuses = new Observable(() => [...this.#open.values()].map((connection) => connection.status));
  readonly #sessionListeners = new Set<SessionListener>();
  readonly #presenceListeners = new Set<PresenceListener>();
  readonly #removalListeners = new Set<(connectionId: string) => void>();

  constructor(options: { stores: Stores; questions: ServerQuestions; log: Log }) {
    this.#stores = options.stores;
    this.#questions = options.questions;
    this.#log = options.log;
  }

  // ---- profiles

  list(): ConnectionProfile[] {
    return this.#stores.profiles.list().map((profile) => this.#toDto(profile));
  }

  /** Throws ShellError CONNECTION_UNKNOWN, ConnectionError BAD_CONNECT_STRING. */
  save({ connectionId, draft, password }: SaveRequest): ConnectionProfile {
    requireUsable(draft);
    const profile =
      connectionId === undefined
        ? this.#stores.profiles.insert(draft, { nowMs: Date.now() })
        : this.#update(connectionId, draft);
    if (draft.auth.kind === 'none') this.#stores.secrets.remove(profile.connectionId);
    else if (password !== undefined) this.#stores.secrets.write(profile.connectionId, password);
    // Everything else takes effect when it is opened again; a lock must not wait for that.
    this.#open.get(profile.connectionId)?.guard.follow(draft);
    return this.#toDto(profile);
  }

  /** Makes the profile of a server that Zabra runs. */
  addLocal(draft: ProfileDraft, ensembleId: string): ConnectionProfile {
    return this.#toDto(this.#stores.profiles.insert(draft, { ensembleId, nowMs: Date.now() }));
  }

  /** The servers that Zabra runs for it are others now; what else the profile says stays. */
  changeServers(connectionId: string, servers: string): void {
    const { draft } = this.profile(connectionId);
    this.#update(connectionId, { ...draft, servers });
  }

  async remove(connectionId: string): Promise<void> {
    await this.close(connectionId);
    this.#stores.secrets.remove(connectionId);
    this.#stores.profiles.delete(connectionId);
    for (const listener of this.#removalListeners) listener(connectionId);
  }

  /** Throws ShellError CONNECTION_UNKNOWN. */
  profile(connectionId: string): StoredProfile {
    const profile = this.#stores.profiles.get(connectionId);
    if (profile === undefined) {
      throw new ShellError('CONNECTION_UNKNOWN', `no connection has the id ${connectionId}`);
    }
    return profile;
  }

  /** The AdminServer of a server, where the profile says on which port they are. Throws ShellError CONNECTION_UNKNOWN. */
  adminUrlOf(connectionId: string, { host }: HostPort): string | undefined {
    const { adminPort } = this.profile(connectionId).draft;
    return adminPort === null ? undefined : `http://${formatHostPort({ host, port: adminPort })}`;
  }

  /** Ending the stream cancels the test. */
  test({ connectionId, draft, password }: SaveRequest): PacedStream<TestReport> {
    const stored = connectionId === undefined ? undefined : this.#stores.secrets.read(connectionId);
    return runConnectionTest({ draft, password: password ?? stored ?? '', log: this.#log });
  }

  // ---- open connections

  /** Starts to connect; where the last session has ended, with the profile and password as they are now. */
  open(connectionId: string): ConnectionStatus {
    const existing = this.#open.get(connectionId);
    if (existing !== undefined && !existing.hasEnded) return existing.status;
    existing?.guard.dispose();
    const connection = new OpenConnection({
      profile: this.profile(connectionId),
      password: this.#stores.secrets.read(connectionId),
      questions: this.#questions,
      log: this.#log,
      observer: {
        onStatus: () => this.#statuses.changed(),
        onSession: (transition, sessionId) => this.#onSession(connectionId, transition, sessionId),
      },
    });
    this.#open.set(connectionId, connection);
    this.#statuses.changed();
    if (existing === undefined) this.#tellPresence({ connectionId, isOpen: true });
    return connection.status;
  }

  /** Ends the session. Nothing happens when the connection is not open. */
  async close(connectionId: string): Promise<void> {
    const connection = this.#open.get(connectionId);
    if (connection === undefined) return;
    // All of this at once, so that an `open` that comes while the session is being ended starts afresh.
    this.#open.delete(connectionId);
    this.#statuses.changed();
    this.#tellSession({ connection, transition: 'closed', sessionId: connection.sessionId ?? '' });
    this.#tellPresence({ connectionId, isOpen: false });
    await connection.close();
  }

  /** Throws ShellError CONNECTION_UNKNOWN or CONNECTION_NOT_OPEN. */
  get(connectionId: string): OpenConnection {
    const connection = this.#open.get(connectionId);
    if (connection !== undefined) return connection;
    const { name } = this.profile(connectionId).draft;
    throw new ShellError('CONNECTION_NOT_OPEN', `the connection ${JSON.stringify(name)} is not open`);
  }

  /** Those of Zabra itself, through whichever connection. */
  ownSessionIds(): ReadonlySet<string> {
    const ids = [...this.#open.values()].map(({ sessionId }) => sessionId);
    return new Set(ids.filter((sessionId) => sessionId !== undefined));
  }

  find(connectionId: string): OpenConnection | undefined {
    return this.#open.get(connectionId);
  }

  unlock(connectionId: string, minutes: number): ConnectionStatus {
    const connection = this.get(connectionId);
    connection.guard.unlock(minutes);
    return connection.status;
  }

  lock(connectionId: string): ConnectionStatus {
    const connection = this.get(connectionId);
    connection.guard.lock();
    return connection.status;
  }

  /** While somebody listens, the facts that change silently are looked at now and then. */
  statuses(): PacedStream<ConnectionStatus[]> {
    const facts = setInterval(() => this.#statuses.changed(), FACTS_INTERVAL_MS);
    const servers = setInterval(() => this.#refreshServers(), SERVER_INTERVAL_MS);
    return this.#statuses.stream({
      intervalMs: STATUS_INTERVAL_MS,
      onEnd: () => {
        clearInterval(facts);
        clearInterval(servers);
      },
    });
  }

  onSession(listener: SessionListener): () => void {
    this.#sessionListeners.add(listener);
    return () => this.#sessionListeners.delete(listener);
  }

  onPresence(listener: PresenceListener): () => void {
    this.#presenceListeners.add(listener);
    return () => this.#presenceListeners.delete(listener);
  }

  /** Hears of profiles that are gone, with everything that was stored of them. */
  onRemoved(listener: (connectionId: string) => void): () => void {
    this.#removalListeners.add(listener);
    return () => this.#removalListeners.delete(listener);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((connectionId) => this.close(connectionId)));
  }

  #update(connectionId: string, draft: ProfileDraft): StoredProfile {
    this.#stores.profiles.update(connectionId, draft);
    return this.profile(connectionId);
  }

  #toDto({ connectionId, draft, ensembleId, createdAtMs }: StoredProfile): ConnectionProfile {
    return {
      ...draft,
      connectionId,
      secret: this.#stores.secrets.placeOf(connectionId),
      createdAtMs,
      ...(ensembleId === undefined ? {} : { ensembleId }),
    };
  }

  #refreshServers(): void {
    for (const connection of this.#open.values()) {
      connection.refreshServer().catch((error: unknown) => {
        this.#log.error({ err: error }, 'asking a server for its role failed');
      });
    }
  }

  #onSession(connectionId: string, transition: SessionTransition, sessionId: string): void {
    const connection = this.#open.get(connectionId);
    // `close` tells of the end that a person wants itself.
    if (connection === undefined || transition === 'closed') return;
    this.#tellSession({ connection, transition, sessionId });
  }

  #tellPresence(event: Parameters<PresenceListener>[0]): void {
    for (const listener of this.#presenceListeners) listener(event);
  }

  #tellSession(event: Parameters<SessionListener>[0]): void {
    for (const listener of this.#sessionListeners) listener(event);
  }
}

/** Throws ConnectionError BAD_CONNECT_STRING for servers or a chroot that no client could use. */
function requireUsable(draft: ProfileDraft): void {
  parseConnectString(connectStringOf(draft));
}

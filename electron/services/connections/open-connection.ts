/**
 * One open connection: a client, what is known of its server, and the write guard. Services read through `reader` and write
 * through `writer()`, which asks the guard each time; the types leave no third way.
 *
 * A session that has ended (expired, credentials refused) stays on show until the connection is opened again, which makes a
 * new one of these.
 */
import type { ConnectionStatus, ProfileDraft } from '../../../shared/api/connections.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import { ZXID_NONE, zxidFromHex, zxidToHex } from '../../../shared/zxid.ts';
import { assertNever } from '../../../shared/assert.ts';
import { AppError, ConnectionError } from '../../../shared/errors.ts';
import { ZooKeeperClient } from '../../client/client.ts';
import { parseConnectString } from '../../client/connect-string.ts';
import { digestCredential } from '../../client/digest.ts';
import type { StateChange } from '../../client/client-session.ts';
import { type SessionState, isTerminal } from '../../client/session-types.ts';
import type { Log } from '../../log.ts';
import type { StoredProfile } from '../../stores/profile-store.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import { toFailure } from '../failures.ts';
import { type ConnectionMemory, connectionState, connectionStatus } from './connection-status.ts';
import { WriteGuardian } from './write-guard.ts';

/** The part of the client that changes nothing on a server but watches. */
export type ReadingClient = Pick<
  ZooKeeperClient,
  | 'exists'
  | 'getData'
  | 'getChildren'
  | 'getAcl'
  | 'getAllChildrenNumber'
  | 'getConfig'
  | 'addWatch'
  | 'whoAmI'
  | 'onWatchEvent'
>;

export type WritingClient = Pick<ZooKeeperClient, 'create' | 'delete' | 'setData' | 'setAcl'>;

/** What happened to a session, for whoever keeps something per session. */
export type SessionTransition =
  /** A new session; nothing of an earlier one holds. */
  | 'connected'
  | 'suspended'
  /** The same session on a new connection: changes in between are not known. */
  | 'reconnected'
  | 'expired'
  | 'closed';

/** What the poll of the server heard meanwhile will do. */
const ROLE_AGE_MS_MAX = 7_000;

export interface ConnectionObserver {
  onStatus(): void;
  onSession(transition: SessionTransition, sessionId: string): void;
}

export interface OpenConnectionOptions {
  readonly profile: StoredProfile;
  readonly password: string | undefined;
  readonly questions: ServerQuestions;
  readonly observer: ConnectionObserver;
  readonly log: Log;
}

export class OpenConnection {
  readonly profile: StoredProfile;
  readonly guard: WriteGuardian;
  readonly #options: OpenConnectionOptions;
  readonly #client: ZooKeeperClient;
  #memory: Memory = initialMemory();
  #state: SessionState = 'idle';
  #hadSession = false;

  /** Throws ConnectionError BAD_CONNECT_STRING. Starts to connect at once. */
  constructor(options: OpenConnectionOptions) {
    this.#options = options;
    this.profile = options.profile;
    const { environment, isReadOnly } = options.profile.draft;
    this.guard = new WriteGuardian({ environment, isReadOnly, onChange: () => options.observer.onStatus() });
    this.#client = this.#start();
  }

  get connectionId(): string {
    return this.profile.connectionId;
  }

  /** The chroot of the profile as the client uses it, '' for none. */
  get chroot(): string {
    return parseConnectString(connectStringOf(this.profile.draft)).chroot;
  }

  get sessionId(): string | undefined {
    const { sessionId } = this.#client.facts;
    return sessionId === undefined ? undefined : sessionIdToHex(sessionId);
  }

  get isConnected(): boolean {
    return this.#state === 'connected' || this.#state === 'connectedReadOnly';
  }

  /** Whether only a new session can bring it back. */
  get hasEnded(): boolean {
    return isTerminal(this.#state);
  }

  get status(): ConnectionStatus {
    return connectionStatus(this.#client.facts, {
      ...this.#memory,
      connectionId: this.connectionId,
      writeGuard: this.guard.state,
    });
  }

  get reader(): ReadingClient {
    return this.#client;
  }

  /** Throws ShellError READ_ONLY_PROFILE or PRODUCTION_LOCKED. Ask again for each write: the lock may have come back. */
  writer(): WritingClient {
    this.guard.requireOpen();
    return this.#client;
  }

  async close(): Promise<void> {
    this.guard.dispose();
    await this.#client.close();
  }

  /** Looks up role and version of the server connected to (bounded by the cache of {@link ServerQuestions}). */
  async refreshServer({ maxAgeMs = ROLE_AGE_MS_MAX } = {}): Promise<void> {
    const server = this.#connectedServer();
    if (server === undefined) return;
    const answer = await this.#options.questions.srvr(parseConnectString(server).hosts[0], { maxAgeMs });
    if (this.#connectedServer() !== server) return;
    const known = answer.status === 'ok' ? answer.value : undefined;
    this.#remember({ server: { role: known?.role ?? null, version: known?.version ?? null } });
  }

  #connectedServer(): string | undefined {
    return this.isConnected ? this.#client.facts.server : undefined;
  }

  #start(): ZooKeeperClient {
    const { draft } = this.profile;
    const { password = '' } = this.#options;
    const client = new ZooKeeperClient({
      connectString: connectStringOf(this.profile.draft),
      sessionTimeoutMs: draft.sessionTimeoutMs,
      connectTimeoutMs: draft.connectTimeoutMs,
      frameBytesMax: draft.frameBytesMax,
      canBeReadOnly: true,
      credentials:
        draft.auth.kind === 'digest' ? [digestCredential({ user: draft.auth.user, password })] : [],
    });
    client.onState((change) => this.#onState(change));
    client.onWatchEvent(() => this.#options.observer.onStatus());
    // The state listener tells why it failed; the promise only says it again. Later, so that #client is set by then.
    queueMicrotask(() => {
      client.connect({ keepTrying: true }).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
    });
    return client;
  }

  #onState({ state, error }: StateChange): void {
    const before = this.#state;
    const shownBefore = connectionState(before, { hasSession: this.#hadSession });
    const transition = transitionOf({ before, after: state, hadSession: this.#hadSession });
    this.#state = state;
    if (transition === 'connected') this.#hadSession = true;
    const isNewForPeople = connectionState(state, { hasSession: this.#hadSession }) !== shownBefore;
    this.#remember({
      ...(isNewForPeople ? { sinceMs: Date.now() } : {}),
      ...(error === undefined ? {} : { failure: this.#explain(error, before) }),
      attempts: this.isConnected ? 0 : this.#memory.attempts + (state === 'connecting' ? 1 : 0),
    });
    if (transition !== undefined) this.#onTransition(transition);
  }

  /** A server that closes the handshake does not say why; where `srvr` tells that it is behind, that is why. */
  #explain(error: AppError, before: SessionState): Failure {
    const { server } = error.context;
    const isRefused = before === 'handshaking' && error.code === 'CONNECTION_CLOSED';
    if (!isRefused || server === undefined || this.#client.facts.lastZxidSeen === ZXID_NONE) {
      return toFailure(error);
    }
    this.#inBackground('comparing zxids', this.#compareZxids(server, error));
    // Each attempt ends like this one: what is known of the server holds until the comparison says otherwise.
    const { failure } = this.#memory;
    return failure?.code === 'SERVER_BEHIND' && failure.server === server ? failure : toFailure(error);
  }

  async #compareZxids(server: string, refusal: AppError): Promise<void> {
    const answer = await this.#options.questions.srvr(parseConnectString(server).hosts[0]);
    // Meanwhile it may have taken the session, or another server may have failed otherwise.
    if (this.isConnected || this.hasEnded || this.#memory.failure?.server !== server) return;
    const zxid = answer.status === 'ok' ? answer.value.zxid : undefined;
    if (zxid === undefined) return;
    const { lastZxidSeen } = this.#client.facts;
    const error =
      zxidFromHex(zxid) < lastZxidSeen
        ? new ConnectionError(
            'SERVER_BEHIND',
            `${server} is at zxid ${zxid}, the session has seen ${zxidToHex(lastZxidSeen)}`,
            { server, cause: refusal },
          )
        : refusal;
    this.#remember({ failure: toFailure(error) });
  }

  #onTransition(transition: SessionTransition): void {
    if (transition === 'connected' || transition === 'reconnected') {
      this.#remember({ failure: null, latencyMs: null, server: undefined, identities: [] });
      // What was heard of it before, mostly is that it was away.
      this.#inBackground('asking the server for its role', this.refreshServer({ maxAgeMs: 0 }));
      this.#inBackground('asking the server who we are', this.#learnIdentities());
    }
    this.#options.observer.onSession(transition, this.sessionId ?? '');
  }

  async #learnIdentities(): Promise<void> {
    const startMs = performance.now();
    const identities = await this.#client.whoAmI();
    this.#remember({
      latencyMs: performance.now() - startMs,
      identities: identities.map(({ authScheme, user }) => ({ scheme: authScheme, user })),
    });
  }

  #remember(changes: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...changes };
    this.#options.observer.onStatus();
  }

  /** What only decorates the status may fail; a server may not know the question, or the connection is lost. */
  #inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      this.#options.log.debug({ code: error.code, connectionId: this.connectionId }, `${what} failed`);
    });
  }
}

type Memory = Omit<ConnectionMemory, 'connectionId' | 'writeGuard'>;

function initialMemory(): Memory {
  return {
    sinceMs: Date.now(),
    attempts: 0,
    failure: null,
    latencyMs: null,
    server: undefined,
    identities: [],
  };
}

/** What a change of the client's state means for the session; undefined when it is only another attempt. Pure. */
export function transitionOf(change: {
  readonly before: SessionState;
  readonly after: SessionState;
  readonly hadSession: boolean;
}): SessionTransition | undefined {
  const { before, after, hadSession } = change;
  switch (after) {
    case 'connected':
    case 'connectedReadOnly':
      return hadSession ? 'reconnected' : 'connected';
    case 'suspended':
      return before === 'connected' || before === 'connectedReadOnly' ? 'suspended' : undefined;
    case 'expired':
      return 'expired';
    case 'authFailed':
    case 'closed':
      return 'closed';
    case 'idle':
    case 'connecting':
    case 'handshaking':
    case 'closing':
      return undefined;
    default:
      return assertNever(after, 'session state');
  }
}

export function connectStringOf(draft: ProfileDraft): string {
  const chroot = draft.chroot === '' || draft.chroot.startsWith('/') ? draft.chroot : `/${draft.chroot}`;
  return `${draft.servers}${chroot}`;
}

/**
 * Every session of an ensemble, as `cons` and `dump` of its servers tell, and the end of one of them. Works without a session
 * of our own, but for what is written: that passes the write guard of the open connection.
 */
import {
  type EndOutcome,
  type EndPreview,
  type SessionList,
  WATCHED_PATHS_MAX,
  type WatchCounts,
  type WatchedPaths,
} from '../../../shared/api/sessions.ts';
import { sessionIdFromHex } from '../../../shared/ids.ts';
import { withoutChroot } from '../../../shared/path.ts';
import { type HostPort, formatHostPort, parseConnectString } from '../../client/connect-string.ts';
import type { EnsembleServers } from '../cluster/ensemble-servers.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { connectStringOf } from '../connections/open-connection.ts';
import type { DiagnosisService } from '../diagnosis/diagnosis-service.ts';
import { ShellError } from '../shell-error.ts';
import type { LabelStore } from '../../stores/label-store.ts';
import { askWatches } from './ask-watches.ts';
import { previewEnd } from './end-preview.ts';
import { endSession } from './end-session.ts';
import { joinSessions } from './join-sessions.ts';
import { type AskedServer, SessionSource } from './session-source.ts';

/** Asked for when a session is taken over to be ended; it need not last. */
const TAKEOVER_TIMEOUT_MS = 10_000;

export interface SessionsOptions {
  readonly connections: ConnectionsService;
  readonly servers: EnsembleServers;
  readonly questions: ServerQuestions;
  readonly labels: LabelStore;
  /** Is told of what ends here, since no server tells whose doing that was. */
  readonly diagnosis: Pick<DiagnosisService, 'onEndedHere'>;
}

interface One {
  readonly connectionId: string;
  readonly sessionId: string;
}

export class SessionsService {
  readonly #options: SessionsOptions;
  readonly #source: SessionSource;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#source = new SessionSource(options.questions);
  }

  async list(connectionId: string): Promise<SessionList> {
    const asked = await this.#ask(connectionId);
    const labels = this.#options.labels.list(connectionId);
    const sessions = joinSessions(asked, {
      ownSessionIds: this.#options.connections.ownSessionIds(),
      chroot: this.#chrootOf(connectionId),
      labels,
      nowMs: Date.now(),
    });
    return {
      sessions,
      hidden: asked.flatMap(({ hidden }) => [...hidden]),
      servers: asked.map(({ server }) => server),
      told: asked.flatMap(({ server, cons, dump }) => [
        ...(cons === undefined ? [] : [{ server, word: 'cons' as const }]),
        ...(dump === undefined ? [] : [{ server, word: 'dump' as const }]),
      ]),
      labels: Object.fromEntries(labels),
      atMs: Date.now(),
    };
  }

  async countWatches(connectionId: string): Promise<WatchCounts> {
    const { servers } = await this.#options.servers.of(connectionId);
    const { lists, hidden } = await askWatches(this.#options.questions, servers, 'wchc');
    const counts = new Map<string, number>();
    for (const list of lists) {
      for (const [sessionId, paths] of list) {
        counts.set(sessionId, (counts.get(sessionId) ?? 0) + paths.length);
      }
    }
    return {
      counts: [...counts].map(([sessionId, watches]) => ({ sessionId, watches })),
      hidden,
      atMs: Date.now(),
    };
  }

  async watchesOf({ connectionId, sessionId }: One): Promise<WatchedPaths> {
    const { owner, others } = await this.#serversOf({ connectionId, sessionId });
    // A session has its watches where it has its connection.
    const holders = owner === undefined ? others : [owner];
    const { lists, hidden } = await askWatches(this.#options.questions, holders, 'wchc');
    const chroot = this.#chrootOf(connectionId);
    const watched = lists.flatMap((list) => [...(list.get(sessionId) ?? [])]);
    const within = watched.flatMap((path) => withoutChroot({ chroot, path }) ?? []).sort();
    return {
      paths: lists.length === 0 ? null : within.slice(0, WATCHED_PATHS_MAX),
      count: watched.length,
      hidden,
      atMs: Date.now(),
    };
  }

  label({ connectionId, client, text }: { connectionId: string; client: string; text: string }): void {
    // Throws where there is no such profile.
    this.#options.connections.profile(connectionId);
    this.#options.labels.set(connectionId, { client, label: text });
  }

  async previewEnd({ connectionId, sessionId }: One): Promise<EndPreview> {
    const asked = await this.#ask(connectionId);
    return previewEnd(asked, { sessionId, chroot: this.#chrootOf(connectionId) });
  }

  /** Throws ShellError OWN_SESSION, what the write guard throws, and what {@link endSession} rejects with. */
  async end(one: One): Promise<EndOutcome> {
    this.#requireEndable(one);
    const { owner, others } = await this.#serversOf(one);
    // The lock may have come back while the servers were asked.
    this.#requireEndable(one);
    const outcome = await endSession({
      sessionId: sessionIdFromHex(one.sessionId),
      timeoutMs: TAKEOVER_TIMEOUT_MS,
      // Another server would have to ask the leader about it, and may be behind.
      servers: owner === undefined ? others : [owner, ...others],
    });
    if (outcome.outcome === 'ended') {
      const { connectionId, sessionId } = one;
      this.#options.diagnosis.onEndedHere(connectionId, { sessionId, server: outcome.server });
    }
    return outcome;
  }

  #requireEndable({ connectionId, sessionId }: One): void {
    this.#options.connections.get(connectionId).guard.requireOpen();
    if (!this.#options.connections.ownSessionIds().has(sessionId)) return;
    throw new ShellError('OWN_SESSION', `${sessionId} is a session of Zabra itself`, { sessionId });
  }

  /** `owner` has the session's connection; undefined where none tells so. */
  async #serversOf({
    connectionId,
    sessionId,
  }: One): Promise<{ owner: HostPort | undefined; others: HostPort[] }> {
    const { servers } = await this.#options.servers.of(connectionId);
    const asked = await this.#source.ask(servers);
    const telling = asked.find(({ cons }) => cons?.some(({ session }) => session?.sessionId === sessionId));
    const owner = servers.find((host) => formatHostPort(host) === telling?.server);
    return { owner, others: servers.filter((host) => host !== owner) };
  }

  async #ask(connectionId: string): Promise<AskedServer[]> {
    const { servers } = await this.#options.servers.of(connectionId);
    return this.#source.ask(servers);
  }

  #chrootOf(connectionId: string): string {
    return parseConnectString(connectStringOf(this.#options.connections.profile(connectionId).draft)).chroot;
  }
}

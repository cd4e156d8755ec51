/**
 * A diagnosis at work for one open connection: asks its servers, listens to those that tell events, follows the logs of a local
 * ensemble, and reads the rest through the connection's own session. It starts with the connection and ends with it; what it
 * costs the servers is what everybody's poll of them costs anyway (server-polls.ts).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SessionPicture, Watching } from '../../../shared/api/diagnosis.ts';
import type { ElectionRecord } from '../../../shared/api/elections.ts';
import type { Finding } from '../../../shared/api/findings.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { Observation } from '../../diagnosis/observation.ts';
import { EnsembleObserver } from '../../diagnosis/observe.ts';
import type { Log } from '../../log.ts';
import type { ServerPolls } from '../cluster/server-polls.ts';
import type { OpenConnection } from '../connections/open-connection.ts';
import { findAdminServer } from './admin-discovery.ts';
import { ElectionRecorder } from './election-recorder.ts';
import { RemovedEphemerals } from './removed-ephemerals.ts';

/** What a local ensemble offers besides its client ports. */
export interface LocalSources {
  readonly adminUrls: readonly string[];
  readonly dataFolders: readonly string[];
}

export interface EnsembleWatchOptions {
  readonly connectionId: string;
  readonly polls: ServerPolls;
  /** Those of the connect string and of the configuration. */
  readonly servers: () => Promise<readonly HostPort[]>;
  /** Undefined for a cluster that Zabra does not run. */
  readonly local: () => LocalSources | undefined;
  readonly connection: () => OpenConnection | undefined;
  readonly onFinding: (finding: Finding) => void;
  /** The picture of this session may show more than before. */
  readonly onSession: (sessionId: string) => void;
  readonly log: Log;
}

/** Reconfigurations are rare, and what is asked is remembered. */
const SERVERS_MS = 10_000;
const RETRY_MS = 5_000;

export class EnsembleWatch {
  readonly #options: EnsembleWatchOptions;
  readonly #ending = new AbortController();
  readonly #observer: EnsembleObserver;
  readonly #recorder = new ElectionRecorder();
  readonly #ephemerals: RemovedEphemerals;
  readonly #sinceMs = Date.now();
  readonly #servers = new Set<string>();
  readonly #adminUrls = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #readableFolders = new Set<string>();
  readonly #tellingSids = new Set<number>();
  #stopListening: (() => void) | undefined;

  constructor(options: EnsembleWatchOptions) {
    this.#options = options;
    const { signal } = this.#ending;
    this.#observer = new EnsembleObserver({
      onFinding: (finding) => this.#onFinding(finding),
      onObservation: (observation) => this.#onObservation(observation),
      poll: options.polls.poll,
      signal,
    });
    this.#ephemerals = new RemovedEphemerals({
      through: () => this.#reachable(),
      onNews: options.onSession,
      signal,
    });
    this.#inBackground(
      'reading the configuration',
      this.#observer.lookThrough(() => this.#lookedThrough()),
    );
    this.#inBackground('finding servers', this.#followServers());
  }

  get watching(): Watching {
    return {
      sinceMs: this.#sinceMs,
      servers: [...this.#servers],
      tellingSids: [...this.#tellingSids].sort((a, b) => a - b),
      logFolderCount: this.#readableFolders.size,
    };
  }

  get elections(): ElectionRecord {
    return this.#recorder.hasEvents ? this.#recorder.record : this.#observer.diagnosis.elections();
  }

  /** Undefined when nothing is known of it. */
  picture(sessionId: string): SessionPicture | undefined {
    const { diagnosis, nowMs } = this.#observer;
    const picture = diagnosis.sessionPicture(sessionId, nowMs);
    if (picture?.end === undefined || picture.end === null || picture.ephemerals === null) return picture;
    const looked = this.#ephemerals.of(sessionId);
    const ephemerals = picture.ephemerals.map(
      (removed) => looked.find(({ path }) => path === removed.path) ?? removed,
    );
    const paths = ephemerals.map(({ path }) => path);
    return {
      ...picture,
      ephemerals: ephemerals.map((removed) => ({
        ...removed,
        restored: removed.restored && {
          ...removed.restored,
          address: this.#addressOf(removed.restored.sessionId),
        },
      })),
      notified: this.#ephemerals.notified(paths, picture.end.atMs),
      hidden: [...picture.hidden, ...this.#ephemerals.hidden(sessionId)],
    };
  }

  /** What a local ensemble offers may change when it starts. */
  onLocalChange(): void {
    const local = this.#options.local();
    for (const url of local?.adminUrls ?? []) this.#listenTo(url);
    for (const folder of local?.dataFolders ?? []) this.#followFolder(folder);
  }

  /** A session has begun: what its watches are told concerns the diagnosis, too. */
  onConnected(): void {
    this.#stopListening?.();
    const connection = this.#options.connection();
    if (connection === undefined) return;
    const { chroot } = connection;
    const subscription = connection.reader.onWatchEvent(({ type, path }) => {
      const { sessionId } = connection;
      if (type !== 'NodeDeleted' || sessionId === undefined) return;
      this.#ephemerals.onDeletion({ path: `${chroot}${path}`, atMs: Date.now(), sessionId });
    });
    this.#stopListening = () => subscription.dispose();
    this.#inBackground('finding servers', this.#askServers());
  }

  /** A person had Zabra end this session. */
  onEndedHere(ended: { readonly sessionId: string; readonly server: string }): void {
    this.#observer.onEndedHere(ended);
  }

  end(): void {
    this.#ending.abort();
    this.#stopListening?.();
    this.#observer.end();
  }

  // ---- sources

  async #followServers(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await this.#askServers();
      await delay(SERVERS_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #askServers(): Promise<void> {
    const servers = await this.#options.servers();
    if (this.#ending.signal.aborted) return;
    for (const server of servers) {
      const address = formatHostPort(server);
      if (this.#servers.has(address)) continue;
      this.#servers.add(address);
      this.#inBackground('asking a server', this.#observer.ask(server));
      if (this.#options.local() === undefined) {
        this.#inBackground('finding an AdminServer', this.#findAdmin(server));
      }
    }
    this.onLocalChange();
  }

  async #findAdmin(server: HostPort): Promise<void> {
    const url = await findAdminServer(server, this.#ending.signal);
    if (url !== undefined) this.#listenTo(url);
  }

  #listenTo(url: string): void {
    if (this.#adminUrls.has(url) || this.#ending.signal.aborted) return;
    this.#adminUrls.add(url);
    this.#inBackground('listening to an AdminServer', this.#observer.listenTo(url));
  }

  #followFolder(folder: string): void {
    if (this.#folders.has(folder) || this.#ending.signal.aborted) return;
    this.#folders.add(folder);
    this.#inBackground('following a transaction log', this.#followWhenThere(folder));
  }

  /** A server that has just been started may not have made it yet. */
  async #followWhenThere(folder: string): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        this.#readableFolders.add(folder);
        await this.#observer.followFolder(folder);
      } catch (error) {
        this.#readableFolders.delete(folder);
        this.#options.log.debug({ err: error, folder }, 'a transaction log cannot be followed yet');
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  // ---- what it sees

  #onObservation(observation: Observation): void {
    if (observation.kind !== 'told') return;
    this.#tellingSids.add(observation.event.sid);
    this.#recorder.add(observation.event);
  }

  #onFinding(finding: Finding): void {
    this.#options.onFinding(finding);
    if (finding.kind !== 'session-ended') return;
    const { diagnosis, nowMs } = this.#observer;
    const picture = diagnosis.sessionPicture(finding.subject, nowMs);
    if (picture?.end && picture.ephemerals !== null) {
      this.#ephemerals.add(finding.subject, {
        endMs: picture.end.atMs,
        paths: picture.ephemerals.map(({ path }) => path),
      });
    }
    this.#options.onSession(finding.subject);
  }

  #addressOf(sessionId: string): string | null {
    const { diagnosis, nowMs } = this.#observer;
    return diagnosis.sessionPicture(sessionId, nowMs)?.connections.at(-1)?.address ?? null;
  }

  // ---- the connection's session

  #lookedThrough(): ReturnType<Parameters<EnsembleObserver['lookThrough']>[0]> {
    const reachable = this.#reachable();
    return reachable && { client: reachable.client, seesQuotas: reachable.chroot === '' };
  }

  #reachable(): { client: OpenConnection['reader']; chroot: string } | undefined {
    const connection = this.#options.connection();
    if (connection?.isConnected !== true) return undefined;
    return { client: connection.reader, chroot: connection.chroot };
  }

  /** What fails here takes nothing else along. */
  #inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (this.#ending.signal.aborted) return;
      const { log, connectionId } = this.#options;
      log.error({ err: error, connectionId }, `${what} failed`);
    });
  }
}

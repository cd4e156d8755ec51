/**
 * Runs a diagnosis: starts its sources, hands it what they see, and its findings to whoever asked. Time is a clock that
 * begins at the wall clock and never goes back, so that Zabra's own clock being set does not look like an incident.
 */
import { setTimeout as delay } from 'node:timers/promises';

import type { Finding } from '../../shared/api/findings.ts';
import { type HostPort, formatHostPort } from '../client/connect-string.ts';
import { Diagnosis } from './diagnosis.ts';
import type { Observation } from './observation.ts';
import { listenToAdmin } from './sources/admin-source.ts';
import { followDataFolder } from './sources/data-folder-source.ts';
import { LocalFolders } from './sources/local-folders.ts';
import { followLog } from './sources/log-source.ts';
import { type LookedThrough, lookThrough, lookWithOwnSession } from './sources/own-session.ts';
import { watchOwnStalls } from './sources/own-stalls.ts';
import { type PollOptions, pollServer } from './sources/poll-source.ts';

export interface ObserveOptions {
  readonly servers: readonly HostPort[];
  /** Of AdminServers, without a slash at the end. */
  readonly adminUrls: readonly string[];
  readonly dataFolders: readonly string[];
  readonly logFiles: readonly string[];
  readonly onFinding: (finding: Finding) => void;
  /** Every server has been asked for the first time. */
  readonly onWatching?: () => void;
  readonly signal: AbortSignal;
}

/** Resolves when the signal has aborted and nothing runs any more. Rejects when a file or folder cannot be read. */
export async function observeEnsemble(options: ObserveOptions): Promise<void> {
  const { servers, onFinding } = options;
  const unseen = new Set(servers.map(formatHostPort));
  const observer = new EnsembleObserver({
    onFinding,
    onObservation(observation) {
      if (observation.kind !== 'polled' || !unseen.delete(observation.server)) return;
      if (unseen.size === 0) options.onWatching?.();
    },
    signal: options.signal,
  });
  try {
    await Promise.all([
      ...servers.map((server) => observer.ask(server)),
      ...options.adminUrls.map((url) => observer.listenTo(url)),
      ...options.dataFolders.map((folder) => followWhenThere(observer, folder, options.signal)),
      ...options.logFiles.map((file) => observer.followLog(file)),
      ...(servers.length === 0 ? [] : [observer.lookWithOwnSession()]),
    ]);
  } finally {
    observer.end();
  }
}

/** A server makes its folder when it has something to keep. Rejects when it cannot be read. */
async function followWhenThere(
  observer: EnsembleObserver,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await observer.followFolder(folder);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await delay(MISSING_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

export interface ObserverOptions {
  readonly onFinding: (finding: Finding) => void;
  /** Everything that the diagnosis sees. */
  readonly onObservation?: (observation: Observation) => void;
  readonly signal: AbortSignal;
  /** In place of a poll of its own: the shell has one a server for everybody (server-polls.ts). */
  readonly poll?: (options: PollOptions) => Promise<void>;
}

const CONCLUDE_MS = 250;
/** Between two looks for a folder that is not there. */
const MISSING_MS = 1000;

/** A running diagnosis, whose sources may be added one by one. */
export class EnsembleObserver {
  readonly #options: ObserverOptions;
  readonly #ending = new AbortController();
  readonly #common: Pick<PollOptions, 'now' | 'observe' | 'signal'>;
  readonly #servers = new Map<string, HostPort>();
  readonly #local: LocalFolders;
  readonly diagnosis: Diagnosis;

  constructor(options: ObserverOptions) {
    this.#options = options;
    const now = (): number => performance.timeOrigin + performance.now();
    const diagnosis = new Diagnosis({ nowMs: now(), servers: [] });
    this.diagnosis = diagnosis;
    const signal = AbortSignal.any([options.signal, this.#ending.signal]);
    const observe = (observation: Observation): void => {
      diagnosis.observe(observation);
      this.#local.onObservation(observation);
      options.onObservation?.(observation);
    };
    this.#common = { now, observe, signal };
    this.#local = new LocalFolders(this.#common);
    const timer = setInterval(() => {
      for (const finding of diagnosis.conclude(now())) options.onFinding(finding);
    }, CONCLUDE_MS);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(timer);
      },
      { once: true },
    );
    watchOwnStalls(this.#common);
  }

  /** On the diagnosis's clock. */
  get nowMs(): number {
    return this.#common.now();
  }

  /** The client port of a server; nothing happens when it is asked already. This and all others resolve when it has ended. */
  async ask(server: HostPort): Promise<void> {
    const address = formatHostPort(server);
    if (this.#servers.has(address)) return;
    this.#servers.set(address, server);
    this.diagnosis.addServer(address);
    const { poll = pollServer } = this.#options;
    await poll({ ...this.#common, server });
  }

  async listenTo(url: string): Promise<void> {
    await listenToAdmin({
      ...this.#common,
      url,
      onIdentified: ({ sid, clientPort }) => {
        const server = this.#serverOf(url, clientPort);
        if (server === undefined) return;
        const { now, observe } = this.#common;
        observe({ kind: 'identified', atMs: now(), server: formatHostPort(server), sid });
      },
    });
  }

  /** Rejects when it cannot be read. */
  async followFolder(folder: string): Promise<void> {
    this.#local.know(folder);
    await followDataFolder({ ...this.#common, folder });
  }

  /** Rejects when it cannot be read. */
  async followLog(file: string): Promise<void> {
    await followLog({ ...this.#common, file });
  }

  /** Reads what only a session can, with one of its own at the servers that are asked. */
  async lookWithOwnSession(): Promise<void> {
    const connectString = [...this.#servers.keys()].join(',');
    await lookWithOwnSession({ ...this.#common, connectString });
  }

  /** The same, through whatever session somebody else has at the time. */
  async lookThrough(through: () => LookedThrough | undefined): Promise<void> {
    await lookThrough({ ...this.#common, through });
  }

  /** Zabra ended this session itself, in its client's name. */
  onEndedHere(ended: { readonly sessionId: string; readonly server: string }): void {
    const { now, observe } = this.#common;
    observe({ kind: 'ended-here', atMs: now(), ...ended });
  }

  end(): void {
    this.#ending.abort();
  }

  /** Whose AdminServer this is: where several have the same client port, the one on its host. */
  #serverOf(url: string, clientPort: number | undefined): HostPort | undefined {
    const candidates = [...this.#servers.values()].filter(({ port }) => port === clientPort);
    const { hostname } = new URL(url);
    return candidates.length === 1 ? candidates[0] : candidates.find(({ host }) => host === hostname);
  }
}

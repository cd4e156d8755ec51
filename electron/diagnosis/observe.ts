/**
 * Runs a diagnosis: starts its sources, hands it what they see, and its findings to whoever asked. Time is a clock that
 * begins at the wall clock and never goes back, so that Zabra's own clock being set does not look like an incident.
 */
import type { Finding } from '../../shared/api/findings.ts';
import { type HostPort, formatHostPort } from '../client/connect-string.ts';
import { Diagnosis } from './diagnosis.ts';
import type { Observation } from './observation.ts';
import { listenToAdmin } from './sources/admin-source.ts';
import { followDataFolder } from './sources/data-folder-source.ts';
import { LocalFolders } from './sources/local-folders.ts';
import { followLog } from './sources/log-source.ts';
import { lookWithOwnSession } from './sources/own-session.ts';
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
  /** In place of a poll of its own: the shell has one a server for everybody (server-polls.ts). */
  readonly poll?: (options: PollOptions) => Promise<void>;
}

const CONCLUDE_MS = 250;

/** Resolves when the signal has aborted and nothing runs any more. Rejects when a file or folder cannot be read. */
export async function observeEnsemble(options: ObserveOptions): Promise<void> {
  const { servers, onFinding, poll = pollServer } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const now = (): number => performance.timeOrigin + performance.now();
  const addresses = servers.map(formatHostPort);
  const diagnosis = new Diagnosis({ nowMs: now(), servers: addresses });
  const unseen = new Set(addresses);
  const observe = (observation: Observation): void => {
    diagnosis.observe(observation);
    local.onObservation(observation);
    if (observation.kind === 'polled' && unseen.delete(observation.server) && unseen.size === 0) {
      options.onWatching?.();
    }
  };
  const timer = setInterval(() => {
    for (const finding of diagnosis.conclude(now())) onFinding(finding);
  }, CONCLUDE_MS);
  const common = { now, observe, signal };
  const local = new LocalFolders({ ...common, servers, folders: options.dataFolders });
  watchOwnStalls(common);
  const onIdentified = ({ sid, clientPort }: { sid: number; clientPort: number | undefined }): void => {
    const server = servers.find(({ port }) => port === clientPort);
    if (server !== undefined) {
      observe({ kind: 'identified', atMs: now(), server: formatHostPort(server), sid });
    }
  };
  try {
    await Promise.all([
      ...servers.map((server) => poll({ ...common, server })),
      ...options.adminUrls.map((url) => listenToAdmin({ ...common, url, onIdentified })),
      ...options.dataFolders.map((folder) => followDataFolder({ ...common, folder })),
      ...options.logFiles.map((file) => followLog({ ...common, file })),
      ...(servers.length === 0
        ? []
        : [lookWithOwnSession({ ...common, connectString: addresses.join(',') })]),
    ]);
    await local.ended();
  } finally {
    ending.abort();
    clearInterval(timer);
  }
}

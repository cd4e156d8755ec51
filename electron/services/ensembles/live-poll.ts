/**
 * Asks the servers of an ensemble how they fare, about once a second and two questions each (server-questions.ts bounds
 * it), while somebody looks. A server that is paused or stopped is not asked.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EnsembleLiveDto, LiveServerDto } from '../../../shared/api/ensembles.ts';
import type { Ensemble, EnsembleServer } from '../../../embedded-server/launcher/running-ensemble.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';
import type { EventFeed } from './event-feed.ts';
import { NO_ANSWERS, type ServerAnswers, liveServer, withoutAnswers } from './live-state.ts';
import { residentBytes } from './process-memory.ts';
import { withFacts } from './server-facts.ts';

/** Longer than answers are held, so that each question is a new one. */
const POLL_MS = 1_100;
const STREAM_INTERVAL_MS = 200;
/** Where a server keeps its epochs (PROTOCOL.md 5.11). */
const EPOCH_FOLDER = 'version-2';

export class LivePoll {
  readonly #questions: ServerQuestions;
  readonly #last = new Map<number, ServerAnswers>();
  readonly #feed: EventFeed;
  readonly #observable = new Observable(() => this.#dto);
  #asked: readonly LiveServerDto[] = [];
  #askedAtMs = Date.now();
  #ensemble: Ensemble | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #rounds = 0;
  #isAsking = false;

  constructor(questions: ServerQuestions, feed: EventFeed) {
    this.#questions = questions;
    this.#feed = feed;
  }

  /** A server has told where it stands now, or its process is another. */
  onNews(): void {
    this.#observable.changed();
  }

  get #dto(): EnsembleLiveDto {
    const processes = new Map(this.#ensemble?.processes.map(({ sid, state }) => [sid, state]));
    const servers = this.#asked.map((asked) =>
      processes.get(asked.sid) === 'running'
        ? withFacts(asked, this.#feed.factsOf(asked.sid))
        : withoutAnswers(asked),
    );
    return { atMs: this.#askedAtMs, servers };
  }

  /** The ensemble to ask from now on; undefined while it is stopped. */
  target(ensemble: Ensemble | undefined): void {
    this.#ensemble = ensemble;
    this.#last.clear();
    this.#become([]);
  }

  /** Ends all streams. */
  close(): void {
    this.#isClosed = true;
    this.#observable.changed();
  }

  stream(): PacedStream<EnsembleLiveDto> {
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => void this.#ask(), POLL_MS).unref();
      void this.#ask();
    }
    const stopFollowing = this.#feed.follow();
    return this.#observable.stream({
      intervalMs: STREAM_INTERVAL_MS,
      isLast: () => this.#isClosed,
      onEnd: () => {
        stopFollowing();
        if (this.#observable.listenerCount > 0) return;
        clearInterval(this.#timer);
        this.#timer = undefined;
      },
    });
  }

  async #ask(): Promise<void> {
    const ensemble = this.#ensemble;
    // The same again: a stream hears only with its next value that nobody reads it any more.
    if (ensemble === undefined) this.#observable.changed();
    if (ensemble === undefined || this.#isAsking) return;
    this.#isAsking = true;
    this.#rounds += 1;
    try {
      const processes = new Map(ensemble.processes.map((process) => [process.sid, process]));
      const pids = [...processes.values()].flatMap(({ pid }) => (pid === null ? [] : [pid]));
      const memory = await residentBytes(pids);
      const servers = await Promise.all(
        ensemble.servers.map((server) => {
          const process = processes.get(server.sid);
          const rssBytes = memory.get(process?.pid ?? -1);
          return this.#askServer(server, { isRunning: process?.state === 'running', rssBytes });
        }),
      );
      if (ensemble === this.#ensemble) this.#become(servers);
    } finally {
      this.#isAsking = false;
    }
  }

  async #askServer(
    server: EnsembleServer,
    { isRunning, rssBytes }: { isRunning: boolean; rssBytes: number | undefined },
  ): Promise<LiveServerDto> {
    const answers = isRunning ? await this.#answersOf(server) : NO_ANSWERS;
    this.#last.set(server.sid, answers);
    const [acceptedEpoch, currentEpoch] = await Promise.all([
      readEpoch(server, 'acceptedEpoch'),
      readEpoch(server, 'currentEpoch'),
    ]);
    return liveServer(server.sid, answers, { rssBytes, acceptedEpoch, currentEpoch });
  }

  /** `srvr` each time; `mntr` and `hash` take turns, and the other's last answer holds. */
  async #answersOf({ sid, host, clientPort }: EnsembleServer): Promise<ServerAnswers> {
    const place = { host, port: clientPort };
    const before = this.#last.get(sid) ?? NO_ANSWERS;
    const isTurnOfHash = this.#rounds % 2 === 0;
    const [srvr, mntr, hash] = await Promise.all([
      this.#questions.srvr(place),
      isTurnOfHash && before.mntr !== undefined ? before.mntr : this.#questions.mntr(place),
      isTurnOfHash ? this.#questions.hash(place) : before.hash,
    ]);
    return { srvr, mntr, hash };
  }

  #become(servers: readonly LiveServerDto[]): void {
    this.#asked = servers;
    this.#askedAtMs = Date.now();
    this.#observable.changed();
  }
}

async function readEpoch(
  { dataFolder }: EnsembleServer,
  name: 'acceptedEpoch' | 'currentEpoch',
): Promise<number | undefined> {
  try {
    const text = (await readFile(path.join(dataFolder, EPOCH_FOLDER, name), 'latin1')).trim();
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  } catch {
    // A server alone has none.
    return undefined;
  }
}

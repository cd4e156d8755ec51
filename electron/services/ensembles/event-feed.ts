/**
 * Reads `GET /events` of every builtin server of an ensemble while somebody looks, from the oldest that the server keeps,
 * and says where each stands. A server that was started anew begins to count anew, so it is read from its beginning.
 */
import http from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { ServerEventDto } from '../../../shared/api/server-events.ts';
import type { Ensemble } from '../../../embedded-server/launcher/running-ensemble.ts';
import { PacedStream } from '../paced-stream.ts';
import { NO_FACTS, type ServerFacts, withEvent } from './server-facts.ts';

const RETRY_MS = 500;
const LINE_CHARACTERS_MAX = 256 * 1024;
const INTERVAL_MS = 100;
/** More in a moment nobody can follow; older ones go. */
const BATCH_MAX = 300;
/** What is older than that when it is read is history, not news. */
const NEWS_MS_MAX = 3_000;

interface Reader {
  readonly pid: number;
  readonly request: http.ClientRequest;
}

export class EventFeed {
  readonly #onFacts: () => void;
  readonly #readers = new Map<number, Reader>();
  readonly #facts = new Map<number, ServerFacts>();
  readonly #streams = new Map<PacedStream<ServerEventDto[]>, (event: ServerEventDto) => void>();
  #ensemble: Ensemble | undefined;
  #followerCount = 0;

  constructor(onFacts: () => void) {
    this.#onFacts = onFacts;
  }

  /** Where a server stands, as far as it has told. */
  factsOf(sid: number): ServerFacts {
    return this.#facts.get(sid) ?? NO_FACTS;
  }

  /** The ensemble to read from now on; undefined while it is stopped. */
  target(ensemble: Ensemble | undefined): void {
    this.#ensemble = ensemble;
    this.refresh();
  }

  /** Reads as long as nobody calls what it returns. */
  follow(): () => void {
    this.#followerCount += 1;
    this.refresh();
    let isFollowing = true;
    return () => {
      if (!isFollowing) return;
      isFollowing = false;
      this.#followerCount -= 1;
      this.refresh();
    };
  }

  /** News from now on. */
  stream(): PacedStream<ServerEventDto[]> {
    let waiting: ServerEventDto[] = [];
    const stopFollowing = this.follow();
    const stream = new PacedStream<ServerEventDto[]>({
      intervalMs: INTERVAL_MS,
      take: () => {
        if (waiting.length === 0) return undefined;
        const batch = waiting;
        waiting = [];
        return batch;
      },
      onEnd: () => {
        this.#streams.delete(stream);
        stopFollowing();
      },
    });
    this.#streams.set(stream, (event) => {
      waiting.push(event);
      if (waiting.length > BATCH_MAX) waiting.shift();
      stream.wake();
    });
    return stream;
  }

  /** Ends all streams. */
  close(): void {
    for (const stream of [...this.#streams.keys()]) stream.finish();
  }

  /** Opens and ends connections by what runs and who looks. */
  refresh(): void {
    const ensemble = this.#followerCount > 0 ? this.#ensemble : undefined;
    const processes = new Map(ensemble?.processes.map((process) => [process.sid, process]));
    for (const [sid, { pid, request }] of this.#readers) {
      if (processes.get(sid)?.pid === pid) continue;
      this.#readers.delete(sid);
      request.destroy();
    }
    for (const [sid] of this.#facts) if ((processes.get(sid)?.pid ?? null) === null) this.#facts.delete(sid);
    for (const { sid, adminUrl } of ensemble?.servers ?? []) {
      const process = processes.get(sid);
      if (adminUrl === null || this.#readers.has(sid)) continue;
      if (process?.state === 'running' && process.pid !== null) this.#open(sid, process.pid, adminUrl);
    }
  }

  #open(sid: number, pid: number, adminUrl: string): void {
    this.#facts.delete(sid);
    const request = http.get(`${adminUrl}/events`, (response) => {
      const lines = new Lines((line) => {
        this.#onLine(sid, line);
      });
      response.on('data', (bytes: Buffer) => {
        if (!lines.push(bytes)) response.destroy();
      });
      response.on('error', () => undefined);
      response.on('close', () => this.#onEnd(sid, request));
    });
    request.on('error', () => this.#onEnd(sid, request));
    this.#readers.set(sid, { pid, request });
  }

  #onEnd(sid: number, request: http.ClientRequest): void {
    if (this.#readers.get(sid)?.request !== request) return;
    this.#readers.delete(sid);
    setTimeout(() => {
      this.refresh();
    }, RETRY_MS).unref();
  }

  #onLine(sid: number, line: string): void {
    const event = parseEvent(line);
    if (event === undefined) return;
    this.#facts.set(sid, withEvent(this.factsOf(sid), event));
    if (event.kind === 'state' || event.kind === 'vote-sent' || event.kind === 'sync') this.#onFacts();
    if (Date.now() - event.atMs > NEWS_MS_MAX) return;
    for (const tell of this.#streams.values()) tell(event);
  }
}

/** Undefined for the empty line that says that the stream lives, and for what this version does not know. */
function parseEvent(line: string): ServerEventDto | undefined {
  if (line === '') return undefined;
  try {
    return ServerEventDto.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** Takes bytes apart into lines. */
class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** False when a line is longer than any event can be. */
  push(bytes: Buffer): boolean {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    return this.#rest.length <= LINE_CHARACTERS_MAX;
  }
}

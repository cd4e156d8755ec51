/**
 * Four-letter words to servers, sparingly: an answer holds for a while, the same question is never under way twice, and one
 * server gets at most a few at once and two a second on average, however many views ask. What the poll of a server hears
 * (server-polls.ts) answers here as well: whoever can live with an answer of its age asks the server nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionError } from '../../../shared/errors.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { sendFourLetterWord } from '../../client/four-letter-word.ts';
import type { PortAnswer } from '../../diagnosis/sources/client-port.ts';
import { type Answer, refusalOf } from './answer.ts';
import { parseConf } from './four-letter-words/conf.ts';
import { parseCons } from './four-letter-words/cons.ts';
import { parseDump } from './four-letter-words/dump.ts';
import { parseHash } from './four-letter-words/hash.ts';
import { parseMntr } from './four-letter-words/mntr.ts';
import { parseSrvr } from './four-letter-words/srvr.ts';
import { parseWchc, parseWchp } from './four-letter-words/watch-lists.ts';
import { parseWchs } from './four-letter-words/wchs.ts';

const PARSERS = {
  srvr: parseSrvr,
  mntr: parseMntr,
  cons: parseCons,
  dump: parseDump,
  wchs: parseWchs,
  hash: parseHash,
  conf: parseConf,
  wchc: parseWchc,
  wchp: parseWchp,
} as const;

export type AskedWord = keyof typeof PARSERS;
export type WordAnswer<W extends AskedWord> = Answer<NonNullable<ReturnType<(typeof PARSERS)[W]>>>;

export interface AskOptions {
  /** An answer as old as that will do. */
  readonly maxAgeMs?: number;
}

const TIMEOUT_MS = 2_000;
/** Every watch of a server is listed while it does nothing else, and may be long. */
const WATCH_LIST_TIMEOUT_MS = 10_000;
const TEXT_BYTES_MAX = 16 * 1024 * 1024;
const AGE_MS_MAX = 1_000;
/** What a server was configured with does not change while it runs. */
const CONF_AGE_MS_MAX = 90_000;
/** A whitelist changes with a restart only, which a poll notices. */
const FORBIDDEN_AGE_MS_MAX = 30_000;
/** What Cluster and Sessions ask of a server together when both open. */
const BURST_MAX = 6;
const INTERVAL_MS = 500;

interface Asked {
  readonly answer: Promise<Answer<unknown>>;
  /** When it was settled, by `performance.now`, and how; undefined while it is under way. */
  readonly settled: { readonly atMs: number; readonly status: Answer<unknown>['status'] } | undefined;
}

interface ServerMemory {
  readonly asked: Map<AskedWord, Asked>;
  readonly allowed: Set<AskedWord>;
  /** The time up to which questions are booked; each one books {@link INTERVAL_MS}. */
  bookedUntilMs: number;
}

export class ServerQuestions {
  readonly #servers = new Map<string, ServerMemory>();

  srvr(server: HostPort, options?: AskOptions): Promise<WordAnswer<'srvr'>> {
    return this.#ask(server, 'srvr', options);
  }

  mntr(server: HostPort, options?: AskOptions): Promise<WordAnswer<'mntr'>> {
    return this.#ask(server, 'mntr', options);
  }

  cons(server: HostPort, options?: AskOptions): Promise<WordAnswer<'cons'>> {
    return this.#ask(server, 'cons', options);
  }

  dump(server: HostPort, options?: AskOptions): Promise<WordAnswer<'dump'>> {
    return this.#ask(server, 'dump', options);
  }

  wchs(server: HostPort, options?: AskOptions): Promise<WordAnswer<'wchs'>> {
    return this.#ask(server, 'wchs', options);
  }

  hash(server: HostPort, options?: AskOptions): Promise<WordAnswer<'hash'>> {
    return this.#ask(server, 'hash', options);
  }

  conf(server: HostPort, options?: AskOptions): Promise<WordAnswer<'conf'>> {
    return this.#ask(server, 'conf', { maxAgeMs: CONF_AGE_MS_MAX, ...options });
  }

  /** Costs the server and Zabra the more the more watches there are: only when a person wants it. */
  wchc(server: HostPort, options?: AskOptions): Promise<WordAnswer<'wchc'>> {
    return this.#ask(server, 'wchc', options);
  }

  /** As {@link wchc}. */
  wchp(server: HostPort, options?: AskOptions): Promise<WordAnswer<'wchp'>> {
    return this.#ask(server, 'wchp', options);
  }

  /** The words that a server is known to answer, in alphabetical order. */
  allowedWords(server: HostPort): AskedWord[] {
    return [...this.#memoryOf(server).allowed].sort();
  }

  /** What somebody else asked `server`, and how its port took it. */
  onHeard(
    server: HostPort,
    { word, answer, tookMs, atMs }: { word: AskedWord; answer: PortAnswer; tookMs: number; atMs: number },
  ): void {
    const memory = this.#memoryOf(server);
    const refusal = refusalOf(answer, server);
    if (refusal?.status === 'failed' || refusal?.status === 'notServing') {
      // Of the port, whatever it is asked.
      for (const each of Object.keys(PARSERS) as AskedWord[]) this.#settle(memory, each, refusal);
      return;
    }
    const parsed = refusal ?? read(word, answer.text ?? '', { tookMs, atMs });
    this.#settle(memory, word, parsed);
  }

  #memoryOf(server: HostPort): ServerMemory {
    const key = formatHostPort(server);
    let memory = this.#servers.get(key);
    if (memory === undefined) {
      memory = { asked: new Map(), allowed: new Set(['srvr']), bookedUntilMs: 0 };
      this.#servers.set(key, memory);
    }
    return memory;
  }

  async #ask<W extends AskedWord>(
    server: HostPort,
    word: W,
    { maxAgeMs = AGE_MS_MAX }: AskOptions = {},
  ): Promise<WordAnswer<W>> {
    const memory = this.#memoryOf(server);
    const known = memory.asked.get(word);
    // One word has one parser, so what is stored under it is its answer.
    if (known !== undefined && isFresh(known, maxAgeMs)) return known.answer as Promise<WordAnswer<W>>;
    const answer = this.#send(server, word, memory);
    memory.asked.set(word, { answer, settled: undefined });
    const settled = await answer;
    // Meanwhile the poll of the server may have heard a newer one.
    if (memory.asked.get(word)?.answer === answer) this.#settle(memory, word, settled);
    return settled as WordAnswer<W>;
  }

  #settle(memory: ServerMemory, word: AskedWord, answer: Answer<unknown>): void {
    const settled = { atMs: performance.now(), status: answer.status };
    memory.asked.set(word, { answer: Promise.resolve(answer), settled });
    if (answer.status === 'ok') memory.allowed.add(word);
    if (answer.status === 'notWhitelisted') memory.allowed.delete(word);
  }

  async #send(server: HostPort, word: AskedWord, memory: ServerMemory): Promise<Answer<unknown>> {
    await waitForTurn(memory);
    const startMs = performance.now();
    try {
      const answer = await sendFourLetterWord(server, word, {
        timeoutMs: word === 'wchc' || word === 'wchp' ? WATCH_LIST_TIMEOUT_MS : TIMEOUT_MS,
        textBytesMax: TEXT_BYTES_MAX,
      });
      if (answer.status !== 'ok') return answer;
      return read(word, answer.text, { tookMs: performance.now() - startMs, atMs: Date.now() });
    } catch (error) {
      if (error instanceof ConnectionError) return { status: 'failed', error };
      throw error;
    }
  }
}

function isFresh({ settled }: Asked, maxAgeMs: number): boolean {
  if (settled === undefined) return true;
  const holdsMs = settled.status === 'notWhitelisted' ? Math.max(maxAgeMs, FORBIDDEN_AGE_MS_MAX) : maxAgeMs;
  return performance.now() < settled.atMs + holdsMs;
}

function read(word: AskedWord, text: string, times: { tookMs: number; atMs: number }): Answer<unknown> {
  const value = PARSERS[word](text);
  return value === undefined ? { status: 'notUnderstood' } : { status: 'ok', value, ...times };
}

/** A bucket of tokens: the first few go at once, the others wait for theirs. */
async function waitForTurn(memory: ServerMemory): Promise<void> {
  const nowMs = performance.now();
  const earliestMs = nowMs - (BURST_MAX - 1) * INTERVAL_MS;
  const turnMs = Math.max(memory.bookedUntilMs, earliestMs);
  memory.bookedUntilMs = turnMs + INTERVAL_MS;
  if (turnMs > nowMs) await delay(turnMs - nowMs, undefined, { ref: false });
}

/**
 * Four-letter words to servers, sparingly: an answer holds for a second, the same question is never under way twice, and one
 * server gets at most a few at once and two a second on average, however many views ask.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AppError } from '../../../shared/errors.ts';
import { ConnectionError } from '../../../shared/errors.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { type FourLetterWord, sendFourLetterWord } from '../../client/four-letter-word.ts';
import { parseConf, type Conf } from './four-letter-words/conf.ts';
import { parseCons, type ConsConnection } from './four-letter-words/cons.ts';
import { parseDump, type Dump } from './four-letter-words/dump.ts';
import { type TreeDigest, parseHash } from './four-letter-words/hash.ts';
import { parseMntr, type Mntr } from './four-letter-words/mntr.ts';
import { parseSrvr, type Srvr } from './four-letter-words/srvr.ts';
import { parseWchs, type Wchs } from './four-letter-words/wchs.ts';

/** `tookMs` is the round trip of the question itself. */
export type Answer<T> =
  | { readonly status: 'ok'; readonly value: T; readonly tookMs: number }
  | { readonly status: 'notWhitelisted' }
  | { readonly status: 'notServing' }
  | { readonly status: 'notUnderstood' }
  | { readonly status: 'failed'; readonly error: AppError };

const TIMEOUT_MS = 2_000;
const HOLDS_MS = 1_000;
/** What a server was configured with does not change while it runs. */
const CONF_HOLDS_MS = 60_000;
/** What Cluster and Sessions ask of a server together when both open. */
const BURST_MAX = 6;
const INTERVAL_MS = 500;

interface Asked {
  readonly answer: Promise<Answer<unknown>>;
  readonly holdsUntilMs: number;
}

interface ServerMemory {
  readonly asked: Map<FourLetterWord, Asked>;
  readonly allowed: Set<FourLetterWord>;
  /** The time up to which questions are booked; each one books {@link INTERVAL_MS}. */
  bookedUntilMs: number;
}

export class ServerQuestions {
  readonly #servers = new Map<string, ServerMemory>();

  srvr(server: HostPort): Promise<Answer<Srvr>> {
    return this.#ask(server, 'srvr', parseSrvr);
  }

  mntr(server: HostPort): Promise<Answer<Mntr>> {
    return this.#ask(server, 'mntr', parseMntr);
  }

  cons(server: HostPort): Promise<Answer<readonly ConsConnection[]>> {
    return this.#ask(server, 'cons', parseCons);
  }

  dump(server: HostPort): Promise<Answer<Dump>> {
    return this.#ask(server, 'dump', parseDump);
  }

  wchs(server: HostPort): Promise<Answer<Wchs>> {
    return this.#ask(server, 'wchs', parseWchs);
  }

  hash(server: HostPort): Promise<Answer<TreeDigest>> {
    return this.#ask(server, 'hash', parseHash);
  }

  conf(server: HostPort): Promise<Answer<Conf>> {
    return this.#ask(server, 'conf', parseConf, CONF_HOLDS_MS);
  }

  /** The words that a server is known to answer, in alphabetical order. */
  allowedWords(server: HostPort): FourLetterWord[] {
    return [...this.#memoryOf(server).allowed].sort();
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

  async #ask<T>(
    server: HostPort,
    word: FourLetterWord,
    parse: (text: string) => T | undefined,
    holdsMs = HOLDS_MS,
  ): Promise<Answer<T>> {
    const memory = this.#memoryOf(server);
    const known = memory.asked.get(word);
    if (known !== undefined && performance.now() < known.holdsUntilMs) {
      // One word has one parser, so what is stored under it is its T.
      return known.answer as Promise<Answer<T>>;
    }
    const answer = this.#send(server, word, parse, memory);
    memory.asked.set(word, { answer, holdsUntilMs: Infinity });
    const settled = await answer;
    const holdsUntilMs = performance.now() + (settled.status === 'ok' ? holdsMs : HOLDS_MS);
    memory.asked.set(word, { answer, holdsUntilMs });
    if (settled.status === 'ok') memory.allowed.add(word);
    if (settled.status === 'notWhitelisted') memory.allowed.delete(word);
    return settled;
  }

  async #send<T>(
    server: HostPort,
    word: FourLetterWord,
    parse: (text: string) => T | undefined,
    memory: ServerMemory,
  ): Promise<Answer<T>> {
    await waitForTurn(memory);
    const startMs = performance.now();
    try {
      const answer = await sendFourLetterWord(server, word, { timeoutMs: TIMEOUT_MS });
      if (answer.status !== 'ok') return answer;
      const value = parse(answer.text);
      if (value === undefined) return { status: 'notUnderstood' };
      return { status: 'ok', value, tookMs: performance.now() - startMs };
    } catch (error) {
      if (error instanceof ConnectionError) return { status: 'failed', error };
      throw error;
    }
  }
}

/** A bucket of tokens: the first few go at once, the others wait for theirs. */
async function waitForTurn(memory: ServerMemory): Promise<void> {
  const nowMs = performance.now();
  const earliestMs = nowMs - (BURST_MAX - 1) * INTERVAL_MS;
  const turnMs = Math.max(memory.bookedUntilMs, earliestMs);
  memory.bookedUntilMs = turnMs + INTERVAL_MS;
  if (turnMs > nowMs) await delay(turnMs - nowMs, undefined, { ref: false });
}

/**
 * Asks one server by four-letter words, fewer than two a second and one at a time: `mntr` and `cons` in turns, since they answer
 * most; `srvr`, `dump` and `conf` less often, or at once where something has changed.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { assertNever } from '../../../shared/assert.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { FourLetterWord } from '../../client/four-letter-word.ts';
import { parseConf } from '../../services/cluster/four-letter-words/conf.ts';
import { parseCons } from '../../services/cluster/four-letter-words/cons.ts';
import { parseDump } from '../../services/cluster/four-letter-words/dump.ts';
import { parseMntr } from '../../services/cluster/four-letter-words/mntr.ts';
import { parseSrvr } from '../../services/cluster/four-letter-words/srvr.ts';
import type { Observation, PollAnswer } from '../observation.ts';
import { type PortAnswer, askPort } from './client-port.ts';

export type PolledWord = PollAnswer['word'];

export interface PollOptions {
  readonly server: HostPort;
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
  /** Never rejects. The port itself, unless somebody wants to listen in. */
  readonly ask?: (word: PolledWord) => Promise<PortAnswer>;
}

/** Between two questions: with these, one server gets fewer than two a second. */
const TURN_MS = 800;
/** A paused server's kernel keeps what it was asked: it must not fill up. */
const SILENT_TURN_MS = 2000;

/** Asks until the signal aborts. */
export async function pollServer(options: PollOptions): Promise<void> {
  const { server, now, observe, signal } = options;
  const ask = options.ask ?? ((word: PolledWord) => askPort(server, word));
  const schedule = new Schedule();
  const address = formatHostPort(server);
  while (!signal.aborted) {
    const word = schedule.next();
    const sentMs = now();
    const answer = await ask(word);
    const atMs = now();
    if (answer.isForbidden) schedule.forbid(word);
    if (answer.standing === 'refused') schedule.onProcessGone();
    const parsed = answer.text === undefined ? undefined : parse(word, answer.text);
    schedule.onAnswer(parsed);
    observe({ kind: 'polled', atMs, server: address, sentMs, standing: answer.standing, answer: parsed });
    const turnMs = answer.standing === 'silent' ? SILENT_TURN_MS : TURN_MS;
    await delay(Math.max(0, sentMs + turnMs - now()), undefined, { signal }).catch(() => undefined);
  }
}

/** Turns between two questions of a word, where there is time for all of them; what is asked next is most overdue. */
const PERIODS: Readonly<Record<PolledWord, number>> = { mntr: 2.2, conf: 100, srvr: 8, cons: 1.6, dump: 12 };
const WORDS = ['mntr', 'conf', 'srvr', 'cons', 'dump'] as const satisfies readonly PolledWord[];
/** A list that is longer by so many is asked for more rarely by its period. */
const LIST_MEMBERS = 500;
const PERIOD_FACTOR_MAX = 20;

/** Which word is next. */
class Schedule {
  readonly #forbidden = new Set<FourLetterWord>();
  readonly #periods: Record<PolledWord, number> = { ...PERIODS };
  readonly #askedAt = new Map<PolledWord, number>();
  #turn = 0;
  #role: string | undefined;
  #present: string | undefined;

  next(): PolledWord {
    this.#turn++;
    let word: PolledWord = 'srvr';
    let most = -1;
    for (const candidate of WORDS) {
      if (this.#forbidden.has(candidate)) continue;
      const askedAt = this.#askedAt.get(candidate) ?? -Infinity;
      const overdue = (this.#turn - askedAt) / this.#periods[candidate];
      if (overdue > most) [word, most] = [candidate, overdue];
    }
    this.#askedAt.set(word, this.#turn);
    return word;
  }

  /** The server's whitelist does not have it; `srvr` is in every one. */
  forbid(word: FourLetterWord): void {
    if (word !== 'srvr') this.#forbidden.add(word);
  }

  /** The next one may have another configuration. */
  onProcessGone(): void {
    this.#forbidden.clear();
    this.#askedAt.delete('conf');
  }

  onAnswer(answer: PollAnswer | undefined): void {
    // Whoever serves again may do so in another role, or epoch.
    if (answer === undefined) this.#role = undefined;
    if (answer?.word === 'cons') this.#lengthen('cons', answer.connections.length);
    if (answer?.word === 'dump') this.#lengthen('dump', answer.sessions.size + answer.ephemeralCount);
    if (answer?.word !== 'mntr') return;
    if (answer.role !== this.#role) {
      this.#askedAt.delete('srvr');
      // A reconfiguration may be behind it.
      this.#askedAt.delete('conf');
    }
    const { zk_num_alive_connections: connections, zk_global_sessions: sessions } = answer.metrics;
    const present = `${connections ?? ''}/${sessions ?? ''}`;
    if (present !== this.#present) {
      this.#askedAt.delete('cons');
      this.#askedAt.delete('dump');
    }
    this.#role = answer.role;
    this.#present = present;
  }

  #lengthen(word: 'cons' | 'dump', members: number): void {
    const factor = Math.min(PERIOD_FACTOR_MAX, 1 + Math.floor(members / LIST_MEMBERS));
    this.#periods[word] = PERIODS[word] * factor;
  }
}

function parse(word: PolledWord, text: string): PollAnswer | undefined {
  switch (word) {
    case 'mntr': {
      const mntr = parseMntr(text);
      return mntr && { word, role: mntr.role, metrics: mntr.values };
    }
    case 'srvr': {
      const srvr = parseSrvr(text);
      return srvr && { word, role: srvr.role, zxid: srvr.zxid === undefined ? undefined : BigInt(srvr.zxid) };
    }
    case 'cons': {
      const connections = parseCons(text);
      return connections && { word, connections };
    }
    case 'dump': {
      const dump = parseDump(text);
      if (dump === undefined) return undefined;
      const ephemeralCount = [...dump.ephemerals.values()].reduce((sum, { length }) => sum + length, 0);
      return { word, sessions: dump.sessions, ephemeralCount, connections: dump.connections };
    }
    case 'conf': {
      const conf = parseConf(text);
      return conf && { word, sid: conf.sid, values: conf.values };
    }
    default:
      return assertNever(word, 'word');
  }
}

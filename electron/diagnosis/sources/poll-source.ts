/**
 * Asks one server by four-letter words, at most two a second and one at a time: `mntr` every second, since it answers most;
 * `cons`, `srvr` and `conf` less often, or at once where something has changed.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { assertNever } from '../../../shared/assert.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { FourLetterWord } from '../../client/four-letter-word.ts';
import { parseConf } from '../../services/cluster/four-letter-words/conf.ts';
import { parseCons } from '../../services/cluster/four-letter-words/cons.ts';
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
const TURN_MS = 650;
/** Turns between two questions of a word; `mntr` takes every other turn. */
const TURNS: Readonly<Record<Exclude<PolledWord, 'mntr'>, number>> = { cons: 3, srvr: 7, conf: 100 };
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

/** Which word is next. */
class Schedule {
  readonly #forbidden = new Set<FourLetterWord>();
  /** Turns until each is asked again. */
  readonly #waits: Record<Exclude<PolledWord, 'mntr'>, number> = { conf: 0, srvr: 0, cons: 0 };
  #wasMntr = false;
  #role: string | undefined;
  #connections: string | undefined;

  next(): PolledWord {
    for (const word of ['conf', 'srvr', 'cons'] as const) this.#waits[word]--;
    if (!this.#wasMntr && !this.#forbidden.has('mntr')) {
      this.#wasMntr = true;
      return 'mntr';
    }
    this.#wasMntr = false;
    const due = (['conf', 'srvr', 'cons'] as const)
      .filter((word) => !this.#forbidden.has(word) && this.#waits[word] <= 0)
      .sort((a, b) => this.#waits[a] - this.#waits[b]);
    const word = due[0] ?? (this.#forbidden.has('mntr') ? 'srvr' : 'mntr');
    if (word !== 'mntr') this.#waits[word] = TURNS[word];
    return word;
  }

  /** The server's whitelist does not have it; `srvr` is in every one. */
  forbid(word: FourLetterWord): void {
    this.#forbidden.add(word);
  }

  /** The next one may have another configuration. */
  onProcessGone(): void {
    this.#forbidden.clear();
    this.#waits.conf = 0;
  }

  onAnswer(answer: PollAnswer | undefined): void {
    // Whoever serves again may do so in another role, or epoch.
    if (answer === undefined) this.#role = undefined;
    if (answer?.word !== 'mntr') return;
    if (answer.role !== this.#role) this.#waits.srvr = -TURNS.srvr;
    const { zk_num_alive_connections: connections, zk_global_sessions: sessions } = answer.metrics;
    const present = `${connections ?? ''}/${sessions ?? ''}`;
    if (present !== this.#connections) this.#waits.cons = -1;
    this.#role = answer.role;
    this.#connections = present;
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
    case 'conf': {
      const conf = parseConf(text);
      return conf && { word, sid: conf.sid, values: conf.values };
    }
    default:
      return assertNever(word, 'word');
  }
}

/**
 * Which four-letter word a server is asked next: `mntr` and `cons` in turns, since they answer most; `srvr`, `dump` and `conf`
 * less often, or next where something has changed. Pure.
 */
import type { FourLetterWord } from '../../client/four-letter-word.ts';
import type { Standing } from '../../../shared/api/sentences.ts';
import type { PollAnswer } from '../observation.ts';

export type PolledWord = PollAnswer['word'];

/** Turns between two questions of a word, where there is time for all of them; what is asked next is most overdue. */
const PERIODS: Readonly<Record<PolledWord, number>> = { mntr: 2.2, srvr: 8, conf: 100, cons: 1.6, dump: 12 };
/** Of `dump` where nothing else shows that a session has ended: `mntr` counts sessions since 3.6. */
const DUMP_PERIOD_UNCOUNTED = 4;
const WORDS = ['mntr', 'srvr', 'conf', 'cons', 'dump'] as const satisfies readonly PolledWord[];
/** A list that is longer by so many is asked for more rarely by its period. */
const LIST_MEMBERS = 500;
const PERIOD_FACTOR_MAX = 20;

export class PollSchedule {
  readonly #forbidden = new Set<FourLetterWord>();
  readonly #periods: Record<PolledWord, number> = { ...PERIODS };
  readonly #askedAt = new Map<PolledWord, number>();
  #turn = 0;
  #role: string | undefined;
  #present: string | undefined;
  #isServing = true;
  #countsSessions = true;
  #isUrgent = false;

  next(): PolledWord {
    this.#turn++;
    this.#isUrgent = false;
    const word = this.#isServing ? this.#mostOverdue() : 'srvr';
    this.#askedAt.set(word, this.#turn);
    return word;
  }

  /** Whether the next question cannot wait for its turn: who has become the leader between two looks may not be it for long. */
  get isUrgent(): boolean {
    return this.#isUrgent;
  }

  /** The server's whitelist does not have it; `srvr` is in every one. */
  forbid(word: FourLetterWord): void {
    if (word !== 'srvr') this.#forbidden.add(word);
  }

  onAnswer(standing: Standing, answer: PollAnswer | undefined): void {
    // Whoever serves again may do so in another role, or epoch: `srvr` tells both, so it is what is asked until then.
    this.#isServing = standing === 'serving';
    if (!this.#isServing) this.#role = undefined;
    if (standing === 'refused') this.#onProcessGone();
    switch (answer?.word) {
      case 'mntr':
        this.#onPresent(answer.metrics);
        this.#onRole(answer);
        break;
      case 'srvr':
        this.#onRole(answer);
        break;
      case 'cons':
        this.#lengthen('cons', answer.connections.length);
        break;
      case 'dump':
        this.#lengthen('dump', answer.sessions.size + answer.ephemeralCount);
        break;
      case 'conf':
      case undefined:
        break;
    }
  }

  #mostOverdue(): PolledWord {
    let word: PolledWord = 'srvr';
    let most = -1;
    for (const candidate of WORDS) {
      if (this.#forbidden.has(candidate)) continue;
      const askedAt = this.#askedAt.get(candidate) ?? -Infinity;
      const overdue = (this.#turn - askedAt) / this.#periods[candidate];
      if (overdue > most) [word, most] = [candidate, overdue];
    }
    return word;
  }

  /** The next one may have another configuration. */
  #onProcessGone(): void {
    this.#forbidden.clear();
    this.#askedAt.delete('conf');
  }

  #onRole({ word, role }: Extract<PollAnswer, { word: 'mntr' | 'srvr' }>): void {
    const former = this.#role;
    if (role === former) return;
    this.#role = role;
    // A reconfiguration may be behind it.
    this.#askedAt.delete('conf');
    if (word === 'srvr') return;
    this.#askedAt.delete('srvr');
    this.#isUrgent = role === 'leader' && former !== undefined;
  }

  /** Who comes or goes is seen in the lists. */
  #onPresent({
    zk_num_alive_connections: connections,
    zk_global_sessions: sessions,
  }: Readonly<Record<string, string>>): void {
    this.#countsSessions = sessions !== undefined;
    const present = `${connections ?? ''}/${sessions ?? ''}`;
    if (present === this.#present) return;
    this.#present = present;
    this.#askedAt.delete('cons');
    this.#askedAt.delete('dump');
  }

  #lengthen(word: 'cons' | 'dump', members: number): void {
    const factor = Math.min(PERIOD_FACTOR_MAX, 1 + Math.floor(members / LIST_MEMBERS));
    const isUncounted = word === 'dump' && !this.#countsSessions;
    this.#periods[word] = (isUncounted ? DUMP_PERIOD_UNCOUNTED : PERIODS[word]) * factor;
  }
}

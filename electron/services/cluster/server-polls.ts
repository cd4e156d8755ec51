/**
 * One poll a server, however many want to hear of it: the diagnosis, the history and the views of every connection that names
 * it. It runs while somebody follows; what it hears also answers the questions of the views (server-questions.ts).
 */
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { FourLetterWord } from '../../client/four-letter-word.ts';
import type { ObservationOf } from '../../diagnosis/observation.ts';
import { askPort } from '../../diagnosis/sources/client-port.ts';
import type { PolledWord } from '../../diagnosis/sources/poll-schedule.ts';
import { type PollOptions, pollServer } from '../../diagnosis/sources/poll-source.ts';
import type { ServerQuestions } from './server-questions.ts';

type Polled = ObservationOf<'polled'>;
type Follower = (observation: Polled) => void;

interface Poll {
  readonly followers: Set<Follower>;
  /** The newest of each word, for whoever comes later. */
  readonly newest: Map<FourLetterWord, Polled>;
  readonly ending: AbortController;
}

export class ServerPolls {
  readonly #questions: ServerQuestions;
  readonly #polls = new Map<string, Poll>();

  constructor(questions: ServerQuestions) {
    this.#questions = questions;
  }

  /**
   * Tells `onPolled` every question to `server` and its answer, beginning with what is known, until the returned function is
   * called. Times are those of a clock that starts at the wall clock and never goes back.
   */
  follow(server: HostPort, onPolled: Follower): () => void {
    const key = formatHostPort(server);
    const poll = this.#polls.get(key) ?? this.#start(server, key);
    for (const observation of poll.newest.values()) onPolled(observation);
    poll.followers.add(onPolled);
    return () => {
      poll.followers.delete(onPolled);
      if (poll.followers.size > 0 || this.#polls.get(key) !== poll) return;
      this.#polls.delete(key);
      poll.ending.abort();
    };
  }

  /** In place of {@link pollServer} for a diagnosis within the shell; its clock must be that of {@link follow}. */
  readonly poll = ({ server, observe, signal }: PollOptions): Promise<void> =>
    new Promise((resolve) => {
      const leave = this.follow(server, observe);
      const end = (): void => {
        leave();
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });

  #start(server: HostPort, key: string): Poll {
    const poll: Poll = { followers: new Set(), newest: new Map(), ending: new AbortController() };
    this.#polls.set(key, poll);
    void pollServer({
      server,
      now,
      signal: poll.ending.signal,
      ask: (word) => this.#ask(server, word),
      observe: (observation) => {
        if (observation.kind !== 'polled') return;
        if (observation.answer !== undefined) poll.newest.set(observation.answer.word, observation);
        for (const tell of poll.followers) tell(observation);
      },
    });
    return poll;
  }

  async #ask(server: HostPort, word: PolledWord): ReturnType<typeof askPort> {
    const sentMs = now();
    const answer = await askPort(server, word);
    const atMs = now();
    this.#questions.onHeard(server, { word, answer, tookMs: atMs - sentMs, atMs });
    return answer;
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

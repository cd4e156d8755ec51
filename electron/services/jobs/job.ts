/** One piece of long work: its progress, its errors, its end. What it does is a function that reports through the job. */
import type { JobState } from '../../../shared/api/znodes.ts';
import type { Log } from '../../log.ts';
import { toFailure } from '../failures.ts';
import { Observable } from '../observable.ts';
import type { PacedStream } from '../paced-stream.ts';

const PROGRESS_INTERVAL_MS = 100;
const ERRORS_KEPT_MAX = 100;

/** What the work of a job may tell and must ask. */
export interface JobReporter {
  /** Aborted when the person cancels; the work then stops after what it has already sent. */
  readonly signal: AbortSignal;
  setTotal(total: number): void;
  /** Counts one more thing done. */
  onDone(path: string): void;
  /** Something failed, and the work goes on. */
  onError(path: string, error: unknown): void;
}

export type JobWork = (reporter: JobReporter) => Promise<void>;

export class Job implements JobReporter {
  readonly #abort = new AbortController();
  readonly #observable = new Observable(() => this.#state);
  readonly #log: Log;
  #state: JobState;

  constructor(identity: Pick<JobState, 'jobId' | 'kind' | 'connectionId' | 'path'>, log: Log) {
    this.#log = log;
    this.#state = {
      ...identity,
      state: 'running',
      done: 0,
      total: null,
      current: identity.path,
      startedAtMs: Date.now(),
      endedAtMs: null,
      errors: [],
      errorCount: 0,
      failure: null,
    };
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isRunning(): boolean {
    return this.#state.state === 'running';
  }

  follow(): PacedStream<JobState> {
    return this.#observable.stream({
      intervalMs: PROGRESS_INTERVAL_MS,
      isLast: ({ state }) => state !== 'running',
    });
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** Resolves when the job has ended, however. */
  async run(work: JobWork): Promise<void> {
    try {
      await work(this);
      this.#change({ state: this.signal.aborted ? 'cancelled' : 'done', endedAtMs: Date.now() });
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'BUG')
        this.#log.error({ err: error, jobId: this.#state.jobId }, 'a job failed by a bug');
      this.#change({ state: 'failed', failure, endedAtMs: Date.now() });
    }
  }

  setTotal(total: number): void {
    this.#change({ total });
  }

  onDone(path: string): void {
    this.#change({ done: this.#state.done + 1, current: path });
  }

  onError(path: string, error: unknown): void {
    const { errors, errorCount } = this.#state;
    const kept = errors.length < ERRORS_KEPT_MAX ? [...errors, { path, failure: toFailure(error) }] : errors;
    this.#change({ errors: kept, errorCount: errorCount + 1, current: path });
  }

  #change(changes: Partial<JobState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#observable.changed();
  }
}

/**
 * Kills whoever leads an ensemble, again and again, and starts it anew: each time all clients lose their connections,
 * since no server serves without a leader.
 */
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';

const SERVING_MS_MAX = 30_000;

export class LeaderKiller {
  /** Leaders killed so far. */
  kills = 0;
  readonly #ensemble: Ensemble;
  readonly #intervalMs: number;
  #killing: Promise<void> = Promise.resolve();
  #isStopped = false;
  #endPause: () => void = () => undefined;
  readonly #done: Promise<void>;

  constructor(ensemble: Ensemble, intervalMs: number) {
    this.#ensemble = ensemble;
    this.#intervalMs = intervalMs;
    this.#done = this.#run();
    // Who stops it hears of it.
    this.#done.catch(() => undefined);
  }

  /** Resolves when the kills that were counted so far are over and all servers serve. */
  async untilOver(): Promise<void> {
    await this.#killing;
  }

  /** Rejects when a server did not come back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#endPause();
    await this.#done;
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#pause();
      if (this.#isStopped) return;
      const leader = await this.#ensemble.leader();
      if (leader === undefined) continue;
      this.kills++;
      this.#killing = this.#killAndRestart(leader);
      await this.#killing;
    }
  }

  async #killAndRestart(leader: number): Promise<void> {
    await this.#ensemble.kill(leader);
    await this.#ensemble.startServer(leader);
    await this.#ensemble.untilServing(SERVING_MS_MAX);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#intervalMs);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

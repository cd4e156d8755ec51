/**
 * What is remembered of the samples of one connection: from answers of its servers it makes the sample that the page gets, the
 * point that is recorded, and what has turned bad. It reads no clock.
 */
import type { ClusterSample, ServerDto } from '../../../shared/api/cluster.ts';
import { HISTORY_RANGES, type HistoryPoint } from '../../../shared/api/cluster-history.ts';
import type { HealthFinding } from '../../../shared/api/health.ts';
import { HealthBook } from './health/health-book.ts';
import { SampleBook } from './history/sample-book.ts';

const RECENT_MS = HISTORY_RANGES['15m'].lengthMs;
const EPOCHS_MS = HISTORY_RANGES['1h'].lengthMs;
const EPOCHS_KEPT_MAX = 100;

export class ClusterCourse {
  readonly #samples = new SampleBook();
  readonly #health = new HealthBook();
  #points: readonly HistoryPoint[];
  #epochs: readonly { readonly epoch: number; readonly atMs: number }[] = [];

  constructor(recorded: {
    readonly recent: readonly HistoryPoint[];
    readonly hour: readonly HistoryPoint[];
  }) {
    this.#points = recorded.recent;
    for (const point of recorded.hour) this.#onEpoch(point);
  }

  onAnswers(
    servers: readonly ServerDto[],
    atMs: number,
  ): { readonly sample: ClusterSample; readonly point: HistoryPoint; readonly alerts: HealthFinding[] } {
    const { servers: completed, point } = this.#samples.onSample(servers, atMs);
    this.#points = [...this.#points, point].filter((each) => each.atMs > atMs - RECENT_MS);
    this.#onEpoch(point);
    const { report, alerts } = this.#health.onView({
      servers: completed,
      points: this.#points,
      // The first one was there when the watch began.
      epochsMs: this.#epochs.slice(1).flatMap(({ atMs: ms }) => (ms > atMs - EPOCHS_MS ? [ms] : [])),
      atMs,
    });
    return { sample: { servers: completed, atMs, health: report }, point, alerts: [...alerts] };
  }

  #onEpoch({ epoch, atMs }: HistoryPoint): void {
    const newest = this.#epochs.at(-1);
    if (epoch === null || (newest !== undefined && epoch <= newest.epoch)) return;
    this.#epochs = [...this.#epochs, { epoch, atMs }].slice(-EPOCHS_KEPT_MAX);
  }
}

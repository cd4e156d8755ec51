/**
 * Writes the history of connections and reads it. Every sample is a point of the finest step; whenever a coarser step is over,
 * it is folded from the points of the one before, and what is older than its range is forgotten. So each connection keeps at most
 * what four charts can show, also over restarts, and a step that is not over is folded when somebody reads.
 */
import {
  HISTORY_RANGES,
  type HistoryPoint,
  type HistoryRequest,
} from '../../../../shared/api/cluster-history.ts';
import type { HistoryStore } from '../../../stores/history-store.ts';
import { foldPoints } from './fold.ts';

/** The finest first. */
const TIERS = Object.values(HISTORY_RANGES).sort((a, b) => a.stepMs - b.stepMs);

export class HistoryRecorder {
  readonly #store: HistoryStore;
  readonly #newestMs = new Map<string, number>();

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  /** Demands that the points of a connection come in order; one that does not (the clock was set back) is left out. */
  record(connectionId: string, point: HistoryPoint): void {
    const beforeMs = this.#newestMs.get(connectionId) ?? this.#store.newestMs(connectionId) ?? -Infinity;
    if (point.atMs <= beforeMs) return;
    this.#newestMs.set(connectionId, point.atMs);
    for (const [at, { stepMs, lengthMs }] of TIERS.entries()) {
      const finer = TIERS[at - 1];
      const series = { connectionId, stepMs };
      if (finer === undefined) {
        this.#store.append(series, point);
        this.#store.trim(series, point.atMs - lengthMs);
        continue;
      }
      const endMs = Math.floor(point.atMs / stepMs) * stepMs;
      if (beforeMs >= endMs || beforeMs === -Infinity) continue;
      const startMs = Math.floor(beforeMs / stepMs) * stepMs;
      const part = this.#store.read(
        { connectionId, stepMs: finer.stepMs },
        { afterMs: startMs, untilMs: endMs },
      );
      if (part.length > 0) this.#store.append(series, foldPoints(part, startMs + stepMs));
      this.#store.trim(series, point.atMs - lengthMs);
    }
  }

  /** The oldest first. */
  read({ connectionId, range }: HistoryRequest, nowMs: number): HistoryPoint[] {
    const { lengthMs, stepMs } = HISTORY_RANGES[range];
    return this.#readStep(connectionId, stepMs, { fromMs: nowMs - lengthMs, nowMs });
  }

  #readStep(
    connectionId: string,
    stepMs: number,
    { fromMs, nowMs }: { fromMs: number; nowMs: number },
  ): HistoryPoint[] {
    const whole = this.#store.read({ connectionId, stepMs }, { afterMs: fromMs, untilMs: Infinity });
    const finer = TIERS[TIERS.findIndex((tier) => tier.stepMs === stepMs) - 1];
    if (finer === undefined) return whole;
    const openFromMs = Math.max(whole.at(-1)?.atMs ?? -Infinity, fromMs, nowMs - stepMs);
    const open = this.#readStep(connectionId, finer.stepMs, { fromMs: openFromMs, nowMs });
    const newest = open.at(-1);
    return newest === undefined ? whole : [...whole, foldPoints(open, newest.atMs)];
  }
}

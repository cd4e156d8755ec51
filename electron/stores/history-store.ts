/**
 * The recorded history of the servers of each connection, in steps of several lengths. Bounded by whoever writes, with `trim`;
 * it goes with its profile.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HistoryPoint } from '../../shared/api/cluster-history.ts';

/** The points of one connection in one step. */
export interface HistorySeries {
  readonly connectionId: string;
  readonly stepMs: number;
}

export class HistoryStore {
  readonly #append: StatementSync;
  readonly #read: StatementSync;
  readonly #trim: StatementSync;
  readonly #newest: StatementSync;

  constructor(database: DatabaseSync) {
    // A connection that was removed a moment ago has no history any more.
    this.#append = database.prepare(
      `INSERT INTO cluster_history (connection_id, step_ms, at_ms, point)
       SELECT connection_id, ?, ?, ? FROM profiles WHERE connection_id = ?
       ON CONFLICT (connection_id, step_ms, at_ms) DO UPDATE SET point = excluded.point`,
    );
    this.#read = database.prepare(
      `SELECT point FROM cluster_history
       WHERE connection_id = ? AND step_ms = ? AND at_ms > ? AND at_ms <= ? ORDER BY at_ms`,
    );
    this.#newest = database.prepare(
      'SELECT max(at_ms) AS newest_ms FROM cluster_history WHERE connection_id = ?',
    );
    this.#trim = database.prepare(
      'DELETE FROM cluster_history WHERE connection_id = ? AND step_ms = ? AND at_ms <= ?',
    );
  }

  append({ connectionId, stepMs }: HistorySeries, point: HistoryPoint): void {
    this.#append.run(stepMs, point.atMs, JSON.stringify(point), connectionId);
  }

  /** After `afterMs` and up to `untilMs`, the oldest first. */
  read(
    { connectionId, stepMs }: HistorySeries,
    { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
  ): HistoryPoint[] {
    return this.#read.all(connectionId, stepMs, afterMs, untilMs).flatMap(({ point }) => {
      // What another version wrote and this one cannot read is a gap.
      const parsed = HistoryPoint.safeParse(JSON.parse(String(point)));
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** When its newest point was. */
  newestMs(connectionId: string): number | undefined {
    const newest = this.#newest.get(connectionId)?.newest_ms;
    return typeof newest === 'number' ? newest : undefined;
  }

  /** Forgets what is older. */
  trim({ connectionId, stepMs }: HistorySeries, untilMs: number): void {
    this.#trim.run(connectionId, stepMs, untilMs);
  }
}

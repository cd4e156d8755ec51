/**
 * What servers' counters tell of sessions where nobody names them: a leader counts the sessions that it lets expire, every server
 * counts the clients that want to go on with a session. Pure.
 */
import type { ServerRole } from '../../shared/api/common.ts';
import { BoundedList } from './bounded-list.ts';

interface Count {
  readonly count: number;
  readonly atMs: number;
}

interface Rise {
  readonly fromMs: number;
  readonly toMs: number;
  readonly by: number;
}

/** Clients that wanted to go on with a session at `server`, and did not as far as connections show. */
export interface Return {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Counted {
  readonly server: string;
  readonly role: ServerRole | undefined;
  readonly atMs: number;
  readonly metrics: Readonly<Record<string, string>>;
}

const RISES_MAX = 200;
/** Between what a leader counts and what a server lists lies the agreement on it. */
const AGREED_MS = 1000;

export class SessionCounts {
  readonly #newest = new Map<string, Count>();
  readonly #expiries = new BoundedList<Rise>(RISES_MAX);
  /** By server: how many clients wanted to go on with a session, not accounted for yet. */
  readonly #returns = new Map<string, Rise>();
  /** By server: those of them that were seen connected before they were counted. */
  readonly #moved = new Map<string, number>();
  /** Until then it is known how many sessions expired. */
  #expiriesUntilMs: number | undefined;

  onMetrics({ server, role, atMs, metrics }: Counted): void {
    if (role === 'leader' || role === 'standalone') {
      const expired = this.#rise(`${server} expired`, Number(metrics.zk_stale_sessions_expired), atMs);
      if (expired !== undefined) this.#expiriesUntilMs = atMs;
      if (expired !== undefined && expired.by > 0) this.#expiries.push(expired);
    }
    const returned = this.#rise(`${server} returned`, Number(metrics.zk_connection_revalidate_count), atMs);
    if (returned !== undefined && returned.by > 0) this.#returns.set(server, returned);
  }

  /** Whether a session expired between the two; undefined while, or where, that is not known. */
  hasExpired({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): boolean | undefined {
    const isCounted = this.#expiries.some((rise) => rise.fromMs <= toMs && rise.toMs >= fromMs - AGREED_MS);
    if (isCounted) return true;
    return this.#expiriesUntilMs !== undefined && this.#expiriesUntilMs >= toMs ? false : undefined;
  }

  /** What was counted, when `moved` clients are found at `server` that were elsewhere, or had another connection. */
  onConnections(server: string, moved: number): Return | undefined {
    const seen = (this.#moved.get(server) ?? 0) + moved;
    const returned = this.#returns.get(server);
    this.#returns.delete(server);
    this.#moved.set(server, returned === undefined ? seen : 0);
    if (returned === undefined || returned.by <= seen) return undefined;
    return { server, fromMs: returned.fromMs, toMs: returned.toMs };
  }

  /** Undefined for the first count, and for a server that counts anew. */
  #rise(key: string, count: number, atMs: number): Rise | undefined {
    if (!Number.isFinite(count)) return undefined;
    const before = this.#newest.get(key);
    this.#newest.set(key, { count, atMs });
    if (before === undefined || count < before.count) return undefined;
    return { fromMs: before.atMs, toMs: atMs, by: count - before.count };
  }
}

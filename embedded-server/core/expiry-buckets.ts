/**
 * Bucketed expiry (ZooKeeper's ExpiryQueue; PROTOCOL.md 7.9): every deadline is rounded up to the next multiple of the
 * interval, so that a whole bucket expires at once and touching a member within its bucket costs nothing. A member
 * expires between its timeout and one interval after it.
 */

/** A member keeps its own bucket here, so that moving it needs no look-up; undefined while it is in none. */
export interface Expiring {
  bucketMs: number | undefined;
}

export interface Bucket<T> {
  readonly expiresMs: number;
  readonly members: ReadonlySet<T>;
}

export class ExpiryBuckets<T extends Expiring> {
  readonly #intervalMs: number;
  readonly #buckets = new Map<number, Set<T>>();
  #nextMs: number;
  #size = 0;

  /** All times are of one clock that never goes back. */
  constructor(intervalMs: number, nowMs: number) {
    this.#intervalMs = intervalMs;
    this.#nextMs = this.#bucketOf(nowMs);
  }

  get size(): number {
    return this.#size;
  }

  /** When {@link expire} can next have something to do. */
  get nextMs(): number {
    return this.#nextMs;
  }

  #bucketOf(timeMs: number): number {
    return (Math.floor(timeMs / this.#intervalMs) + 1) * this.#intervalMs;
  }

  /** Lets `member` expire `timeoutMs` from now at the earliest. */
  touch(member: T, timeoutMs: number, nowMs: number): void {
    const bucketMs = this.#bucketOf(nowMs + timeoutMs);
    if (bucketMs === member.bucketMs) return;
    this.remove(member);
    const bucket = this.#buckets.get(bucketMs);
    if (bucket) bucket.add(member);
    else this.#buckets.set(bucketMs, new Set([member]));
    member.bucketMs = bucketMs;
    this.#size++;
  }

  remove(member: T): void {
    if (member.bucketMs === undefined) return;
    const bucket = this.#buckets.get(member.bucketMs);
    if (bucket?.delete(member) === true) {
      this.#size--;
      if (bucket.size === 0) this.#buckets.delete(member.bucketMs);
    }
    member.bucketMs = undefined;
  }

  /** Takes out and returns every member whose bucket is due. */
  expire(nowMs: number): T[] {
    const due: T[] = [];
    while (nowMs >= this.#nextMs) {
      const bucket = this.#buckets.get(this.#nextMs);
      this.#buckets.delete(this.#nextMs);
      this.#nextMs += this.#intervalMs;
      if (!bucket) continue;
      this.#size -= bucket.size;
      for (const member of bucket) {
        member.bucketMs = undefined;
        due.push(member);
      }
    }
    return due;
  }

  /** The buckets that hold somebody, the earliest first. */
  buckets(): Bucket<T>[] {
    return [...this.#buckets]
      .map(([expiresMs, members]) => ({ expiresMs, members }))
      .sort((a, b) => a.expiresMs - b.expiresMs);
  }
}

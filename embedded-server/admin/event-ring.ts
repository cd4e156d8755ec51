/**
 * Keeps the newest of what a server tells of itself, numbered from 1 for the life of the process, for those who read it over
 * HTTP. Busy kinds have a ring of their own, so that an hour of load does not push out the election before it; of them at
 * most {@link TOKENS_MAX} a second are told, and how many each stands for.
 */
import type { Sid } from '../../shared/ids.ts';
import type { BusyKind, Chronicle, ChronicleEvent } from '../core/chronicle.ts';

export type KeptEvent = ChronicleEvent & { readonly seq: number; readonly sid: Sid; readonly atMs: number };

/** In place of what is not there any more. `seq` is that of the last of them. */
export interface DroppedEvent {
  readonly kind: 'dropped';
  readonly count: number;
  readonly seq: number;
  readonly sid: Sid;
  readonly atMs: number;
}

export interface EventRingOptions {
  readonly sid: Sid;
  readonly wallMs: () => number;
  /** Of each of both rings. */
  readonly keptMax?: number;
}

const KEPT_MAX = 10_000;
/** So many of a busy kind are told at once, and in a second. */
const TOKENS_MAX = 20;

const BUSY_KINDS: ReadonlySet<ChronicleEvent['kind']> = new Set<ChronicleEvent['kind']>([
  'proposal',
  'ack',
  'commit',
  'session-touched',
  'fsync',
]);

interface Bucket {
  tokens: number;
  /** Of this kind since the last one that was told. */
  count: number;
}

export class EventRing implements Chronicle {
  readonly #options: EventRingOptions;
  readonly #rare: Ring;
  readonly #busy: Ring;
  readonly #buckets: Readonly<Record<BusyKind, Bucket>> = {
    proposal: { tokens: TOKENS_MAX, count: 0 },
    'session-touched': { tokens: TOKENS_MAX, count: 0 },
    fsync: { tokens: TOKENS_MAX, count: 0 },
  };
  readonly #listeners = new Set<() => void>();
  #lastSeq = 0;

  constructor(options: EventRingOptions) {
    const { keptMax = KEPT_MAX } = options;
    this.#options = options;
    this.#rare = new Ring(keptMax);
    this.#busy = new Ring(keptMax);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  tell(event: ChronicleEvent): void {
    const { sid, wallMs } = this.#options;
    const ring = BUSY_KINDS.has(event.kind) ? this.#busy : this.#rare;
    ring.push({ seq: ++this.#lastSeq, sid, atMs: wallMs(), ...event });
    for (const listener of this.#listeners) listener();
  }

  /** Runs for every request under load: no clock is read and nothing is made. */
  count(kind: BusyKind, isNotable = false): number {
    const bucket = this.#buckets[kind];
    bucket.count++;
    if (bucket.tokens < 1 && !isNotable) return 0;
    if (bucket.tokens >= 1) bucket.tokens--;
    const { count } = bucket;
    bucket.count = 0;
    return count;
  }

  /** Time passed: more may be told. */
  refill(elapsedMs: number): void {
    const tokens = (TOKENS_MAX * elapsedMs) / 1000;
    for (const bucket of Object.values(this.#buckets)) {
      bucket.tokens = Math.min(TOKENS_MAX, bucket.tokens + tokens);
    }
  }

  /** `listener` runs after every event, until what is returned is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * Reads what follows `afterSeq`. A number that was never given out is one of a former process: everything is read then.
   */
  readAfter(afterSeq: number): EventReader {
    const after = afterSeq <= this.#lastSeq ? afterSeq : 0;
    return new EventReader({ rare: this.#rare, busy: this.#busy, after });
  }
}

/** Takes both rings' events in their order, at the pace of whoever reads. */
export class EventReader {
  readonly #rare: Ring;
  readonly #busy: Ring;
  #rareAt: number;
  #busyAt: number;
  #lastSeq: number;

  constructor({ rare, busy, after }: { rare: Ring; busy: Ring; after: number }) {
    this.#rare = rare;
    this.#busy = busy;
    this.#rareAt = rare.firstBehind(after);
    this.#busyAt = busy.firstBehind(after);
    this.#lastSeq = after;
  }

  /** Undefined when everything is read. */
  next(): KeptEvent | DroppedEvent | undefined {
    this.#rareAt = Math.max(this.#rareAt, this.#rare.oldest);
    this.#busyAt = Math.max(this.#busyAt, this.#busy.oldest);
    const rare = this.#rare.at(this.#rareAt);
    const busy = this.#busy.at(this.#busyAt);
    const isRare = rare !== undefined && (busy === undefined || rare.seq < busy.seq);
    const event = isRare ? rare : busy;
    if (!event) return undefined;
    const missing = event.seq - this.#lastSeq - 1;
    if (missing > 0) {
      this.#lastSeq = event.seq - 1;
      return { kind: 'dropped', count: missing, seq: this.#lastSeq, sid: event.sid, atMs: event.atMs };
    }
    if (isRare) this.#rareAt++;
    else this.#busyAt++;
    this.#lastSeq = event.seq;
    return event;
  }
}

/** The newest of a series; each keeps the number that it had from the first one on, which is 0. */
class Ring {
  readonly #kept: KeptEvent[] = [];
  readonly #keptMax: number;
  #pushed = 0;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  get oldest(): number {
    return Math.max(0, this.#pushed - this.#keptMax);
  }

  push(event: KeptEvent): void {
    this.#kept[this.#pushed % this.#keptMax] = event;
    this.#pushed++;
  }

  /** Demands one that is not older than {@link oldest}. */
  at(index: number): KeptEvent | undefined {
    return index < this.#pushed ? this.#kept[index % this.#keptMax] : undefined;
  }

  /** The first whose seq is greater; where the next one will be when there is none. */
  firstBehind(seq: number): number {
    let low = this.oldest;
    let high = this.#pushed;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.at(middle)?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

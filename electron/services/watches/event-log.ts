/**
 * The last 10,000 events of a connection. Readers follow it with a cursor of their own, so a slow one costs no memory: it
 * finds that events are gone by the gap in the numbers.
 */
import type { EventBatch, EventDto } from '../../../shared/api/watches.ts';
import { PacedStream } from '../paced-stream.ts';

const EVENTS_MAX = 10_000;
const EVENTS_PER_BATCH_MAX = 1_000;
const BATCH_INTERVAL_MS = 50;

export class EventLog {
  /** A ring: the event with number n is at n modulo {@link EVENTS_MAX}. */
  readonly #ring: EventDto[] = [];
  readonly #readers = new Set<PacedStream<EventBatch>>();
  #nextSeq = 0;

  append(event: Omit<EventDto, 'seq'>): void {
    this.#ring[this.#nextSeq % EVENTS_MAX] = { seq: this.#nextSeq, ...event };
    this.#nextSeq++;
    for (const reader of this.#readers) reader.wake();
  }

  /** What is kept, then what comes. */
  follow(): PacedStream<EventBatch> {
    let cursor = Math.max(0, this.#nextSeq - EVENTS_MAX);
    const reader = new PacedStream<EventBatch>({
      intervalMs: BATCH_INTERVAL_MS,
      take: () => {
        if (cursor === this.#nextSeq) return undefined;
        const oldest = Math.max(0, this.#nextSeq - EVENTS_MAX);
        const dropped = Math.max(0, oldest - cursor);
        const from = cursor + dropped;
        cursor = Math.min(from + EVENTS_PER_BATCH_MAX, this.#nextSeq);
        return { events: this.#slice(from, cursor), dropped };
      },
      onEnd: () => this.#readers.delete(reader),
    });
    this.#readers.add(reader);
    return reader;
  }

  finish(): void {
    for (const reader of [...this.#readers]) reader.finish();
  }

  #slice(from: number, to: number): EventDto[] {
    const events: EventDto[] = [];
    for (let seq = from; seq < to; seq++) {
      const event = this.#ring[seq % EVENTS_MAX];
      if (event !== undefined) events.push(event);
    }
    return events;
  }
}

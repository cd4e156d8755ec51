/**
 * From the stamps of one file to milliseconds since 1970. A zone that is not written is the one that the reader was told. A
 * date that is not written is counted from the end of the file, which is when it was last changed: exact to the millisecond
 * within the file, and as right as the file's own time between files.
 */
import { assertNever } from '../../../shared/assert.ts';
import type { LogStamp } from './log-stamp.ts';

/** What times of a file are worth. */
export type LogTiming =
  | 'dated'
  /** Without a date; or counted from the start. Put where the file's own time says. */
  | 'undated'
  /** Lines carry no time: one millisecond each, so that at least their order is known. */
  | 'none';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Times of day that go back by more begin a new day; threads swap neighbouring lines by milliseconds. */
const BACKWARDS_MS_MAX = 12 * HOUR_MS;

/** Throws RangeError when the zone is not one: a name such as Europe/Berlin, or +02:00. */
export function zoneRule(timeZone: string): (wallMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const aheadAt = (utcMs: number): number => {
    const parts = new Map(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return wall - Math.floor(utcMs / 1000) * 1000;
  };
  let knownHour = NaN;
  let knownAheadMs = 0;
  return (wallMs) => {
    const hour = Math.floor(wallMs / HOUR_MS);
    if (hour !== knownHour) {
      knownHour = hour;
      // The first guess is off around a change of the clocks; the second one is not.
      knownAheadMs = aheadAt(wallMs - aheadAt(wallMs));
    }
    return knownAheadMs;
  };
}

/** For the lines of one file, in their order. */
export class LogClock {
  readonly #zone: (wallMs: number) => number;
  #timing: LogTiming | undefined;
  #day = 0;
  #lastMs: number | undefined;

  constructor(zone: (wallMs: number) => number) {
    this.#zone = zone;
  }

  get timing(): LogTiming {
    return this.#timing ?? 'none';
  }

  /** When the line was written; before {@link shiftMs} where there is no date. */
  timeOf(stamp: LogStamp | undefined): number {
    this.#lastMs = this.#timeOf(stamp);
    return this.#lastMs;
  }

  /** What to add to all times of the file, known when it has been read. */
  shiftMs(modifiedMs: number): number {
    return this.timing === 'dated' || this.#lastMs === undefined ? 0 : Math.floor(modifiedMs) - this.#lastMs;
  }

  #timeOf(stamp: LogStamp | undefined): number {
    if (stamp === undefined) return (this.#lastMs ?? 0) + 1;
    switch (stamp.kind) {
      case 'date':
        this.#timing ??= 'dated';
        return stamp.wallMs - (stamp.zoneMs ?? this.#zone(stamp.wallMs));
      case 'time-of-day': {
        this.#timing ??= 'undated';
        const ms = this.#day * DAY_MS + stamp.wallMs;
        if (this.#lastMs === undefined || ms > this.#lastMs - BACKWARDS_MS_MAX) return ms;
        this.#day++;
        return ms + DAY_MS;
      }
      case 'since-start':
        this.#timing ??= 'undated';
        return stamp.elapsedMs;
      default:
        return assertNever(stamp);
    }
  }
}

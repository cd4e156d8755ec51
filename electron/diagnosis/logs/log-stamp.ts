/**
 * The times that log lines begin with: log4j's ISO8601, DATE and ABSOLUTE, logback's, ISO 8601 with `T` and zone, and
 * slf4j-simple's milliseconds since start. What a stamp leaves out (the zone, the date, everything) is filled in by
 * log-clock.ts.
 */

export type LogStamp =
  /** `zoneMs` is how far the written time is ahead of UTC; null when it is not written. */
  | { readonly kind: 'date'; readonly wallMs: number; readonly zoneMs: number | null }
  | { readonly kind: 'time-of-day'; readonly wallMs: number }
  | { readonly kind: 'since-start'; readonly elapsedMs: number };

export interface StampedText {
  readonly stamp: LogStamp;
  /** Where the rest of the line begins. */
  readonly end: number;
}

const DATE =
  /^(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|[+-]\d\d:?\d\d)(?= ))?/;
const DAY_MONTH = /^(\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/;
const TIME_OF_DAY = /^(\d\d):(\d\d):(\d\d)[.,](\d{3})/;
const SINCE_START = /^(\d{1,12}) (?=\[)/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The time at the begin of `text`; undefined when there is none. */
export function readStamp(text: string): StampedText | undefined {
  return readDate(text) ?? readDayMonth(text) ?? readTimeOfDay(text) ?? readSinceStart(text);
}

function readDate(text: string): StampedText | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [whole, year, month, day, hour, minute, second, fraction, zone] = match;
  const wallMs =
    Date.UTC(Number(year), Number(month) - 1, Number(day)) + timeOfDay(hour, minute, second, fraction);
  return { stamp: { kind: 'date', wallMs, zoneMs: zoneOf(zone) }, end: whole.length };
}

function readDayMonth(text: string): StampedText | undefined {
  const match = DAY_MONTH.exec(text);
  if (!match) return undefined;
  const [whole, day, monthName = '', year, hour, minute, second, fraction] = match;
  const month = MONTHS.indexOf(monthName);
  if (month < 0) return undefined;
  const wallMs = Date.UTC(Number(year), month, Number(day)) + timeOfDay(hour, minute, second, fraction);
  return { stamp: { kind: 'date', wallMs, zoneMs: null }, end: whole.length };
}

function readTimeOfDay(text: string): StampedText | undefined {
  const match = TIME_OF_DAY.exec(text);
  if (!match) return undefined;
  const [whole, hour, minute, second, fraction] = match;
  return {
    stamp: { kind: 'time-of-day', wallMs: timeOfDay(hour, minute, second, fraction) },
    end: whole.length,
  };
}

function readSinceStart(text: string): StampedText | undefined {
  const match = SINCE_START.exec(text);
  if (!match) return undefined;
  return { stamp: { kind: 'since-start', elapsedMs: Number(match[1]) }, end: match[0].length - 1 };
}

function timeOfDay(hour = '0', minute = '0', second = '0', fraction = '0'): number {
  const ms = Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  return Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * 1000 + ms;
}

function zoneOf(zone: string | undefined): number | null {
  if (zone === undefined) return null;
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}

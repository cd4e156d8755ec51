/**
 * What lines of Apache's server logs say that concerns a diagnosis, whatever pattern log4j or logback writes them with: the
 * message is searched, the time is what looks like one at the line's front. Elections are read elsewhere. Pure.
 */
import type { LogMark } from '../observation.ts';

export interface MarkedLine {
  /** Of the server's clock; undefined where the pattern has no time that is understood. */
  readonly lineMs: number | undefined;
  readonly line: LogMark;
}

const TIME = /(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)[,.](\d{3})/;

interface Rule {
  readonly pattern: RegExp;
  readonly toMark: (match: readonly string[]) => LogMark;
}

const RULES: readonly Rule[] = [
  {
    pattern: /Expiring session (0x[0-9a-f]+)/,
    toMark: ([, sessionId = '']) => ({ mark: 'session-expiring', sessionId }),
  },
  {
    pattern: /Invalid session (0x[0-9a-f]+) for client \/?(\S+?),/,
    toMark: ([, sessionId = '', address = '']) => ({ mark: 'session-refused', sessionId, address }),
  },
  {
    pattern: /probably closed (?:the )?socket.*session = (0x[0-9a-f]+)/,
    toMark: ([, sessionId = '']) => ({ mark: 'client-hung-up', sessionId }),
  },
  {
    pattern: /fsync-ing the write ahead log in \S+ took (\d+)ms/,
    toMark: ([, durationMs = '0']) => ({ mark: 'fsync-slow', durationMs: Number(durationMs) }),
  },
  { pattern: /No space left on device/, toMark: () => ({ mark: 'disk-full' }) },
  { pattern: /Too many connections from/, toMark: () => ({ mark: 'too-many-connections' }) },
  {
    pattern: /(?:Unreasonable length =|Len error:?) (\d+)/,
    toMark: ([, bytes = '0']) => ({ mark: 'frame-too-large', bytes: Number(bytes) }),
  },
  {
    pattern: /Quota exceeded: (\/\S*)/,
    toMark: ([, path = '']) => ({ mark: 'quota-exceeded', path }),
  },
  { pattern: /zxid lower 32 bits have rolled over/, toMark: () => ({ mark: 'zxid-rollover' }) },
];

export function markLine(text: string): MarkedLine | undefined {
  for (const { pattern, toMark } of RULES) {
    const match = pattern.exec(text);
    if (match !== null) return { lineMs: timeOf(text), line: toMark(match) };
  }
  return undefined;
}

/** The number of the server that writes such a log, where the line has it. */
export function sidOfLine(text: string): number | undefined {
  const match = /\[?myid[=:](\d+)/.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Logs are written in the server's time zone, which they do not name: it is taken for this machine's. */
export function timeOf(text: string): number | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, ms] = match.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, ms).getTime();
}

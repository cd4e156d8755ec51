/**
 * `dump`: sessions, their ephemerals and their ends, and the server's connections (PROTOCOL.md 3.1). A leader and a standalone server know when sessions
 * end, in buckets under the time of their end; other servers list ids and timeouts. Pure.
 *
 * Times are Java's Date text (`Sat Nov 21 02:29:47 UTC 2026`); a zone other than those that `Date.parse` knows
 * (UTC, GMT and North America's) makes them unknown.
 */
import { parseHex, parseNumber } from './lines.ts';

export interface DumpSession {
  readonly expiresAtMs: number | undefined;
  readonly timeoutMs: number | undefined;
}

export interface Dump {
  readonly sessions: ReadonlyMap<string, DumpSession>;
  readonly ephemerals: ReadonlyMap<string, readonly string[]>;
  /** `ip:port` of this server's clients; undefined where it does not list them (a Netty server). */
  readonly connections: ReadonlySet<string> | undefined;
}

type Section = 'sessions' | 'ephemerals' | 'connections';

const SECTION_BY_HEAD: Readonly<Record<string, Section>> = {
  'SessionTracker dump:': 'sessions',
  'ephemeral nodes dump:': 'ephemerals',
  'Connections dump:': 'connections',
};
const BUCKET = /^\d+ expire at (.+):$/;
const GLOBAL_SESSION = /^(0x[0-9a-fA-F]+)\s+(\d+)ms$/;
const CONNECTION_SETS = /^Connections Sets/;
const CONNECTION = /^\tip: \/?(\S+) sessionId: /;
const OWNER = /^(0x[0-9a-fA-F]+):$/;

/** Undefined when the text has none of the sections. */
export function parseDump(text: string): Dump | undefined {
  const sessions = new Map<string, DumpSession>();
  const ephemerals = new Map<string, string[]>();
  let connections: Set<string> | undefined;
  let section: Section | undefined;
  let expiresAtMs: number | undefined;
  let owned: string[] = [];
  for (const line of text.split('\n')) {
    const next = SECTION_BY_HEAD[line.trim()];
    if (next !== undefined) section = next;
    else if (section === 'sessions') {
      const bucket = BUCKET.exec(line);
      if (bucket !== null) expiresAtMs = parseJavaDate(bucket[1]);
      addSession(sessions, line, expiresAtMs);
    } else if (section === 'ephemerals') {
      const owner = parseHex(OWNER.exec(line)?.[1]);
      if (owner !== undefined) ephemerals.set(owner, (owned = []));
      else if (line.startsWith('\t')) owned.push(line.slice(1));
    } else if (section === 'connections') {
      if (CONNECTION_SETS.test(line)) connections = new Set();
      const address = CONNECTION.exec(line)?.[1];
      if (address !== undefined) connections?.add(address);
    }
  }
  return section === undefined ? undefined : { sessions, ephemerals, connections };
}

function addSession(sessions: Map<string, DumpSession>, line: string, expiresAtMs: number | undefined): void {
  const global = GLOBAL_SESSION.exec(line);
  const sessionId = parseHex(global?.[1] ?? (line.startsWith('\t') ? line : undefined));
  if (sessionId === undefined) return;
  const timeoutMs = parseNumber(global?.[2]);
  sessions.set(sessionId, { expiresAtMs: timeoutMs === undefined ? expiresAtMs : undefined, timeoutMs });
}

function parseJavaDate(text: string | undefined): number | undefined {
  // Sat Nov 21 02:29:47 UTC 2026 → 21 Nov 2026 02:29:47 UTC
  const match = /^\w+ (\w+) (\d+) (\d\d:\d\d:\d\d) (\S+) (\d{4})$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, month = '', day = '', time = '', zone = '', year = ''] = match;
  const ms = Date.parse(`${day} ${month} ${year} ${time} ${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

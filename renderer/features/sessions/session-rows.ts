/** Which sessions the table shows, and how its columns compare them. Pure: a list and a question in, rows out. */
import type { SessionDto } from '../../../shared/api/sessions.ts';
import { assertNever } from '../../../shared/assert.ts';

export const SESSION_COLUMNS = [
  'sessionId',
  'client',
  'address',
  'server',
  'expires',
  'timeout',
  'heard',
  'latency',
  'ephemerals',
  'watches',
  'lastOperation',
  'role',
] as const;
export type SessionColumn = (typeof SESSION_COLUMNS)[number];

/** `ended`: those that are gone (ended-sessions.tsx). */
export type SessionScope = 'all' | 'with-ephemerals' | 'watching' | 'ended';

export interface SessionQuestion {
  readonly scope: SessionScope;
  /** Looked for in id, name, address, server and the paths of ephemerals. */
  readonly text: string;
}

/** Watches by session, once they were asked for; a session that is not in it has none. */
export type WatchesBySession = ReadonlyMap<string, number>;

/** A session as the table has it. */
export interface SessionRow {
  readonly session: SessionDto;
  /** The id as a number, made once: thousands of comparisons ask for it. */
  readonly order: bigint;
  /** The address so that plain comparison puts `10.0.0.9:1` before `10.0.0.10:1`; made once, too. */
  readonly addressOrder: string | null;
  /** Null before they were asked for. */
  readonly watches: number | null;
}

/** The rows in the order of their ids, so that rows which a sorting leaves equal do not jump from poll to poll. */
export function sessionRows(
  sessions: readonly SessionDto[],
  { scope, text }: SessionQuestion,
  watches: WatchesBySession | null,
): SessionRow[] {
  const needle = text.trim().toLowerCase();
  return sessions
    .map((session) => ({
      session,
      order: BigInt(session.sessionId),
      addressOrder: session.address?.replace(/\d+/g, (digits) => digits.padStart(PORT_DIGITS, '0')) ?? null,
      watches: watches === null ? null : (watches.get(session.sessionId) ?? 0),
    }))
    .filter((row) => isWithin(row, scope) && (needle === '' || mentions(row.session, needle)))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
}

const PORT_DIGITS = 5;

function isWithin({ session, watches }: SessionRow, scope: SessionScope): boolean {
  switch (scope) {
    case 'all':
      return true;
    case 'with-ephemerals':
      return (session.ephemeralCount ?? 0) > 0;
    case 'watching':
      return (watches ?? 0) > 0;
    case 'ended':
      return false;
    default:
      return assertNever(scope);
  }
}

function mentions(session: SessionDto, needle: string): boolean {
  return (
    session.sessionId.includes(needle) ||
    session.label?.text.toLowerCase().includes(needle) === true ||
    session.address?.toLowerCase().includes(needle) === true ||
    session.server?.toLowerCase().includes(needle) === true ||
    session.ephemerals?.some((path) => path.toLowerCase().includes(needle)) === true
  );
}

type SortValue = string | number | bigint;

/** What a column sorts by; null where it is not known. */
export function sortValue(column: SessionColumn, row: SessionRow): SortValue | null {
  const { session, order, watches } = row;
  switch (column) {
    case 'sessionId':
      return order;
    case 'client':
      return session.label?.text ?? null;
    case 'address':
      return row.addressOrder;
    case 'server':
      return session.server;
    case 'expires':
      return session.expiresAtMs;
    case 'timeout':
      return session.timeoutMs;
    case 'heard':
      // Heard long ago is much.
      return session.lastHeardAtMs === null ? null : -session.lastHeardAtMs;
    case 'latency':
      return session.latencyMs?.avg ?? null;
    case 'ephemerals':
      return session.ephemeralCount;
    case 'watches':
      return watches;
    case 'lastOperation':
      return session.lastOperation;
    case 'role':
      return session.roles[0]?.path ?? null;
    default:
      return assertNever(column);
  }
}

/** In ascending order. Demands that both have a value in this column. */
export function compareSessions(column: SessionColumn, left: SessionRow, right: SessionRow): number {
  const a = sortValue(column, left);
  const b = sortValue(column, right);
  if (a === null || b === null) return 0;
  if (column === 'server' && typeof a === 'string' && typeof b === 'string') return natural.compare(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `zk-9` before `zk-10`. */
const natural = new Intl.Collator('en', { numeric: true });

/** Which sessions the table shows, and how its columns compare them. Pure: a list and a question in, rows out. */
import { assertNever } from '../../../shared/assert.ts';
import type { SessionDto } from '../../../shared/api/sessions.ts';

export const SESSION_COLUMNS = [
  'sessionId',
  'address',
  'server',
  'expires',
  'timeout',
  'latency',
  'ephemerals',
  'received',
  'queued',
  'lastOperation',
  'established',
] as const;
export type SessionColumn = (typeof SESSION_COLUMNS)[number];

export interface SessionQuestion {
  readonly scope: 'all' | 'with-ephemerals';
  /** Looked for in id, address, server and the paths of ephemerals. */
  readonly text: string;
}

/** The rows in the order of their ids, so that rows which a sorting leaves equal do not jump from poll to poll. */
export function sessionRows(sessions: readonly SessionDto[], { scope, text }: SessionQuestion): SessionDto[] {
  const needle = text.trim().toLowerCase();
  return sessions
    .filter((session) => scope === 'all' || (session.ephemerals?.length ?? 0) > 0)
    .filter((session) => needle === '' || mentions(session, needle))
    .sort((a, b) => compareSessions('sessionId', a, b));
}

function mentions(session: SessionDto, needle: string): boolean {
  return (
    session.sessionId.includes(needle) ||
    session.address?.toLowerCase().includes(needle) === true ||
    session.server?.toLowerCase().includes(needle) === true ||
    session.ephemerals?.some((path) => path.toLowerCase().includes(needle)) === true
  );
}

type SortValue = string | number | bigint;

/** What a column sorts by; null where it is not known. */
export function sortValue(column: SessionColumn, session: SessionDto): SortValue | null {
  switch (column) {
    case 'sessionId':
      return BigInt(session.sessionId);
    case 'address':
      return session.address;
    case 'server':
      return session.server;
    case 'expires':
      return session.expiresAtMs;
    case 'timeout':
      return session.timeoutMs;
    case 'latency':
      return session.latencyMs?.avg ?? null;
    case 'ephemerals':
      return session.ephemerals?.length ?? null;
    case 'received':
      return session.received;
    case 'queued':
      return session.queued;
    case 'lastOperation':
      return session.lastOperation;
    case 'established':
      return session.establishedAtMs;
    default:
      return assertNever(column);
  }
}

/** In ascending order. Demands that both have a value in this column. */
export function compareSessions(column: SessionColumn, left: SessionDto, right: SessionDto): number {
  const a = sortValue(column, left);
  const b = sortValue(column, right);
  if (a === null || b === null) return 0;
  if (typeof a === 'string' && typeof b === 'string') return natural.compare(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `10.0.0.9:1` before `10.0.0.10:1`. */
const natural = new Intl.Collator('en', { numeric: true });

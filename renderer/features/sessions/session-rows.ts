/** Which sessions the table shows, and in what order. Pure: a list and a question in, rows out. */
import { assertNever } from '../../../shared/assert.ts';
import type { SessionDto } from '../../../shared/api/cluster.ts';

export type SessionColumn =
  | 'sessionId'
  | 'address'
  | 'server'
  | 'expires'
  | 'timeout'
  | 'latency'
  | 'ephemerals'
  | 'received'
  | 'queued'
  | 'lastOperation'
  | 'established';

export interface SessionOrder {
  readonly column: SessionColumn;
  readonly direction: 'ascending' | 'descending';
}

export interface SessionQuestion {
  readonly scope: 'all' | 'with-ephemerals';
  /** Looked for in id, address, server and the paths of ephemerals. */
  readonly text: string;
  readonly order: SessionOrder;
}

export function sessionRows(
  sessions: readonly SessionDto[],
  { scope, text, order }: SessionQuestion,
): SessionDto[] {
  const needle = text.trim().toLowerCase();
  const sign = order.direction === 'ascending' ? 1 : -1;
  return sessions
    .filter((session) => scope === 'all' || (session.ephemerals?.length ?? 0) > 0)
    .filter((session) => needle === '' || mentions(session, needle))
    .map((session) => ({ session, value: sortValue(session, order.column) }))
    .sort((a, b) => compareKnown(a.value, b.value, sign) || compareIds(a.session, b.session))
    .map(({ session }) => session);
}

function mentions(session: SessionDto, needle: string): boolean {
  return (
    session.sessionId.includes(needle) ||
    session.address?.toLowerCase().includes(needle) === true ||
    session.server?.toLowerCase().includes(needle) === true ||
    session.ephemerals?.some((path) => path.toLowerCase().includes(needle)) === true
  );
}

type SortValue = string | number | bigint | null;

function sortValue(session: SessionDto, column: SessionColumn): SortValue {
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

/** What is not known comes last in both directions: it is neither small nor large. */
function compareKnown(a: SortValue, b: SortValue, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return sign * compareNatural(a, b);
  return a < b ? -sign : a > b ? sign : 0;
}

const natural = new Intl.Collator('en', { numeric: true });

/** `10.0.0.9:1` before `10.0.0.10:1`. */
function compareNatural(a: string, b: string): number {
  return natural.compare(a, b);
}

/** Rows that are otherwise equal must not jump about from poll to poll. */
function compareIds(a: SessionDto, b: SessionDto): number {
  const left = BigInt(a.sessionId);
  const right = BigInt(b.sessionId);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A click on a head: the sorted column turns round, another starts where its interesting end is on top. */
export function nextOrder(order: SessionOrder, column: SessionColumn): SessionOrder {
  if (order.column === column) {
    return { column, direction: order.direction === 'ascending' ? 'descending' : 'ascending' };
  }
  return { column, direction: LARGEST_FIRST.has(column) ? 'descending' : 'ascending' };
}

const LARGEST_FIRST: ReadonlySet<SessionColumn> = new Set(['latency', 'ephemerals', 'received', 'queued']);

/** The columns of the sessions table. With the details open, what they show as well makes room. */
import { type ReactNode, useMemo } from 'react';
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import type { ServerRole } from '../../../shared/api/common.ts';
import { formatCount, formatDecimal, formatFullTime } from '../../app/format.ts';
import { type Format, useFormat } from '../../app/use-format.ts';
import type { Column } from '../../components/data-table.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { expiryOf } from './expiry.ts';
import { ExpiryCell } from './expiry-bar.tsx';
import { whereaboutsOf } from './findings.ts';
import { type SessionColumn, compareSessions, sortValue } from './session-rows.ts';
import classes from './sessions.module.css';

interface Context {
  readonly list: SessionList;
  readonly nowMs: number;
  readonly t: Texts;
  readonly format: Format;
}

const WIDTHS: Readonly<Record<SessionColumn, string>> = {
  sessionId: '164px',
  address: 'minmax(204px, 1.4fr)',
  server: 'minmax(152px, 1.2fr)',
  expires: 'minmax(136px, 1.2fr)',
  timeout: '64px',
  latency: '64px',
  ephemerals: '56px',
  received: '76px',
  queued: '66px',
  lastOperation: '70px',
  established: '112px',
};

/** Below it the table scrolls sideways. */
export const TABLE_WIDTH_MIN = { alone: 1130, besideDetails: 890 };

const NUMERIC: ReadonlySet<SessionColumn> = new Set([
  'timeout',
  'latency',
  'ephemerals',
  'received',
  'queued',
]);
const IN_DETAILS: ReadonlySet<SessionColumn> = new Set(['received', 'queued', 'established']);

export function useSessionColumns({
  list,
  nowMs,
  isBesideDetails,
}: {
  list: SessionList;
  nowMs: number;
  isBesideDetails: boolean;
}): readonly Column<SessionDto>[] {
  const t = useTexts();
  const format = useFormat();
  return useMemo(
    () =>
      (Object.keys(WIDTHS) as SessionColumn[])
        .filter((column) => !isBesideDetails || !IN_DETAILS.has(column))
        .map((column) => columnOf(column, { list, nowMs, t, format })),
    [list, nowMs, t, format, isBesideDetails],
  );
}

function columnOf(column: SessionColumn, context: Context): Column<SessionDto> {
  const { t } = context;
  return {
    id: column,
    header: <span title={t(`sessions:columnHint.${column}`)}>{t(`sessions:column.${column}`)}</span>,
    width: WIDTHS[column],
    align: NUMERIC.has(column) ? 'end' : 'start',
    isMono: true,
    compare: (a, b) => compareSessions(column, a, b),
    isKnown: (session) => sortValue(column, session) !== null,
    render: (session) => renderCell(column, session, context),
  };
}

function renderCell(
  column: SessionColumn,
  session: SessionDto,
  { t, format, list, nowMs }: Context,
): ReactNode {
  // What only a server that has the connection could tell.
  const missing =
    whereaboutsOf(session, list) === 'unknown' ? (
      <Hidden hint={t('sessions:hiddenHint')} t={t} />
    ) : (
      <span className={classes.zero}>–</span>
    );
  switch (column) {
    case 'sessionId':
      return session.sessionId;
    case 'address':
      return <ClientCell session={session} list={list} t={t} />;
    case 'server':
      return session.server === null ? (
        missing
      ) : (
        <ServerCell server={session.server} role={session.serverRole} />
      );
    case 'expires': {
      const expiry = expiryOf(session, { nowMs, polledAtMs: list.atMs });
      return expiry === null ? (
        <Hidden hint={t('sessions:expiryHiddenHint')} t={t} />
      ) : (
        <ExpiryCell expiry={expiry} />
      );
    }
    case 'timeout':
      return session.timeoutMs === null ? (
        <Hidden hint={t('sessions:hiddenHint')} t={t} />
      ) : (
        format.duration(session.timeoutMs)
      );
    case 'latency':
      return session.latencyMs === null ? missing : formatDecimal(session.latencyMs.avg);
    case 'ephemerals':
      return session.ephemerals === null ? (
        <Hidden hint={t('sessions:hiddenHint')} t={t} />
      ) : (
        <Count count={session.ephemerals.length} />
      );
    case 'received':
      return session.received === null ? missing : <Count count={session.received} />;
    case 'queued':
      return session.queued === null ? missing : <Count count={session.queued} />;
    case 'lastOperation':
      return session.lastOperation ?? missing;
    case 'established':
      return session.establishedAtMs === null ? (
        missing
      ) : (
        <span title={formatFullTime(session.establishedAtMs)}>
          {shortTime(session.establishedAtMs, format)}
        </span>
      );
  }
}

/** Milliseconds say nothing about when a connection was made. */
export function shortTime(atMs: number, format: Format): string {
  return format.time(atMs).replace(/\.\d{3}$/, '');
}

interface ClientCellProps {
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly t: Texts;
}

function ClientCell({ session, list, t }: ClientCellProps): ReactNode {
  return (
    <span className={classes.client}>
      {session.address ?? <MissingClient session={session} list={list} t={t} />}
      {session.isOwn && <span className={classes.own}>{t('sessions:own')}</span>}
    </span>
  );
}

function MissingClient({ session, list, t }: ClientCellProps): ReactNode {
  const whereabouts = whereaboutsOf(session, list);
  if (whereabouts === 'unknown') return <Hidden hint={t('sessions:hiddenHint')} t={t} />;
  const isLost = whereabouts === 'disconnected';
  return (
    <span className={isLost ? classes.noConnection : classes.notHere} title={t('sessions:notHereHint')}>
      {t(isLost ? 'sessions:noConnection' : 'sessions:notHere')}
    </span>
  );
}

function ServerCell({
  server,
  role,
}: {
  readonly server: string;
  readonly role: ServerRole | null;
}): ReactNode {
  return (
    <span className={classes.server}>
      {role !== null && <RoleShape role={role} />}
      <span className={classes.serverName}>{server}</span>
    </span>
  );
}

function Hidden({ hint, t }: { readonly hint: string; readonly t: Texts }): ReactNode {
  return (
    <span className={classes.hidden} title={hint}>
      {t('sessions:hidden')}
    </span>
  );
}

function Count({ count }: { readonly count: number }): ReactNode {
  return <span className={count === 0 ? classes.zero : undefined}>{formatCount(count)}</span>;
}

/** The columns of the sessions table. With the details open, what they show as well makes room. */
import { type ReactNode, useMemo } from 'react';
import type { SessionDto, SessionList } from '../../../shared/api/cluster.ts';
import { formatCount, formatDecimal, formatFullTime } from '../../app/format.ts';
import { type Format, useFormat } from '../../app/use-format.ts';
import type { Column } from '../../components/data-table.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { expiryOf } from './expiry.ts';
import { ExpiryCell } from './expiry-bar.tsx';
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
  address: 'minmax(160px, 1.4fr)',
  server: 'minmax(128px, 1fr)',
  expires: 'minmax(140px, 1.2fr)',
  timeout: '68px',
  latency: '66px',
  ephemerals: '56px',
  received: '76px',
  queued: '66px',
  lastOperation: '70px',
  established: '112px',
};

/** Below it the table scrolls sideways. */
export const TABLE_WIDTH_MIN = { alone: 1080, besideDetails: 900 };

const NUMERIC: ReadonlySet<SessionColumn> = new Set([
  'timeout',
  'latency',
  'ephemerals',
  'received',
  'queued',
]);
const IN_DETAILS: ReadonlySet<SessionColumn> = new Set(['received', 'established']);

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

function renderCell(column: SessionColumn, session: SessionDto, context: Context): ReactNode {
  const { t, format, list, nowMs } = context;
  switch (column) {
    case 'sessionId':
      return session.sessionId;
    case 'address':
      return <ClientCell session={session} list={list} t={t} />;
    case 'server':
      return <ServerCell session={session} list={list} t={t} />;
    case 'expires': {
      const expiry = expiryOf(session, { nowMs, polledAtMs: list.atMs });
      return expiry === null ? <HiddenCell t={t} /> : <ExpiryCell expiry={expiry} />;
    }
    case 'timeout':
      return session.timeoutMs === null ? <HiddenCell t={t} /> : format.duration(session.timeoutMs);
    case 'latency':
      return session.latencyMs === null ? <HiddenCell t={t} /> : formatDecimal(session.latencyMs.avg);
    case 'ephemerals':
      return <CountCell count={session.ephemerals?.length ?? null} t={t} />;
    case 'received':
      return <CountCell count={session.received} t={t} />;
    case 'queued':
      return <CountCell count={session.queued} t={t} />;
    case 'lastOperation':
      return session.lastOperation ?? <HiddenCell t={t} />;
    case 'established':
      return session.establishedAtMs === null ? (
        <HiddenCell t={t} />
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

function ClientCell({
  session,
  list,
  t,
}: {
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly t: Texts;
}): ReactNode {
  return (
    <span className={classes.client}>
      {session.address ?? <NoConnection list={list} t={t} />}
      {session.isOwn && <span className={classes.own}>{t('sessions:own')}</span>}
    </span>
  );
}

function ServerCell({
  session,
  list,
  t,
}: {
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly t: Texts;
}): ReactNode {
  if (session.server === null) return session.address === null ? null : <NoConnection list={list} t={t} />;
  return (
    <span className={classes.server}>
      {session.serverRole !== null && <RoleShape role={session.serverRole} />}
      <span className={classes.serverName}>{session.server}</span>
    </span>
  );
}

/** No server lists the session: it has no connection, unless some server did not tell. */
function NoConnection({ list, t }: { readonly list: SessionList; readonly t: Texts }): ReactNode {
  const isHidden = list.hidden.some(({ word }) => word === 'cons');
  if (isHidden) return <HiddenCell t={t} />;
  return <span className={classes.noConnection}>{t('sessions:noConnection')}</span>;
}

function HiddenCell({ t }: { readonly t: Texts }): ReactNode {
  return (
    <span className={classes.hidden} title={t('sessions:hiddenHint')}>
      {t('sessions:hidden')}
    </span>
  );
}

function CountCell({ count, t }: { readonly count: number | null; readonly t: Texts }): ReactNode {
  if (count === null) return <HiddenCell t={t} />;
  return <span className={count === 0 ? classes.zero : undefined}>{formatCount(count)}</span>;
}

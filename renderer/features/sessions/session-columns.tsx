/** The columns of the sessions table. With the details open, what they show as well makes room. */
import { type ReactNode, useMemo } from 'react';
import type { ServerRole } from '../../../shared/api/common.ts';
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import { formatCount, formatDecimal } from '../../app/format.ts';
import { type Format, useFormat } from '../../app/use-format.ts';
import type { Column } from '../../components/data-table.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { Clockwork } from './expiry.ts';
import { Ago, ExpiryCell } from './expiry-bar.tsx';
import { whereaboutsOf } from './findings.ts';
import { hostOf } from './client-label.ts';
import { roleWords } from './role-words.ts';
import { type SessionColumn, type SessionRow, compareSessions, sortValue } from './session-rows.ts';
import classes from './sessions.module.css';

interface Context {
  readonly list: SessionList;
  readonly clockwork: Clockwork;
  readonly t: Texts;
  readonly format: Format;
}

const WIDTHS: Readonly<Record<SessionColumn, string>> = {
  sessionId: '156px',
  client: 'minmax(104px, 1.2fr)',
  address: 'minmax(112px, 0.7fr)',
  server: 'minmax(152px, 1fr)',
  expires: 'minmax(140px, 1.2fr)',
  timeout: '62px',
  heard: '82px',
  latency: '62px',
  ephemerals: '54px',
  watches: '68px',
  lastOperation: '66px',
  role: 'minmax(170px, 1.6fr)',
};

/** Below it the table scrolls sideways. */
export const TABLE_WIDTH_MIN = { alone: 1290, besideDetails: 930 };

const NUMERIC: ReadonlySet<SessionColumn> = new Set(['timeout', 'heard', 'latency', 'ephemerals', 'watches']);
const IN_DETAILS: ReadonlySet<SessionColumn> = new Set(['timeout', 'lastOperation', 'role']);
const IN_WORDS: ReadonlySet<SessionColumn> = new Set(['client', 'role']);

export function useSessionColumns({
  list,
  clockwork,
  isBesideDetails,
}: {
  list: SessionList;
  clockwork: Clockwork;
  isBesideDetails: boolean;
}): readonly Column<SessionRow>[] {
  const t = useTexts();
  const format = useFormat();
  return useMemo(
    () =>
      (Object.keys(WIDTHS) as SessionColumn[])
        .filter((column) => !isBesideDetails || !IN_DETAILS.has(column))
        .map((column) => columnOf(column, { list, clockwork, t, format })),
    [list, clockwork, t, format, isBesideDetails],
  );
}

function columnOf(column: SessionColumn, context: Context): Column<SessionRow> {
  const { t } = context;
  return {
    id: column,
    header: <span title={t(`sessions:columnHint.${column}`)}>{t(`sessions:column.${column}`)}</span>,
    width: WIDTHS[column],
    align: NUMERIC.has(column) ? 'end' : 'start',
    isMono: !IN_WORDS.has(column),
    compare: (a, b) => compareSessions(column, a, b),
    isKnown: (row) => sortValue(column, row) !== null,
    render: (row) => renderCell(column, row, context),
  };
}

function renderCell(column: SessionColumn, row: SessionRow, context: Context): ReactNode {
  const { t, format, list, clockwork } = context;
  const { session, watches } = row;
  // What only a server that has the connection could tell.
  const missing =
    whereaboutsOf(session, list) === 'unknown' ? (
      <Hidden hint={t('sessions:hiddenHint')} t={t} />
    ) : (
      <span className={classes.zero}>–</span>
    );
  const hidden = <Hidden hint={t('sessions:hiddenHint')} t={t} />;
  switch (column) {
    case 'sessionId':
      return session.sessionId;
    case 'client':
      return <ClientCell session={session} t={t} />;
    case 'address':
      return session.address === null ? (
        <MissingClient session={session} list={list} t={t} />
      ) : (
        <span title={session.address}>{hostOf(session.address)}</span>
      );
    case 'server':
      return session.server === null ? (
        missing
      ) : (
        <ServerCell server={session.server} role={session.serverRole} />
      );
    case 'expires':
      return session.expiresAtMs === null ? (
        <Hidden hint={t('sessions:expiryHiddenHint')} t={t} />
      ) : (
        <ExpiryCell session={session} clockwork={clockwork} t={t} format={format} />
      );
    case 'timeout':
      return session.timeoutMs === null ? hidden : format.duration(session.timeoutMs);
    case 'heard':
      return session.lastHeardAtMs === null ? (
        missing
      ) : (
        <Ago atMs={session.lastHeardAtMs} frozenMs={clockwork.frozenMs} format={format} />
      );
    case 'latency':
      return session.latencyMs === null ? missing : formatDecimal(session.latencyMs.avg);
    case 'ephemerals':
      return session.ephemeralCount === null ? hidden : <Count count={session.ephemeralCount} />;
    case 'watches':
      return watches === null ? (
        <span className={classes.zero} title={t('sessions:watches.notAsked')}>
          –
        </span>
      ) : (
        <Count count={watches} />
      );
    case 'lastOperation':
      return session.lastOperation ?? missing;
    case 'role':
      return <RoleCell session={session} t={t} />;
  }
}

function ClientCell({ session, t }: { readonly session: SessionDto; readonly t: Texts }): ReactNode {
  if (session.label !== null) return <span className={classes.label}>{session.label.text}</span>;
  if (session.isOwn) return t('sessions:own');
  return (
    <span className={classes.zero} title={t('sessions:unnamed')}>
      –
    </span>
  );
}

function MissingClient({
  session,
  list,
  t,
}: {
  readonly session: SessionDto;
  readonly list: SessionList;
  readonly t: Texts;
}): ReactNode {
  const whereabouts = whereaboutsOf(session, list);
  if (whereabouts === 'unknown') return <Hidden hint={t('sessions:hiddenHint')} t={t} />;
  const isLost = whereabouts === 'disconnected';
  return (
    <span className={isLost ? classes.noConnection : classes.notHere} title={t('sessions:notHereHint')}>
      {t(isLost ? 'sessions:noConnection' : 'sessions:notHere')}
    </span>
  );
}

/** The most telling role, and how many more there are. */
function RoleCell({ session, t }: { readonly session: SessionDto; readonly t: Texts }): ReactNode {
  const [first] = session.roles;
  if (first === undefined) return null;
  const { sentence, path } = roleWords(first, t);
  return (
    <span className={classes.role} title={`${sentence} ${path}`}>
      {sentence} <code>{path}</code>
      {session.roleCount > 1 && <span className={classes.zero}> +{formatCount(session.roleCount - 1)}</span>}
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

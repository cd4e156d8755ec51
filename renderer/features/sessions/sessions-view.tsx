/** The Sessions view: every session of the ensemble as its servers tell, and the details of one. */
import { Button, Tooltip } from '@mantine/core';
import { Clock } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useMemo, useState } from 'react';
import type { SessionDto, SessionList } from '../../../shared/api/sessions.ts';
import type { Hidden } from '../../../shared/api/common.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat, useNow } from '../../app/use-format.ts';
import { forgetWantedSession, useWorkspace } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { HiddenNotice } from '../cluster/hidden-notice.tsx';
import { groupHidden } from '../cluster/hidden-words.ts';
import { countClose, tellingServers, toldWords } from './findings.ts';
import { EndedSessions } from './ended-sessions.tsx';
import type { Clockwork } from './expiry.ts';
import { TABLE_WIDTH_MIN, useSessionColumns } from './session-columns.tsx';
import { SessionDetails } from './session-details.tsx';
import { CountWatches, ExportMenu, Filters, WatchesNotAsked } from './session-controls.tsx';
import { type SessionQuestion, type SessionRow, sessionRows } from './session-rows.ts';
import { useSessions } from './use-sessions.ts';
import { type WatchCounting, useWatchCounts } from './use-watch-counts.ts';
import classes from './sessions.module.css';

export function SessionsView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <SessionsOf key={connectionId} connectionId={connectionId} />;
}

const EVERYTHING: SessionQuestion = { scope: 'all', text: '' };

function SessionsOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const { list, hidden, isStale, failure } = useSessions(connectionId);
  const clockwork = useClockwork(list, isStale);
  const watches = useWatchCounts(connectionId);
  const [question, setQuestion] = useState(EVERYTHING);
  const [selected, setSelected] = useState<SessionDto | null>(null);
  const listed = list?.sessions.find(({ sessionId }) => sessionId === selected?.sessionId);
  // A session that ends stays readable as it was last listed.
  if (listed !== undefined && listed !== selected) setSelected(listed);
  useWantedSession(list, (sessionId, session) => {
    setSelected(session ?? null);
    // One that nobody lists is looked for, so that the table says that it is not there.
    setQuestion(session === undefined ? { ...EVERYTHING, text: sessionId } : EVERYTHING);
  });
  const rows = useMemo(
    () => sessionRows(list?.sessions ?? [], question, watches.bySession),
    [list, question, watches.bySession],
  );

  return (
    <section
      className={classes.root}
      aria-label={t('sessions:title')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setSelected(null);
      }}
    >
      <div className={classes.main}>
        <PaneHeader title={t('sessions:title')} detail={list && <Summary list={list} />}>
          <Filters question={question} onChange={setQuestion} />
          <CountWatches watches={watches} />
          <ExportMenu rows={rows} />
        </PaneHeader>
        {failure !== null && (
          <FailureNotice
            failure={failure}
            attempt={t('sessions:failed')}
            tone={list === undefined ? 'danger' : 'warning'}
          />
        )}
        {question.scope === 'ended' ? (
          <EndedSessions list={list} text={question.text} />
        ) : list === undefined ? (
          failure === null && <SkeletonRows rowHeight={26} count={12} what={t('sessions:loading')} />
        ) : (
          <SessionTable
            list={list}
            rows={rows}
            clockwork={clockwork}
            question={question}
            watches={watches}
            isStale={isStale}
            hidden={hidden}
            selectedId={selected?.sessionId ?? null}
            onSelect={setSelected}
            onShowAll={() => {
              setQuestion(EVERYTHING);
            }}
          />
        )}
      </div>
      {selected !== null && list !== undefined && question.scope !== 'ended' && (
        <SessionDetails
          key={selected.sessionId}
          connectionId={connectionId}
          session={selected}
          list={list}
          clockwork={clockwork}
          isGone={listed === undefined}
          onClose={() => {
            setSelected(null);
          }}
        />
      )}
    </section>
  );
}

/** Nothing expires while nobody leads: an old list stands still instead of counting down to a false end. */
function useClockwork(list: SessionList | undefined, isStale: boolean): Clockwork {
  const polledAtMs = list?.atMs ?? 0;
  return useMemo(() => ({ polledAtMs, frozenMs: isStale ? polledAtMs : null }), [polledAtMs, isStale]);
}

/** Answers, as soon as there is a list, what another view asked to be shown (workspace.ts, openSession). */
function useWantedSession(
  list: SessionList | undefined,
  show: (sessionId: string, session: SessionDto | undefined) => void,
): void {
  const wanted = useWorkspace((state) => state.wantedSessionId);
  const showNow = useEffectEvent(show);
  useEffect(() => {
    if (wanted === null || list === undefined) return;
    showNow(
      wanted,
      list.sessions.find(({ sessionId }) => sessionId === wanted),
    );
    forgetWantedSession();
  }, [wanted, list]);
}

/** "24 on 4 servers", and how many are close to their end. */
function Summary({ list }: { readonly list: SessionList }): ReactNode {
  const t = useTexts();
  const close = countClose(list);
  const asked = list.servers.length;
  const telling = tellingServers(list).length;
  const servers = t('sessions:servers', { count: asked, formatted: formatCount(asked) });
  return (
    <span className={classes.summary}>
      {t(telling < asked ? 'sessions:summaryPartly' : 'sessions:summary', {
        count: list.sessions.length,
        formatted: formatCount(list.sessions.length),
        telling: formatCount(telling),
        servers,
      })}
      {close !== null && close > 0 && (
        <Tooltip label={t('sessions:closeHint')}>
          <span className={classes.closeCount}>
            <Clock size={14} strokeWidth={1.75} aria-hidden />
            {t('sessions:close', { count: close, formatted: formatCount(close) })}
          </span>
        </Tooltip>
      )}
    </span>
  );
}

interface SessionTableProps {
  readonly list: SessionList;
  /** Those of them that the question chooses. */
  readonly rows: readonly SessionRow[];
  readonly clockwork: Clockwork;
  readonly question: SessionQuestion;
  readonly watches: WatchCounting;
  /** What is shown is older than the latest poll. */
  readonly isStale: boolean;
  /** What the latest poll was not told. */
  readonly hidden: readonly Hidden[];
  readonly selectedId: string | null;
  readonly onSelect: (session: SessionDto) => void;
  readonly onShowAll: () => void;
}

function SessionTable(props: SessionTableProps): ReactNode {
  const { list, rows, clockwork, question, watches, isStale, hidden, selectedId, onSelect, onShowAll } =
    props;
  const t = useTexts();
  const isBesideDetails = selectedId !== null;
  const columns = useSessionColumns({ list, clockwork, isBesideDetails });
  const isWatchingUnknown = question.scope === 'watching' && watches.bySession === null;
  return (
    <>
      <div className={classNames(classes.table, isStale && classes.stale)}>
        <DataTable
          label={t('sessions:table')}
          columns={columns}
          rows={rows}
          rowKey={rowKey}
          selectedKey={selectedId}
          onSelect={({ session }) => {
            onSelect(session);
          }}
          initialSort={BY_EXPIRY}
          widthMin={isBesideDetails ? TABLE_WIDTH_MIN.besideDetails : TABLE_WIDTH_MIN.alone}
          empty={
            isWatchingUnknown ? (
              <WatchesNotAsked watches={watches} />
            ) : (
              <NoSession list={list} onShowAll={onShowAll} />
            )
          }
        />
      </div>
      {watches.failure !== null && (
        <FailureNotice failure={watches.failure} attempt={t('sessions:watches.failed')} tone="warning" />
      )}
      <HiddenNotice groups={groupHidden([...hidden, ...watches.hidden])} />
      <Footer list={list} shownCount={rows.length} isStale={isStale} watches={watches} />
    </>
  );
}

/** Who may vanish next is on top. */
const BY_EXPIRY = { columnId: 'expires', isDescending: false };

const rowKey = ({ session }: SessionRow): string => session.sessionId;

function NoSession({
  list,
  onShowAll,
}: {
  readonly list: SessionList;
  readonly onShowAll: () => void;
}): ReactNode {
  const t = useTexts();
  const count = list.sessions.length;
  if (count > 0) {
    return (
      <EmptyState
        title={t('sessions:empty.noMatchTitle')}
        action={<Button onClick={onShowAll}>{t('sessions:empty.showAll')}</Button>}
      >
        {t('sessions:empty.noMatchText', { count, formatted: formatCount(count) })}
      </EmptyState>
    );
  }
  return (
    <EmptyState title={t('sessions:empty.title')}>
      {t(list.hidden.length > 0 ? 'sessions:empty.hiddenText' : 'sessions:empty.text')}
    </EmptyState>
  );
}

interface FooterProps {
  readonly list: SessionList;
  readonly shownCount: number;
  readonly isStale: boolean;
  readonly watches: WatchCounting;
}

/** Where the numbers come from, and how old they are when the polling fails. */
function Footer({ list, shownCount, isStale, watches }: FooterProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const told = toldWords(list);
  const telling = tellingServers(list).length;
  return (
    <footer className={classes.footer}>
      <span>
        {told.length > 0 &&
          t('sessions:footer.source', {
            count: telling,
            formatted: formatCount(telling),
            words: told.join(', '),
          })}
        {watches.bySession !== null &&
          watches.atMs !== null &&
          t('sessions:footer.watches', { time: format.time(watches.atMs) })}
      </span>
      {isStale ? (
        <span className={classes.age}>
          <Stale atMs={list.atMs} />
        </span>
      ) : (
        <span>
          {t('sessions:footer.shown', {
            shown: formatCount(shownCount),
            total: formatCount(list.sessions.length),
          })}
        </span>
      )}
    </footer>
  );
}

function Stale({ atMs }: { readonly atMs: number }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  return t('sessions:notice.stale', { ago: format.duration(useNow() - atMs) });
}

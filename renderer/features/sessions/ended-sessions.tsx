/**
 * The sessions that have ended: when, whose, and how, as the diagnosis of the connection found out. It keeps that over restarts;
 * a row leads to the autopsy.
 */
import { type ReactNode, useMemo } from 'react';
import type { SessionList } from '../../../shared/api/sessions.ts';
import { useFindings } from '../../app/findings.ts';
import { formatFullTime } from '../../app/format.ts';
import { type Format, useFormat } from '../../app/use-format.ts';
import { openFinding } from '../../app/workspace.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type EndedSession, endedRows } from './ended-rows.ts';
import classes from './sessions.module.css';

interface EndedSessionsProps {
  /** For the names that a person gave to sessions. */
  readonly list: SessionList | undefined;
  /** Looked for in id and cause. */
  readonly text: string;
}

export function EndedSessions({ list, text }: EndedSessionsProps): ReactNode {
  const t = useTexts();
  const findings = useFindings((state) => state.findings);
  const isLoaded = useFindings((state) => state.isLoaded);
  const failure = useFindings((state) => state.failure);
  const columns = useColumns(list);
  const rows = useMemo(() => endedRows(findings, text), [findings, text]);
  if (failure !== null) return <FailureNotice failure={failure} attempt={t('sessions:ended.failed')} />;
  if (!isLoaded) return <SkeletonRows rowHeight={26} count={6} what={t('sessions:ended.label')} />;
  return (
    <div className={classes.table}>
      <DataTable
        label={t('sessions:ended.label')}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        onSelect={({ id }) => {
          openFinding(id);
        }}
        initialSort={NEWEST_FIRST}
        widthMin={900}
        empty={
          <EmptyState title={t(text === '' ? 'sessions:ended.emptyTitle' : 'sessions:empty.noMatchTitle')}>
            {text === '' && t('sessions:ended.emptyText')}
          </EmptyState>
        }
      />
    </div>
  );
}

const NEWEST_FIRST = { columnId: 'at', isDescending: true };

const rowKey = ({ id }: EndedSession): string => id;

function useColumns(list: SessionList | undefined): readonly Column<EndedSession>[] {
  const t = useTexts();
  const format = useFormat();
  const tell = useSentences();
  return useMemo(
    () => columnsOf({ t, format, tell, labels: list?.labels ?? {} }),
    [t, format, tell, list?.labels],
  );
}

function columnsOf({
  t,
  format,
  tell,
  labels,
}: {
  t: Texts;
  format: Format;
  tell: ReturnType<typeof useSentences>;
  labels: SessionList['labels'];
}): readonly Column<EndedSession>[] {
  return [
    {
      id: 'at',
      header: t('sessions:ended.at'),
      width: '150px',
      isMono: true,
      compare: (a, b) => Date.parse(a.at) - Date.parse(b.at),
      render: ({ at }) => <span title={formatFullTime(Date.parse(at))}>{format.time(Date.parse(at))}</span>,
    },
    {
      id: 'session',
      header: t('sessions:column.sessionId'),
      width: '164px',
      isMono: true,
      compare: (a, b) => (a.subject < b.subject ? -1 : 1),
      render: ({ subject }) => subject,
    },
    {
      id: 'client',
      header: t('sessions:column.client'),
      width: 'minmax(100px, 0.5fr)',
      render: ({ subject }) => labels[subject] ?? <span className={classes.zero}>–</span>,
    },
    {
      id: 'cause',
      header: t('sessions:ended.cause'),
      width: '150px',
      compare: (a, b) => (a.cause < b.cause ? -1 : 1),
      render: ({ cause }) => t(`sessions:ended.causes.${cause}`),
    },
    {
      id: 'answer',
      header: t('sessions:ended.answer'),
      width: 'minmax(300px, 3fr)',
      render: ({ words }) => {
        const answer = tell(words.answer);
        return <span title={answer}>{answer}</span>;
      },
    },
  ];
}

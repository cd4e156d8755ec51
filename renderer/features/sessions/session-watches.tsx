/** Which paths a session watches: asked of its server when a person wants to know. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { SessionDto } from '../../../shared/api/sessions.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { HiddenNotice } from '../cluster/hidden-notice.tsx';
import { groupHidden } from '../cluster/hidden-words.ts';
import { PathList } from './path-list.tsx';
import classes from './session-details.module.css';

interface SessionWatchesProps {
  readonly connectionId: string;
  readonly session: SessionDto;
}

export function SessionWatches({ connectionId, session }: SessionWatchesProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { data, error, isFetching, refetch } = useQuery({
    ...api.sessions.watchesOf.queryOptions({ input: { connectionId, sessionId: session.sessionId } }),
    enabled: false,
    retry: false,
    staleTime: Infinity,
  });
  const fact =
    data === undefined
      ? t('sessions:watches.notAskedHere')
      : data.paths === null
        ? t('sessions:hidden')
        : t('sessions:watches.asOf', { formatted: formatCount(data.count), time: format.time(data.atMs) });
  return (
    <div className={classes.section}>
      <div className={classes.titleRow}>
        <h3 className={classes.sectionTitle}>
          {t('sessions:watches.title')} <span className={classes.unit}>{fact}</span>
        </h3>
        <Button
          size="compact-xs"
          loading={isFetching}
          title={t('sessions:watches.askHint')}
          onClick={() => {
            void refetch();
          }}
        >
          {t(data === undefined ? 'sessions:watches.ask' : 'sessions:watches.askAgain')}
        </Button>
      </div>
      {error !== null && <FailureNotice failure={failureOf(error)} attempt={t('sessions:watches.failed')} />}
      {data !== undefined && data.paths !== null && (
        <PathList label={t('sessions:watches.title')} paths={data.paths} count={data.paths.length} />
      )}
      {data !== undefined && <HiddenNotice groups={groupHidden(data.hidden)} />}
    </div>
  );
}

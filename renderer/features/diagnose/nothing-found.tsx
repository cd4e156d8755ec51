/** Nothing has gone wrong: what is watched and since when, what a finding would look like, and how to cause one. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Watching } from '../../../shared/api/diagnosis.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { useEnsembles } from '../../app/ensembles.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './diagnose.module.css';

interface NothingFoundProps {
  readonly connectionId: string;
  readonly watching: Watching | null;
}

export function NothingFound({ connectionId, watching }: NothingFoundProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const ensembleId = useBreakableEnsemble(connectionId);
  return (
    <div className={classes.empty}>
      <EmptyState
        level={1}
        title={
          watching === null
            ? t('diagnose:empty.titleIdle')
            : t('diagnose:empty.title', { time: format.time(watching.sinceMs) })
        }
        action={ensembleId !== null && <KillLeader ensembleId={ensembleId} />}
      >
        {watching === null ? t('diagnose:empty.idle') : <Watched watching={watching} />}
        <p className={classes.example}>{t('diagnose:empty.example')}</p>
        <blockquote className={classes.quote}>{t('diagnose:empty.exampleText')}</blockquote>
        {ensembleId !== null && <p className={classes.breaking}>{t('diagnose:empty.causeText')}</p>}
      </EmptyState>
    </div>
  );
}

function Watched({ watching }: { readonly watching: Watching }): ReactNode {
  const t = useTexts();
  const { servers, tellingSids, logFolderCount } = watching;
  const counted = (count: number): { count: number; formatted: string } => ({
    count,
    formatted: formatCount(count),
  });
  return (
    <div className={classes.watched}>
      <p>{t('diagnose:empty.watching', counted(servers.length))}</p>
      <p>
        {tellingSids.length === 0
          ? t('diagnose:empty.noEvents')
          : t('diagnose:empty.events', counted(tellingSids.length))}
      </p>
      {logFolderCount > 0 && <p>{t('diagnose:empty.logs', counted(logFolderCount))}</p>}
    </div>
  );
}

/** A local ensemble that survives the loss of its leader. */
function useBreakableEnsemble(connectionId: string): string | null {
  const ensemble = useEnsembles().find((each) => each.connectionId === connectionId);
  if (ensemble?.state !== 'running') return null;
  const running = ensemble.servers.filter(
    ({ role, process }) => role === 'participant' && process === 'running',
  );
  return running.length >= 3 ? ensemble.ensembleId : null;
}

function KillLeader({ ensembleId }: { readonly ensembleId: string }): ReactNode {
  const t = useTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  return (
    <>
      <Button
        variant="default"
        onClick={async () => {
          setFailure(null);
          try {
            await client.ensembles.killLeader({ ensembleId });
          } catch (error) {
            setFailure(failureOf(error));
          }
        }}
      >
        {t('diagnose:empty.cause')}
      </Button>
      {failure !== null && <FailureNotice failure={failure} />}
    </>
  );
}

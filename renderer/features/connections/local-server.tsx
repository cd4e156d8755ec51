/** The ensemble that Zabra runs for a connection: its state, starting and stopping it, and the way to its view. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { startAgain, useEnsemble } from '../../app/ensembles.ts';
import { useFormat } from '../../app/use-format.ts';
import { openView } from '../../app/workspace.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { chooseEnsemble } from '../ensembles/ensemble-choice.ts';
import classes from './local-server.module.css';

const TONES = {
  starting: 'warn',
  running: 'ok',
  stopping: 'warn',
  stopped: 'off',
  failed: 'danger',
} as const satisfies Record<EnsembleDto['state'], string>;

export function LocalServer({ ensembleId }: { readonly ensembleId: string }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const ensemble = useEnsemble(ensembleId);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (!ensemble) return null;
  const shownFailure = failure ?? ensemble.failure;
  const isRunning = ensemble.state === 'running';
  const pids = ensemble.servers.flatMap(({ pid }) => (pid === null ? [] : [pid]));

  const act = async (action: () => Promise<unknown>): Promise<void> => {
    setFailure(null);
    try {
      await action();
    } catch (error) {
      setFailure(failureOf(error));
    }
  };

  return (
    <section className={classes.root} aria-label={t('connections:form.titleLocal')}>
      <dl className={classes.facts}>
        <dt>{t('connections:local.state')}</dt>
        <dd className={classes.state}>
          <StatusDot tone={TONES[ensemble.state]} />
          {t(`connections:local.states.${ensemble.state}`)}
          <span className={classes.since}>{format.time(ensemble.sinceMs)}</span>
        </dd>
        <dt>{t('connections:local.address')}</dt>
        <dd>
          <code>{ensemble.servers.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(', ')}</code>
        </dd>
        {pids.length > 0 && (
          <>
            <dt>{t('connections:local.processes')}</dt>
            <dd>
              <code>{t('connections:local.pid', { pid: pids.join(', ') })}</code>
            </dd>
          </>
        )}
        <dt>{t('connections:local.data')}</dt>
        <dd>{t('connections:local.dataText')}</dd>
      </dl>
      {isRunning || ensemble.state === 'stopping' ? (
        <Button
          loading={ensemble.state === 'stopping'}
          onClick={() => void act(async () => client.ensembles.stop({ ensembleId }))}
        >
          {t('connections:local.stop')}
        </Button>
      ) : (
        <Button
          loading={ensemble.state === 'starting'}
          onClick={() => void act(async () => startAgain(ensemble))}
        >
          {t('connections:local.start')}
        </Button>
      )}
      <Button
        variant="subtle"
        onClick={() => {
          chooseEnsemble(ensembleId);
          openView('ensembles');
        }}
      >
        {t('connections:local.showEnsemble')}
      </Button>
      {shownFailure && <FailureNotice failure={shownFailure} />}
    </section>
  );
}

/** The server that Zabra runs for a connection: its state, and starting and stopping it. */
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { restartLocalServer, useEnsemble } from '../../app/ensembles.ts';
import { useFormat } from '../../app/use-format.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './local-server.module.css';

const TONES = {
  starting: 'warn',
  serving: 'ok',
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
  const isServing = ensemble.state === 'serving';

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
          <code>127.0.0.1:{ensemble.clientPort}</code>
        </dd>
        {ensemble.pid !== null && (
          <>
            <dt>{t('connections:local.process')}</dt>
            <dd>
              <code>{t('connections:local.pid', { pid: ensemble.pid })}</code>
            </dd>
          </>
        )}
        <dt>{t('connections:local.data')}</dt>
        <dd>{t('connections:local.dataText')}</dd>
      </dl>
      {isServing || ensemble.state === 'stopping' ? (
        <Button
          loading={ensemble.state === 'stopping'}
          onClick={() => void act(async () => client.ensembles.stop({ ensembleId }))}
        >
          {t('connections:local.stop')}
        </Button>
      ) : (
        <Button
          loading={ensemble.state === 'starting'}
          onClick={() => void act(async () => restartLocalServer(ensemble))}
        >
          {t('connections:local.start')}
        </Button>
      )}
      {shownFailure && <FailureNotice failure={shownFailure} />}
    </section>
  );
}

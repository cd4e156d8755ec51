/** What a server lives under: how slow its disk is, whether it is full, how wrong its clock is. Each holds as soon as it is set. */
import { Button, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConditionsChange, ConditionsDto, EnsembleDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { formatMs } from '../../app/format.ts';
import { useLanguage } from '../../app/use-format.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { act, useActionFailure } from './actions.ts';
import { DELAYS_MS, SKEWS_MS, areUsual, formatSkew, stepOf } from './conditions.ts';
import { closeEnsembleDialog } from './ensemble-choice.ts';
import { StepSlider } from './step-slider.tsx';
import classes from './dialogs.module.css';

interface ConditionsDialogProps {
  readonly ensemble: EnsembleDto;
  readonly sid: number;
  readonly conditions: ConditionsDto;
}

const USUAL: ConditionsDto = { syncDelayMs: 0, isDiskFull: false, clockSkewMs: 0 };

export function ConditionsDialog({ ensemble, sid, conditions }: ConditionsDialogProps): ReactNode {
  const t = useTexts();
  const { ensembleId } = ensemble;
  const failure = useActionFailure(ensembleId);
  const change = (changed: ConditionsChange): void => {
    void act(ensembleId, `conditions ${sid}`, async () =>
      client.ensembles.changeConditions({ ensembleId, sid, conditions: changed }),
    );
  };
  return (
    <Dialog
      onClose={closeEnsembleDialog}
      title={t('ensembles:conditions.title', { server: t('ensembles:server.name', { sid }) })}
    >
      <div className={classes.form}>
        <Disk conditions={conditions} onChange={change} />
        <Clock conditions={conditions} onChange={change} />
        {failure && <FailureNotice failure={failure} />}
        <div className={classes.actions}>
          <Button onClick={closeEnsembleDialog}>{t('action.close')}</Button>
          {!areUsual(conditions) && (
            <Button
              variant="subtle"
              onClick={() => {
                change(USUAL);
              }}
            >
              {t('ensembles:conditions.reset')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface PartProps {
  readonly conditions: ConditionsDto;
  readonly onChange: (changed: ConditionsChange) => void;
}

function Disk({ conditions: { syncDelayMs, isDiskFull }, onChange }: PartProps): ReactNode {
  const t = useTexts();
  return (
    <>
      <div>
        <p className={classes.setting}>
          {t('ensembles:conditions.syncDelay')}
          <code>{formatMs(syncDelayMs)}</code>
        </p>
        <StepSlider
          label={t('ensembles:conditions.syncDelay')}
          steps={DELAYS_MS}
          step={stepOf(DELAYS_MS, syncDelayMs)}
          format={formatMs}
          onChange={(delayMs) => {
            onChange({ syncDelayMs: delayMs });
          }}
        />
        <p className={classes.hint}>{t('ensembles:conditions.syncDelayHint')}</p>
      </div>
      <Switch
        label={t('ensembles:conditions.diskFull')}
        description={t('ensembles:conditions.diskFullHint')}
        checked={isDiskFull}
        onChange={(event) => {
          onChange({ isDiskFull: event.currentTarget.checked });
        }}
      />
    </>
  );
}

function Clock({ conditions: { clockSkewMs }, onChange }: PartProps): ReactNode {
  const t = useTexts();
  const language = useLanguage();
  return (
    <div>
      <p className={classes.setting}>
        {t('ensembles:conditions.clock')}
        <code>{formatSkew(clockSkewMs, language)}</code>
      </p>
      <StepSlider
        label={t('ensembles:conditions.clock')}
        steps={SKEWS_MS}
        step={stepOf(SKEWS_MS, clockSkewMs)}
        format={(skewMs) => formatSkew(skewMs, language)}
        onChange={(skewMs) => {
          onChange({ clockSkewMs: skewMs });
        }}
      />
      <p className={classes.hint}>{t('ensembles:conditions.clockHint')}</p>
    </div>
  );
}

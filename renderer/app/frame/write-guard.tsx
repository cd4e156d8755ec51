/**
 * Whether writes go out, where the person sees it always: read-only, locked with "Unlock…", or unlocked with the time
 * that is left and "Lock now". An open dev connection shows nothing: that is normal.
 */
import { Button, SegmentedControl } from '@mantine/core';
import { Eye, Lock, LockOpen } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { Failure } from '../../../shared/api/failure.ts';
import type { WriteGuard } from '../../../shared/api/connections.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { runCommand } from '../commands.ts';
import { useConnectionProfile, useConnectionStatus } from '../connection-status.ts';
import { formatCountdown } from '../format.ts';
import { closeOverlay, openOverlay } from '../overlays.ts';
import { useNow } from '../use-format.ts';
import classes from './write-guard.module.css';

export function WriteGuardState(): ReactNode {
  const status = useConnectionStatus();
  if (!status) return null;
  return <GuardOf guard={status.writeGuard} />;
}

function GuardOf({ guard }: { readonly guard: WriteGuard }): ReactNode {
  const t = useTexts();
  switch (guard.kind) {
    case 'open':
      return null;
    case 'read-only':
      return (
        <span className={classes.state} title={t('guard.readOnlyHint')}>
          <Eye size={14} strokeWidth={1.75} aria-hidden />
          {t('guard.readOnly')}
        </span>
      );
    case 'locked':
      return (
        <span className={classes.state} title={t('guard.lockedHint')}>
          <Lock size={14} strokeWidth={1.75} aria-hidden />
          {t('guard.locked')}
          <Button
            size="compact-xs"
            onClick={() => {
              openOverlay('unlock');
            }}
          >
            {t('guard.unlock')}
          </Button>
        </span>
      );
    case 'unlocked':
      return <Unlocked untilMs={guard.untilMs} />;
  }
}

function Unlocked({ untilMs }: { readonly untilMs: number }): ReactNode {
  const t = useTexts();
  const nowMs = useNow();
  return (
    <span className={classes.unlocked}>
      <LockOpen size={14} strokeWidth={1.75} aria-hidden />
      <span role="timer">{t('guard.unlocked', { left: formatCountdown(untilMs - nowMs) })}</span>
      <Button
        size="compact-xs"
        onClick={() => {
          runCommand('frame.lock');
        }}
      >
        {t('guard.lockNow')}
      </Button>
    </span>
  );
}

const MINUTES = [5, 15, 30, 60] as const;
const MINUTES_DEFAULT = 15;

/** Asks for how long. Mounted while the overlay is wanted. */
export function UnlockDialog(): ReactNode {
  const t = useTexts();
  const labelId = useId();
  const profile = useConnectionProfile();
  const [minutes, setMinutes] = useState<number>(MINUTES_DEFAULT);
  const [failure, setFailure] = useState<Failure | null>(null);
  if (!profile) return null;

  const unlock = async (): Promise<void> => {
    try {
      await client.connections.unlock({ connectionId: profile.connectionId, minutes });
      closeOverlay();
    } catch (error) {
      setFailure(failureOf(error));
    }
  };

  return (
    <Dialog onClose={closeOverlay} title={t('guard.dialogTitle', { name: profile.name })}>
      <p className={classes.text}>{t('guard.dialogText')}</p>
      <p id={labelId} className={classes.label}>
        {t('guard.minutesLabel')}
      </p>
      <SegmentedControl
        aria-labelledby={labelId}
        value={String(minutes)}
        onChange={(value) => {
          setMinutes(Number(value));
        }}
        data={MINUTES.map((count) => ({ value: String(count), label: t('guard.minutes', { count }) }))}
      />
      {failure && <FailureNotice failure={failure} />}
      <div className={classes.actions}>
        <Button variant="filled" data-autofocus onClick={() => void unlock()}>
          {t('guard.confirm', { count: minutes })}
        </Button>
        <Button variant="subtle" onClick={closeOverlay}>
          {t('action.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

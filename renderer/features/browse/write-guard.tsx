/** Whether one may write now and, where not, why: in words beside the buttons that are off, with the way out. */
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnectionStatus } from '../../app/connection-status.ts';
import { openOverlay } from '../../app/overlays.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type WriteGuardState, takesEdits, writeGuardOf } from './write-guard-state.ts';
import classes from './browse.module.css';

export function useWriteGuard(): WriteGuardState {
  return writeGuardOf(useConnectionStatus());
}

/** Whether editors take what one types, also while it cannot be saved. */
export function useTakesEdits(): boolean {
  return takesEdits(useConnectionStatus());
}

/** Nothing while one may write. */
export function WriteGuardNote(): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  if (guard.isWritable) return null;
  return (
    <span className={classes.guard}>
      <Lock size={14} strokeWidth={1.75} aria-hidden />
      {t(`browse:guard.${guard.why}`)}
      {guard.why === 'locked' && (
        <button
          type="button"
          className={classes.linkButton}
          onClick={() => {
            openOverlay('unlock');
          }}
        >
          {t('guard.unlock')}
        </button>
      )}
    </span>
  );
}

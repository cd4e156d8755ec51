/** Whether one may write now and, where not, why: in words beside the buttons that are off, with the way out. */
import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnectionStatus } from '../../app/connection-status.ts';
import { openOverlay } from '../../app/overlays.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './browse.module.css';

export type WriteGuardState =
  | { readonly isWritable: true }
  | {
      readonly isWritable: false;
      readonly why: 'locked' | 'read-only' | 'server-read-only' | 'not-connected';
    };

export function useWriteGuard(): WriteGuardState {
  const status = useConnectionStatus();
  if (status?.state === 'connected-read-only') return { isWritable: false, why: 'server-read-only' };
  if (status?.state !== 'connected') return { isWritable: false, why: 'not-connected' };
  switch (status.writeGuard.kind) {
    case 'open':
    case 'unlocked':
      return { isWritable: true };
    case 'read-only':
      return { isWritable: false, why: 'read-only' };
    case 'locked':
      return { isWritable: false, why: 'locked' };
  }
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

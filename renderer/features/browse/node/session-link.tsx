/** A session id that leads to the Sessions view, with that session chosen there. */
import type { ReactNode } from 'react';
import { useConnectionStatus } from '../../../app/connection-status.ts';
import { openSession } from '../../../app/workspace.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import classes from './node.module.css';

export function SessionLink({ sessionId }: { readonly sessionId: string }): ReactNode {
  const t = useTexts();
  return (
    <button
      type="button"
      className={classes.link}
      title={t('browse:node.openSession')}
      onClick={() => {
        openSession(sessionId);
      }}
    >
      {sessionId}
    </button>
  );
}

/** The same, with a word where it is Zabra's own. */
export function SessionOwner({ sessionId }: { readonly sessionId: string }): ReactNode {
  const t = useTexts();
  const isOwn = useConnectionStatus()?.sessionId === sessionId;
  return (
    <>
      <SessionLink sessionId={sessionId} />
      {isOwn && <span className={classes.unit}> {t('browse:node.ownSession')}</span>}
    </>
  );
}

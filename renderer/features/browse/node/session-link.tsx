/** A session id that leads to the Sessions view, with that session chosen there. */
import type { ReactNode } from 'react';
import { openView } from '../../../app/workspace.ts';
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
        openView('sessions');
      }}
    >
      {sessionId}
    </button>
  );
}

/** Ways from a finding to where its things are at home. */
import type { ReactNode } from 'react';
import { openSession } from '../../app/workspace.ts';
import classes from './links.module.css';

export function SessionLink({ sessionId }: { readonly sessionId: string }): ReactNode {
  return (
    <LinkButton
      isQuoted
      onClick={() => {
        openSession(sessionId);
      }}
    >
      {sessionId}
    </LinkButton>
  );
}

export function LinkButton({
  isQuoted = false,
  onClick,
  children,
}: {
  /** What ZooKeeper said, in its voice. */
  readonly isQuoted?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button type="button" className={isQuoted ? classes.quotedLink : classes.link} onClick={onClick}>
      {children}
    </button>
  );
}

/** The head of a pane: the fact first (15 px), beside it what supports it, at the end its actions. */
import type { ReactNode } from 'react';
import classes from './pane-header.module.css';

interface PaneHeaderProps {
  readonly title: ReactNode;
  /** Supporting words beside the title. */
  readonly detail?: ReactNode;
  /** Buttons at the end. */
  readonly children?: ReactNode;
}

export function PaneHeader({ title, detail, children }: PaneHeaderProps): ReactNode {
  return (
    <header className={classes.root}>
      <h1 className={classes.title}>{title}</h1>
      {detail !== undefined && <div className={classes.detail}>{detail}</div>}
      {children !== undefined && <div className={classes.actions}>{children}</div>}
    </header>
  );
}

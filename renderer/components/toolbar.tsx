/** A row of controls above what they act on. `Toolbar.Gap` pushes what follows to the end. */
import type { ReactNode } from 'react';
import classes from './toolbar.module.css';

interface ToolbarProps {
  /** What the controls are for, as its accessible name. */
  readonly label: string;
  readonly children: ReactNode;
}

export function Toolbar({ label, children }: ToolbarProps): ReactNode {
  return (
    <div role="group" aria-label={label} className={classes.root}>
      {children}
    </div>
  );
}

Toolbar.Gap = function ToolbarGap(): ReactNode {
  return <span className={classes.gap} />;
};

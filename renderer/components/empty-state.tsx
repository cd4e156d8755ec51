/** Says what a pane is, why it is empty, and offers one action. Left-aligned, no pictures. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  /** 1 where it is all there is in the view, so that the page has a title. */
  readonly level?: 1 | 2;
  /** The fact: "No subtree is watched". */
  readonly title: string;
  /** Why, and what would be here. */
  readonly children?: ReactNode;
  /** A button, or several where one alone would not do. */
  readonly action?: ReactNode;
}

export function EmptyState({ icon: Icon, level = 2, title, children, action }: EmptyStateProps): ReactNode {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className={classes.root}>
      <Heading className={classes.title}>
        {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden className={classes.icon} />}
        {title}
      </Heading>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

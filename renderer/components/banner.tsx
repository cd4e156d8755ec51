/** A line above a view that goes on working: what happened, what it means, one action. */
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './banner.module.css';

interface BannerProps {
  readonly tone: 'info' | 'warning' | 'danger';
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

const ICONS = { info: Info, warning: TriangleAlert, danger: CircleAlert };

export function Banner({ tone, title, children, action }: BannerProps): ReactNode {
  const Icon = ICONS[tone];
  return (
    <div role="status" className={classNames(classes.root, classes[tone])}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classes.icon} />
      <div className={classes.text}>
        <strong className={classes.title}>{title}</strong> {children}
      </div>
      {action}
    </div>
  );
}

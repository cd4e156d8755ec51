/** A dot for a state that stands in words beside it. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './status-dot.module.css';

export function StatusDot({ tone }: { readonly tone: 'ok' | 'warn' | 'danger' | 'off' }): ReactNode {
  return <span aria-hidden className={classNames(classes.dot, classes[tone])} />;
}

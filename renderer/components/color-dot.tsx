/** A person's own colour for a connection: a square dot, never a meaning. */
import type { ReactNode } from 'react';
import type { ProfileColor } from '../../shared/api/connections.ts';
import { classNames } from './class-names.ts';
import classes from './color-dot.module.css';

export function ColorDot({ color }: { readonly color: ProfileColor }): ReactNode {
  return <span aria-hidden className={classNames(classes.dot, classes[color])} />;
}

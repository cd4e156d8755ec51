/** A button that is an icon: never without a tooltip and a name. */
import { Tooltip } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { KeyHint } from './key-hint.tsx';
import classes from './icon-button.module.css';

interface IconButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  /** What it does: tooltip and accessible name. */
  readonly label: string;
  /** Shown in the tooltip, as in commands.ts. */
  readonly shortcut?: string | undefined;
  /** Pressed or not, for a button that switches something. */
  readonly isOn?: boolean;
  readonly size?: 14 | 16 | 18;
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  isOn,
  size = 14,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <Tooltip
      label={
        <span className={classes.tip}>
          {label}
          {shortcut !== undefined && <KeyHint shortcut={shortcut} />}
        </span>
      }
    >
      <button
        type="button"
        {...rest}
        className={classes.button}
        aria-label={label}
        aria-pressed={isOn}
        // A disabled button would swallow the hover that explains it.
        aria-disabled={rest.disabled}
      >
        <Icon size={size} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  );
}

/** Keys as they are printed on a keyboard: `Mod+Shift+L` as three caps. */
import type { ReactNode } from 'react';
import { isMacPlatform } from '../app/commands.ts';
import classes from './key-hint.module.css';

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Enter: '↵',
  Escape: 'Esc',
};
const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const OTHER_NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl' };

export function KeyHint({ shortcut }: { readonly shortcut: string }): ReactNode {
  const modifiers = isMacPlatform() ? MAC_NAMES : OTHER_NAMES;
  // A trailing plus is the key itself.
  const keys = shortcut.split(/(?<=.)\+(?=.)/);
  return (
    <span className={classes.keys}>
      {keys.map((key) => (
        <kbd key={key} className={classes.key}>
          {modifiers[key] ?? NAMES[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}

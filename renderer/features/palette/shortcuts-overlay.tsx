/** Every key there is now: those of the commands that can run, and those that all lists share. Opened by `?`. */

import type { ReactNode } from 'react';
import { availableCommands } from '../../app/commands.ts';
import { closeOverlay } from '../../app/overlays.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import type { MessageKey } from '../../i18n/i18n.ts';
import classes from './shortcuts-overlay.module.css';

interface Keys {
  readonly shortcuts: readonly string[];
  readonly labelKey: MessageKey;
}

const IN_LISTS: readonly Keys[] = [
  { shortcuts: ['ArrowUp', 'ArrowDown'], labelKey: 'shortcuts.move' },
  { shortcuts: ['Home', 'End'], labelKey: 'shortcuts.firstLast' },
  { shortcuts: ['ArrowLeft', 'ArrowRight'], labelKey: 'shortcuts.expandCollapse' },
  { shortcuts: ['Enter'], labelKey: 'shortcuts.activate' },
  { shortcuts: ['Escape'], labelKey: 'shortcuts.closeDialog' },
];

/** Handled where the focus is (tree, editor), so they are no commands. */
const IN_BROWSE: readonly Keys[] = [
  { shortcuts: ['Insert'], labelKey: 'shortcuts.create' },
  { shortcuts: ['Delete'], labelKey: 'shortcuts.delete' },
  { shortcuts: ['Mod+S'], labelKey: 'shortcuts.save' },
  { shortcuts: ['Mod+F'], labelKey: 'shortcuts.filter' },
  { shortcuts: ['Space'], labelKey: 'shortcuts.mark' },
  { shortcuts: ['*'], labelKey: 'shortcuts.expandSiblings' },
  { shortcuts: ['Shift+F10'], labelKey: 'shortcuts.menu' },
  { shortcuts: ['a', 'b', '…'], labelKey: 'shortcuts.typeAhead' },
];

export function ShortcutsOverlay(): ReactNode {
  const t = useTexts();
  const commands = availableCommands().filter((command) => command.shortcut !== undefined);
  return (
    <Dialog onClose={closeOverlay} size={640} title={t('shortcuts.title')}>
      <h3 className={classes.group}>{t('shortcuts.everywhere')}</h3>
      <dl className={classes.list}>
        {commands.map(({ id, titleKey, shortcut = '' }) => (
          <ShortcutRow key={id} label={t(titleKey)} shortcuts={[shortcut]} />
        ))}
      </dl>
      <KeyGroup titleKey="shortcuts.inLists" rows={IN_LISTS} />
      <KeyGroup titleKey="shortcuts.inBrowse" rows={IN_BROWSE} />
    </Dialog>
  );
}

function KeyGroup({
  titleKey,
  rows,
}: {
  readonly titleKey: MessageKey;
  readonly rows: readonly Keys[];
}): ReactNode {
  const t = useTexts();
  return (
    <>
      <h3 className={classes.group}>{t(titleKey)}</h3>
      <dl className={classes.list}>
        {rows.map(({ labelKey, shortcuts }) => (
          <ShortcutRow key={labelKey} label={t(labelKey)} shortcuts={shortcuts} />
        ))}
      </dl>
    </>
  );
}

interface ShortcutRowProps {
  readonly label: string;
  readonly shortcuts: readonly string[];
}

function ShortcutRow({ label, shortcuts }: ShortcutRowProps): ReactNode {
  return (
    <div className={classes.row}>
      <dt>{label}</dt>
      <dd className={classes.keys}>
        {shortcuts.map((shortcut) => (
          <KeyHint key={shortcut} shortcut={shortcut} />
        ))}
      </dd>
    </div>
  );
}

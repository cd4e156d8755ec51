/** Every key there is now: those of the commands that can run, and those that all lists share. Opened by `?`. */
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { availableCommands } from '../../app/commands.ts';
import { closeOverlay } from '../../app/overlays.ts';
import { KeyHint } from '../../components/key-hint.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import type { MessageKey } from '../../i18n/i18n.ts';
import classes from './shortcuts-overlay.module.css';

const IN_LISTS: readonly { readonly shortcuts: readonly string[]; readonly labelKey: MessageKey }[] = [
  { shortcuts: ['ArrowUp', 'ArrowDown'], labelKey: 'shortcuts.move' },
  { shortcuts: ['Home', 'End'], labelKey: 'shortcuts.firstLast' },
  { shortcuts: ['ArrowLeft', 'ArrowRight'], labelKey: 'shortcuts.expandCollapse' },
  { shortcuts: ['Enter'], labelKey: 'shortcuts.activate' },
  { shortcuts: ['Escape'], labelKey: 'shortcuts.closeDialog' },
];

export function ShortcutsOverlay(): ReactNode {
  const t = useTexts();
  const commands = availableCommands().filter((command) => command.shortcut !== undefined);
  return (
    <Modal
      opened
      onClose={closeOverlay}
      size={640}
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <h3 className={classes.group}>{t('shortcuts.everywhere')}</h3>
      <dl className={classes.list}>
        {commands.map(({ id, titleKey, shortcut = '' }) => (
          <ShortcutRow key={id} label={t(titleKey)} shortcuts={[shortcut]} />
        ))}
      </dl>
      <h3 className={classes.group}>{t('shortcuts.inLists')}</h3>
      <dl className={classes.list}>
        {IN_LISTS.map(({ labelKey, shortcuts }) => (
          <ShortcutRow key={labelKey} label={t(labelKey)} shortcuts={shortcuts} />
        ))}
      </dl>
    </Modal>
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

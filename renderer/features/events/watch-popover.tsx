/** "Watch…": asks for a path, completed from the names of children, or takes what is selected in Browse. */
import { Autocomplete, Button, Popover } from '@mantine/core';
import { Plus } from 'lucide-react';
import { type SubmitEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import type { WatchedSubtree } from '../../../shared/api/watches.ts';
import { usePathCompletion } from '../../app/path-completion.ts';
import { commonBeginning, splitTypedPath } from '../../app/typed-path.ts';
import { useSelectedPath } from '../../app/workspace.ts';
import { joinPath } from '../../../shared/path.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type SubtreeChoice, chooseSubtree } from './subtree-choice.ts';
import { useSubtreeCalls } from './use-subtree-calls.ts';
import classes from './subtrees.module.css';

interface WatchPopoverProps {
  readonly connectionId: string;
  readonly subtrees: readonly WatchedSubtree[];
  /** Words of the button. */
  readonly label: string;
}

export function WatchPopover({ connectionId, subtrees, label }: WatchPopoverProps): ReactNode {
  const [isOpened, setOpened] = useState(false);
  return (
    <Popover opened={isOpened} onChange={setOpened} position="bottom-start" width={380} trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => {
            setOpened((was) => !was);
          }}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {isOpened && (
          <WatchForm
            connectionId={connectionId}
            subtrees={subtrees}
            onDone={() => {
              setOpened(false);
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

interface WatchFormProps {
  readonly connectionId: string;
  readonly subtrees: readonly WatchedSubtree[];
  readonly onDone: () => void;
}

function WatchForm({ connectionId, subtrees, onDone }: WatchFormProps): ReactNode {
  const t = useTexts();
  const selectedPath = useSelectedPath();
  const [typed, setTyped] = useState('/');
  const calls = useSubtreeCalls(connectionId);
  const names = usePathCompletion(connectionId, typed);
  const { options, tabbed } = completed(typed, names);
  const watched = subtrees.map(({ path }) => path);
  const choice = chooseSubtree(typed, watched);
  const isSelectedFree = selectedPath !== '/' && chooseSubtree(selectedPath, watched).kind === 'free';

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (choice.kind === 'free') calls.watch(choice.path, onDone);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // Tab completes as long as there is something to complete, then moves on as everywhere.
    if (event.key !== 'Tab' || event.shiftKey || tabbed === typed) return;
    event.preventDefault();
    setTyped(tabbed);
  };

  return (
    <form className={classes.form} onSubmit={onSubmit}>
      <Autocomplete
        label={t('events:subtree.path')}
        placeholder={t('events:subtree.pathPlaceholder')}
        description={choiceHint(choice, t) ?? t('events:subtree.pathPlaceholder')}
        value={typed}
        onChange={setTyped}
        onKeyDown={onKeyDown}
        data={options}
        // Already filtered: by the beginning of a name, not by its middle.
        filter={({ options }) => options}
        limit={50}
        maxDropdownHeight={220}
        // Inside of the dialog that it belongs to.
        comboboxProps={{ withinPortal: false }}
        data-autofocus
        spellCheck={false}
        classNames={{ input: classes.pathInput, option: classes.pathOption }}
      />
      {calls.failure !== null && <FailureNotice failure={calls.failure} />}
      <div className={classes.formActions}>
        {isSelectedFree && (
          <Button
            className={classes.selectedButton}
            disabled={calls.isPending}
            onClick={() => {
              calls.watch(selectedPath, onDone);
            }}
          >
            {t('events:subtree.watchSelected', { path: selectedPath })}
          </Button>
        )}
        <Button type="submit" variant="filled" disabled={choice.kind !== 'free' || calls.isPending}>
          {t('events:subtree.watch')}
        </Button>
      </div>
    </form>
  );
}

/** Whole paths to choose from, and what Tab turns the typed text into. */
function completed(typed: string, names: readonly string[]): { options: string[]; tabbed: string } {
  const place = splitTypedPath(typed);
  if (!place) return { options: [], tabbed: typed };
  return {
    options: names.map((name) => joinPath(place.parent, name)),
    tabbed: joinPath(place.parent, commonBeginning(names, place.beginning)),
  };
}

function choiceHint(choice: SubtreeChoice, t: Texts): string | null {
  switch (choice.kind) {
    case 'free':
      return null;
    case 'invalid':
      return t('events:subtree.invalid');
    case 'watched':
      return t('events:subtree.already');
    case 'within':
      return t('events:subtree.within', { path: choice.ancestor });
  }
}

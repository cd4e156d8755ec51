/**
 * The command palette (Ctrl/Cmd+K): commands, connections, and paths by typing `/`. One field keeps the focus; arrows
 * move through all groups, Enter runs, Tab completes a path.
 */
import { Modal } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { flushSync } from 'react-dom';
import { useConnectionProfile } from '../../app/connection-status.ts';
import { closeOverlay, useOverlays } from '../../app/overlays.ts';
import { classNames } from '../../components/class-names.ts';
import { ColorDot } from '../../components/color-dot.tsx';
import { movedIndex } from '../../components/data-table-model.ts';
import { TakeFocus, useReturnFocus } from '../../components/dialog.tsx';
import { EnvironmentChip } from '../../components/environment-chip.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { type Entry, usePaletteEntries } from './palette-entries.ts';
import { piecesOf } from './palette-model.ts';
import classes from './palette.module.css';

const PAGE_ROWS = 8;

export function Palette(): ReactNode {
  useReturnFocus();
  const t = useTexts();
  return (
    <Modal.Root opened onClose={closeOverlay} centered={false} yOffset={76} size={720} padding={0}>
      <Modal.Overlay color="var(--scrim)" backgroundOpacity={1} />
      <Modal.Content aria-label={t('palette.title')} className={classes.content}>
        <Modal.Body className={classes.body}>
          <PaletteBody />
          <TakeFocus />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteBody(): ReactNode {
  const t = useTexts();
  const listId = useId();
  const profile = useConnectionProfile();
  const [text, setText] = useState(useOverlays.getState().paletteText);
  const [index, setIndex] = useState(0);
  const groups = usePaletteEntries(text);
  const entries = groups.flatMap((group) => group.entries);
  const chosen = entries[Math.min(index, entries.length - 1)];

  const completion = chosen?.completion ?? null;

  const change = (next: string): void => {
    setText(next);
    setIndex(0);
  };
  const run = (entry: Entry): void => {
    // Closed first, with the focus back where it was: what runs may open something of its own.
    flushSync(closeOverlay);
    void entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isListKey = event.key !== 'Home' && event.key !== 'End';
    const next = isListKey ? movedIndex(event.key, index, entries.length, PAGE_ROWS) : null;
    if (next !== null) setIndex(next);
    else if (event.key === 'Enter' && chosen) run(chosen);
    else if (event.key === 'Tab' && completion !== null && !event.shiftKey) change(completion);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className={classes.head}>
        <Search size={16} strokeWidth={1.75} aria-hidden className={classes.icon} />
        <input
          data-autofocus
          role="combobox"
          aria-label={t('palette.placeholder')}
          aria-expanded={entries.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen && `${listId} ${chosen.id}`.replaceAll(' ', '-')}
          placeholder={t('palette.placeholder')}
          spellCheck={false}
          className={classNames(classes.field, text.startsWith('/') && classes.mono)}
          value={text}
          onChange={(event) => {
            change(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {profile && (
          <span className={classes.where}>
            <EnvironmentChip environment={profile.environment} />
            {profile.name}
          </span>
        )}
      </div>
      <span className="visually-hidden" role="status">
        {t('palette.results', { count: entries.length })}
      </span>
      <div id={listId} role="listbox" aria-label={t('palette.title')} className={classes.list}>
        {groups.map((group) => (
          <div key={group.id} role="group" aria-label={group.title}>
            <div className={classes.group} aria-hidden>
              <span>{group.title}</span>
              <span>{group.entries.length}</span>
            </div>
            {group.entries.map((entry) => (
              <EntryRow
                key={entry.id}
                entry={entry}
                rowId={`${listId} ${entry.id}`.replaceAll(' ', '-')}
                isChosen={entry === chosen}
                onRun={() => {
                  run(entry);
                }}
              />
            ))}
          </div>
        ))}
      </div>
      {entries.length === 0 && <Nothing text={text} />}
      <Foot />
    </>
  );
}

interface EntryRowProps {
  readonly entry: Entry;
  readonly rowId: string;
  readonly isChosen: boolean;
  readonly onRun: () => void;
}

function EntryRow({ entry, rowId, isChosen, onRun }: EntryRowProps): ReactNode {
  const { icon: Icon, profile } = entry;
  return (
    <div
      id={rowId}
      ref={(row) => {
        if (isChosen) row?.scrollIntoView({ block: 'nearest' });
      }}
      role="option"
      aria-selected={isChosen}
      className={classNames(classes.row, isChosen && classes.chosen)}
      onClick={onRun}
    >
      <span className={classes.icon}>
        {Icon ? (
          <Icon size={16} strokeWidth={1.75} aria-hidden />
        ) : (
          profile && <ColorDot color={profile.color} />
        )}
      </span>
      <span className={classNames(classes.title, entry.isMono && classes.mono)}>
        {piecesOf(entry.title, entry.marks).map((piece, at) =>
          piece.isMarked ? (
            <mark key={at} className={classes.mark}>
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </span>
      <span className={classNames(classes.hint, profile !== null && classes.mono)}>{entry.hint}</span>
      {entry.shortcut !== null && <KeyHint shortcut={entry.shortcut} />}
      {profile && <EnvironmentChip environment={profile.environment} />}
    </div>
  );
}

function Nothing({ text }: { readonly text: string }): ReactNode {
  const t = useTexts();
  const profile = useConnectionProfile();
  const needsConnection = text.startsWith('/') && !profile;
  return (
    <div className={classes.nothing}>
      <p>{needsConnection ? t('palette.noConnectionForPath') : t('palette.empty', { query: text })}</p>
      {!needsConnection && <p className={classes.quiet}>{t('palette.emptyHint')}</p>}
    </div>
  );
}

function Foot(): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.foot} aria-hidden>
      <KeyHint shortcut="ArrowUp" />
      <KeyHint shortcut="ArrowDown" />
      <span>{t('palette.move')}</span>
      <KeyHint shortcut="Enter" />
      <span>{t('palette.open')}</span>
      <KeyHint shortcut="Tab" />
      <span>{t('palette.complete')}</span>
      <span className={classes.gap} />
      <KeyHint shortcut="/" />
      <span>{t('palette.pathHint')}</span>
    </div>
  );
}

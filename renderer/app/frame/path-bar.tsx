/**
 * The path of the present node: names to click, or (Ctrl+L, or a click beside them) a text field that completes.
 * Tab adds what is certain, arrows choose, Enter goes there, Escape leaves it.
 */
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { findPathProblem, joinPath } from '../../../shared/path.ts';
import { classNames } from '../../components/class-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { Pencil } from 'lucide-react';
import { editPath, useOverlays } from '../overlays.ts';
import { usePathCompletion } from '../path-completion.ts';
import { commonBeginning, splitTypedPath } from '../typed-path.ts';
import { selectPath, useSelectedPath, useWorkspace } from '../workspace.ts';
import classes from './path-bar.module.css';

export function PathBar(): ReactNode {
  const isEdited = useOverlays((state) => state.isPathEdited);
  return isEdited ? <PathField /> : <Breadcrumb />;
}

/** A path as its prefixes: `/`, `/kafka`, `/kafka/brokers`. */
function prefixesOf(path: string): readonly { name: string; path: string }[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name, index) => ({ name, path: `/${names.slice(0, index + 1).join('/')}` }));
}

/** With more names than this the first ones give way to one sign; the field has them all. */
const NAMES_MAX = 6;

function Breadcrumb(): ReactNode {
  const t = useTexts();
  const path = useSelectedPath();
  const prefixes = prefixesOf(path);
  const shown = prefixes.slice(-NAMES_MAX);
  const isShortened = shown.length < prefixes.length;
  return (
    <nav className={classes.root} aria-label={t('frame.path')}>
      <ol className={classes.crumbs}>
        <li>
          <button
            type="button"
            className={classNames(classes.crumb, path === '/' && classes.last)}
            aria-current={path === '/' ? 'location' : undefined}
            onClick={() => {
              selectPath('/');
            }}
          >
            /
          </button>
        </li>
        {isShortened && (
          <li>
            <button
              type="button"
              className={classes.crumb}
              aria-label={t('frame.editPath')}
              title={path}
              onClick={() => {
                editPath(true);
              }}
            >
              …
            </button>
          </li>
        )}
        {shown.map((prefix, index) => (
          <li key={prefix.path} className={classes.item}>
            {(index > 0 || isShortened) && (
              <span aria-hidden className={classes.slash}>
                /
              </span>
            )}
            <button
              type="button"
              className={classNames(classes.crumb, prefix.path === path && classes.last)}
              aria-current={prefix.path === path ? 'location' : undefined}
              title={prefix.name}
              onClick={() => {
                selectPath(prefix.path);
              }}
            >
              {prefix.name}
            </button>
          </li>
        ))}
      </ol>
      <IconButton
        icon={Pencil}
        label={t('frame.editPath')}
        shortcut="Mod+L"
        onClick={() => {
          editPath(true);
        }}
      />
    </nav>
  );
}

function PathField(): ReactNode {
  const t = useTexts();
  const listId = useId();
  const present = useSelectedPath();
  const connectionId = useWorkspace((state) => state.connectionId);
  const [text, setText] = useState(present);
  const [chosen, setChosen] = useState(-1);
  const names = usePathCompletion(connectionId, text);
  const typed = splitTypedPath(text);
  const pathOf = (name: string): string => joinPath(typed?.parent ?? '/', name);

  const change = (next: string): void => {
    setText(next);
    setChosen(-1);
  };
  const go = (path: string): void => {
    const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    if (findPathProblem(trimmed) !== undefined) return;
    editPath(false);
    selectPath(trimmed);
  };
  const complete = (): void => {
    const name = names[chosen] ?? (typed ? commonBeginning(names, typed.beginning) : '');
    const isCertain = names.length === 1 || chosen >= 0;
    if (name !== '') change(`${pathOf(name)}${isCertain ? '/' : ''}`);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'Enter':
        go(names[chosen] === undefined ? text : pathOf(names[chosen]));
        break;
      case 'Escape':
        editPath(false);
        break;
      case 'Tab':
        // With nothing to complete, Tab moves on as everywhere.
        if (names.length === 0 || event.shiftKey) return;
        complete();
        break;
      case 'ArrowDown':
        setChosen(Math.min(names.length - 1, chosen + 1));
        break;
      case 'ArrowUp':
        setChosen(Math.max(-1, chosen - 1));
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const isBroken = text !== '/' && findPathProblem(text.replace(/(?<=.)\/$/, '')) !== undefined;
  return (
    <div className={classes.root}>
      <input
        autoFocus
        role="combobox"
        aria-label={t('frame.pathEditHint')}
        aria-expanded={names.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
        aria-invalid={isBroken}
        className={classes.field}
        spellCheck={false}
        value={text}
        onChange={(event) => {
          change(event.target.value);
        }}
        onFocus={(event) => {
          event.target.select();
        }}
        onBlur={() => {
          editPath(false);
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={t('frame.path')}
        className={classes.names}
        hidden={names.length === 0}
      >
        {names.map((name, index) => (
          <li
            key={name}
            id={`${listId}-${index}`}
            ref={(item) => {
              if (index === chosen) item?.scrollIntoView({ block: 'nearest' });
            }}
            role="option"
            aria-selected={index === chosen}
            className={classes.name}
            onMouseDown={(event) => {
              // The field would lose the focus, and with it the list.
              event.preventDefault();
              go(pathOf(name));
            }}
          >
            <span className={classes.typed}>{name.slice(0, typed?.beginning.length)}</span>
            {name.slice(typed?.beginning.length)}
          </li>
        ))}
      </ul>
    </div>
  );
}

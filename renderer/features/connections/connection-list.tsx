/** The connections as a list to filter and walk by arrow keys; Enter opens one, unsaved changes are marked. */
import { TextInput } from '@mantine/core';
import { Filter, Plus } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import { useConnectionStatuses } from '../../app/connection-status.ts';
import { statusWords } from '../../app/status-words.ts';
import { openConnection } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { ColorDot } from '../../components/color-dot.tsx';
import { movedIndex } from '../../components/data-table-model.ts';
import { EnvironmentChip } from '../../components/environment-chip.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './connection-list.module.css';
import { NEW_FORM, editConnection, editNewConnection, useForms } from './form-state.ts';
import type { NEW_VALUES } from './form-values.ts';

const PAGE_ROWS = 10;

export function ConnectionList({ profiles }: { readonly profiles: readonly ConnectionProfile[] }): ReactNode {
  const t = useTexts();
  const [query, setQuery] = useState('');
  const formId = useForms((state) => state.formId);
  const newValues = useForms((state) => state.edits[NEW_FORM]);
  const listRef = useRef<HTMLUListElement>(null);
  const shown = profiles.filter((profile) => matches(profile, query));
  const ids = [...(newValues ? [NEW_FORM] : []), ...shown.map(({ connectionId }) => connectionId)];

  const onKeyDown = (event: KeyboardEvent): void => {
    const index = ids.indexOf(formId ?? '');
    const next = movedIndex(event.key, index, ids.length, PAGE_ROWS);
    const nextId = next === null ? undefined : ids[next];
    if (event.key === 'Enter' && formId !== null && formId !== NEW_FORM) void openConnection(formId);
    if (nextId === undefined || next === null) return;
    event.preventDefault();
    editConnection(nextId);
    listRef.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <section className={classes.root} aria-label={t('connections:list.label')}>
      <div className={classes.head}>
        <TextInput
          className={classes.filter}
          leftSection={<Filter size={14} strokeWidth={1.75} aria-hidden />}
          placeholder={t('connections:list.filter')}
          aria-label={t('connections:list.filter')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
          }}
        />
        <IconButton
          icon={Plus}
          label={t('connections:list.add')}
          onClick={() => {
            editNewConnection();
          }}
        />
      </div>
      {ids.length === 0 ? (
        <p className={classes.empty}>
          {query === '' ? t('connections:list.empty') : t('connections:list.none', { query })}
        </p>
      ) : (
        <ul
          ref={listRef}
          role="listbox"
          tabIndex={0}
          data-focus="rows"
          aria-label={t('connections:list.label')}
          aria-activedescendant={formId === null ? undefined : rowId(formId)}
          className={classes.list}
          onKeyDown={onKeyDown}
        >
          {newValues && (
            <Row
              formId={NEW_FORM}
              name={newValues.name === '' ? t('connections:list.newName') : newValues.name}
              values={newValues}
              isChosen={formId === NEW_FORM}
            />
          )}
          {shown.map((profile) => (
            <Row
              key={profile.connectionId}
              formId={profile.connectionId}
              name={profile.name}
              values={profile}
              isChosen={formId === profile.connectionId}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function rowId(formId: string): string {
  return `connection-${formId}`;
}

function matches({ name, servers, chroot }: ConnectionProfile, query: string): boolean {
  const wanted = query.trim().toLowerCase();
  return `${name} ${servers}${chroot}`.toLowerCase().includes(wanted);
}

interface RowProps {
  readonly formId: string;
  readonly name: string;
  readonly values: Pick<typeof NEW_VALUES, 'color' | 'environment' | 'servers' | 'chroot'>;
  readonly isChosen: boolean;
}

function Row({ formId, name, values, isChosen }: RowProps): ReactNode {
  const t = useTexts();
  const hasEdits = useForms((state) => state.edits[formId] !== undefined);
  const state = useConnectionStatuses().find((status) => status.connectionId === formId)?.state ?? null;
  const { labelKey, tone } = statusWords(state);
  return (
    <li
      id={rowId(formId)}
      role="option"
      aria-selected={isChosen}
      className={classNames(classes.row, isChosen && classes.chosen)}
      onClick={() => {
        editConnection(formId);
      }}
      onDoubleClick={() => {
        if (formId !== NEW_FORM) void openConnection(formId);
      }}
    >
      <ColorDot color={values.color} />
      <span className={classes.texts}>
        <span className={classes.name}>
          <span className={classes.nameText}>{name}</span>
          {hasEdits && (
            <span className={classes.unsaved} role="img" aria-label={t('connections:list.unsaved')} />
          )}
          {state !== null && (
            <span title={t(labelKey)}>
              <StatusDot tone={tone} />
              <span className="visually-hidden">{t(labelKey)}</span>
            </span>
          )}
        </span>
        <span className={classes.servers}>
          {values.servers}
          {values.chroot}
        </span>
      </span>
      <EnvironmentChip environment={values.environment} />
    </li>
  );
}

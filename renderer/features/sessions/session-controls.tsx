/** The controls above the sessions table: which are shown, asking for watches, and the way into a file. */
import { Button, Menu, SegmentedControl, TextInput } from '@mantine/core';
import { Download, Eye, Filter } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../app/format.ts';
import { downloadFile } from '../../components/download-file.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { type SessionExportFormat, exportSessions } from './session-export.ts';
import type { SessionQuestion, SessionRow, SessionScope } from './session-rows.ts';
import type { WatchCounting } from './use-watch-counts.ts';
import classes from './sessions.module.css';

interface FiltersProps {
  readonly question: SessionQuestion;
  readonly onChange: (question: SessionQuestion) => void;
}

const SCOPES: readonly SessionScope[] = ['all', 'with-ephemerals', 'watching', 'ended'];

export function Filters({ question, onChange }: FiltersProps): ReactNode {
  const t = useTexts();
  return (
    <>
      <SegmentedControl
        aria-label={t('sessions:scope.label')}
        value={question.scope}
        data={SCOPES.map((scope) => ({ value: scope, label: t(`sessions:scope.${scope}`) }))}
        onChange={(scope) => {
          onChange({ ...question, scope });
        }}
      />
      <TextInput
        className={classes.filter}
        aria-label={t('sessions:filter')}
        placeholder={t('sessions:filterPlaceholder')}
        leftSection={<Filter size={14} strokeWidth={1.75} aria-hidden />}
        value={question.text}
        spellCheck={false}
        onChange={(event) => {
          onChange({ ...question, text: event.currentTarget.value });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange({ ...question, text: '' });
        }}
      />
    </>
  );
}

interface WatchesProps {
  readonly watches: WatchCounting;
}

export function CountWatches({ watches }: WatchesProps): ReactNode {
  const t = useTexts();
  return (
    <IconButton
      icon={Eye}
      size={16}
      label={t('sessions:watches.count')}
      disabled={watches.isAsking}
      aria-busy={watches.isAsking}
      onClick={watches.ask}
    />
  );
}

/** In place of those that watch, before anybody asked who does. */
export function WatchesNotAsked({ watches }: WatchesProps): ReactNode {
  const t = useTexts();
  return (
    <EmptyState
      title={t('sessions:watches.notAskedTitle')}
      action={
        <Button variant="filled" loading={watches.isAsking} onClick={watches.ask}>
          {t('sessions:watches.ask')}
        </Button>
      }
    >
      {t('sessions:watches.askHint')}
    </EmptyState>
  );
}

/** Writes what is shown, so that a filter is the way to choose. */
export function ExportMenu({ rows }: { readonly rows: readonly SessionRow[] }): ReactNode {
  const t = useTexts();
  const isEmpty = rows.length === 0;
  const save = (format: SessionExportFormat): void => {
    downloadFile(exportSessions({ rows, format, nowMs: Date.now() }));
  };
  return (
    <Menu position="bottom-end" disabled={isEmpty}>
      <Menu.Target>
        <IconButton icon={Download} size={16} label={t('sessions:export.label')} disabled={isEmpty} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('sessions:export.shown', { count: rows.length, formatted: formatCount(rows.length) })}
        </Menu.Label>
        <Menu.Item
          onClick={() => {
            save('csv');
          }}
        >
          {t('sessions:export.csv')}
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            save('json');
          }}
        >
          {t('sessions:export.json')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

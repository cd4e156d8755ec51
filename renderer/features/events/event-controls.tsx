/** What one does to the list: pause, filter by text and kind, export, clear. The same in the dock and in the view. */
import { Button, Checkbox, Menu, Popover, TextInput } from '@mantine/core';
import { Download, Filter, ListChecks, Pause, Play, Trash2, X } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { formatCount } from '../../app/format.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { downloadFile } from '../../components/download-file.ts';
import { type ExportFormat, exportEvents } from './event-export.ts';
import {
  type EventType,
  NODE_EVENT_TYPES,
  NO_FILTER,
  SESSION_EVENT_TYPES,
  isFiltering,
} from './event-filter.ts';
import type { EventLog, EventLogView } from './event-log.ts';
import classes from './events.module.css';

interface ControlsProps {
  readonly log: EventLog;
  readonly view: EventLogView;
}

export function PauseButton({ log, view }: ControlsProps): ReactNode {
  const t = useTexts();
  return (
    <IconButton
      icon={view.isPaused ? Play : Pause}
      label={t(view.isPaused ? 'events:action.resume' : 'events:action.pause')}
      isOn={view.isPaused}
      onClick={view.isPaused ? log.resume : log.pause}
    />
  );
}

/** The text of the filter: a search field of its own. */
export function FilterText({ log, view }: ControlsProps): ReactNode {
  const t = useTexts();
  const { filter } = view;
  return (
    <TextInput
      className={classes.filterText}
      aria-label={t('events:action.filter')}
      placeholder={t('events:action.filterPlaceholder')}
      leftSection={<Filter size={14} strokeWidth={1.75} aria-hidden />}
      value={filter.text}
      spellCheck={false}
      onChange={(event) => {
        log.setFilter({ ...filter, text: event.currentTarget.value });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && filter.text !== '') log.setFilter({ ...filter, text: '' });
      }}
    />
  );
}

/** A popover with the kinds of events; in the dock, with the text as well. */
export function FilterButton({
  log,
  view,
  hasText,
}: ControlsProps & { readonly hasText: boolean }): ReactNode {
  const t = useTexts();
  const isOn = hasText ? isFiltering(view.filter) : view.filter.hiddenTypes.size > 0;
  return (
    <Popover position="bottom-end" width={252} trapFocus returnFocus>
      <Popover.Target>
        <IconButton
          icon={hasText ? Filter : ListChecks}
          label={t(hasText ? 'events:action.filter' : 'events:action.types')}
          isOn={isOn}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.filterForm}>
          {hasText && <FilterText log={log} view={view} />}
          <TypeChecks log={log} view={view} types={NODE_EVENT_TYPES} title={t('events:types.node')} />
          <TypeChecks log={log} view={view} types={SESSION_EVENT_TYPES} title={t('events:types.session')} />
          <Button
            disabled={!isOn}
            leftSection={<X size={14} strokeWidth={1.75} aria-hidden />}
            onClick={() => {
              log.setFilter(hasText ? NO_FILTER : { ...view.filter, hiddenTypes: new Set() });
            }}
          >
            {t(hasText ? 'events:action.clearFilter' : 'events:types.all')}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

interface TypeChecksProps extends ControlsProps {
  readonly types: readonly EventType[];
  readonly title: string;
}

function TypeChecks({ log, view: { filter }, types, title }: TypeChecksProps): ReactNode {
  const titleId = useId();
  const toggle = (type: EventType): void => {
    const hiddenTypes = new Set(filter.hiddenTypes);
    if (!hiddenTypes.delete(type)) hiddenTypes.add(type);
    log.setFilter({ ...filter, hiddenTypes });
  };
  return (
    <div role="group" aria-labelledby={titleId} className={classes.checks}>
      <div id={titleId} className={classes.checksTitle}>
        {title}
      </div>
      {types.map((type) => (
        <Checkbox
          key={type}
          label={type}
          checked={!filter.hiddenTypes.has(type)}
          classNames={{ label: classes.checkLabel }}
          onChange={() => {
            toggle(type);
          }}
        />
      ))}
    </div>
  );
}

/** Writes what is shown, so that a filter is the way to choose. */
export function ExportMenu({ log, view }: ControlsProps): ReactNode {
  const t = useTexts();
  const isEmpty = view.shownCount === 0;
  const save = (format: ExportFormat): void => {
    downloadFile(exportEvents({ rows: log.shownRows(), format, nowMs: Date.now() }));
  };
  return (
    <Menu position="bottom-end" disabled={isEmpty}>
      <Menu.Target>
        <IconButton icon={Download} label={t('events:action.export')} disabled={isEmpty} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {t('events:action.exportShown', {
            count: view.shownCount,
            formatted: formatCount(view.shownCount),
          })}
        </Menu.Label>
        <Menu.Item
          onClick={() => {
            save('jsonl');
          }}
        >
          {t('events:action.exportJsonLines')}
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            save('csv');
          }}
        >
          {t('events:action.exportCsv')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function ClearButton({ log, view }: ControlsProps): ReactNode {
  const t = useTexts();
  return (
    <IconButton
      icon={Trash2}
      label={t('events:action.clear')}
      disabled={view.totalCount === 0}
      onClick={log.clear}
    />
  );
}

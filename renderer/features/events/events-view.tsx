/** The Events view: the live list of what changed in the watched subtrees, with all that one does to it. */
import type { ReactNode } from 'react';
import { useWorkspace } from '../../app/workspace.ts';
import { PaneHeader } from '../../components/pane-header.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { EventContent } from './event-content.tsx';
import { ClearButton, ExportMenu, FilterButton, FilterText, PauseButton } from './event-controls.tsx';
import { EventCounts, LiveState } from './event-counts.tsx';
import { removeSubtree } from './remove-subtree.ts';
import { SubtreeChips } from './subtree-chips.tsx';
import { useEventCommands } from './use-event-commands.ts';
import { eventLogOf, useEventFeed, useEventLogView, useWatchedSubtrees } from './use-event-log.ts';
import { useSubtreeCalls } from './use-subtree-calls.ts';
import { WatchPopover } from './watch-popover.tsx';
import classes from './events.module.css';

export function EventsView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <EventsOf key={connectionId} connectionId={connectionId} />;
}

function EventsOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const log = eventLogOf(connectionId);
  const view = useEventLogView(log);
  const failure = useEventFeed(connectionId);
  const subtrees = useWatchedSubtrees(connectionId);
  const calls = useSubtreeCalls(connectionId);
  useEventCommands({ connectionId, log, watch: calls.watch });

  return (
    <section className={classes.root} aria-label={t('events:title')}>
      <PaneHeader title={t('events:title')} detail={<EventCounts view={view} />}>
        <LiveState view={view} subtrees={subtrees ?? []} />
        <PauseButton log={log} view={view} />
        <FilterText log={log} view={view} />
        <FilterButton log={log} view={view} hasText={false} />
        <ExportMenu log={log} view={view} />
        <ClearButton log={log} view={view} />
      </PaneHeader>
      {subtrees !== null && subtrees.length > 0 && (
        <Toolbar label={t('events:subtree.label')}>
          <SubtreeChips
            subtrees={subtrees}
            narrowedTo={view.filter.subtree}
            onNarrow={(subtree) => {
              log.setFilter({ ...view.filter, subtree });
            }}
            onRemove={(path) => {
              removeSubtree(log, path, calls.unwatch);
            }}
          />
          <WatchPopover
            connectionId={connectionId}
            subtrees={subtrees}
            label={t('events:subtree.addButton')}
          />
        </Toolbar>
      )}
      <EventContent
        connectionId={connectionId}
        log={log}
        view={view}
        subtrees={subtrees}
        failure={failure}
        calls={calls}
        isCompact={false}
      />
    </section>
  );
}

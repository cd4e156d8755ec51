/** The Events view: the live list of what changed in the watched subtrees, with all that one does to it. */
import type { ReactNode } from 'react';
import { useWorkspace } from '../../app/workspace.ts';
import { PaneHeader } from '../../components/pane-header.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { EventContent } from './event-content.tsx';
import { ClearButton, ExportMenu, FilterButton, FilterText, PauseButton } from './event-controls.tsx';
import { EventCounts, LiveState } from './event-counts.tsx';
import { useEvents } from './use-events.ts';
import { WatchedSubtrees } from './watched-subtrees.tsx';
import classes from './events.module.css';

export function EventsView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <EventsOf key={connectionId} connectionId={connectionId} />;
}

function EventsOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const events = useEvents(connectionId);
  const { log, view, subtrees } = events;
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
          <WatchedSubtrees {...events} />
        </Toolbar>
      )}
      <EventContent {...events} isCompact={false} />
    </section>
  );
}

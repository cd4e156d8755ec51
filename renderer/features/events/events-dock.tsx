/**
 * The events dock below the other views: the same list as the Events view, in a few lines. The frame sizes it; minimised,
 * it is a head that says what happened last.
 */
import { ChevronDown, ChevronUp, Maximize2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { changeSettings, useSettings } from '../../app/settings.ts';
import { openView, useWorkspace } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { EventContent } from './event-content.tsx';
import { ExportMenu, FilterButton, PauseButton } from './event-controls.tsx';
import { EventCounts, LatestEvent, LiveState } from './event-counts.tsx';
import { useEvents } from './use-events.ts';
import { WatchedSubtrees } from './watched-subtrees.tsx';
import classes from './events.module.css';

export function EventsDock(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <DockOf key={connectionId} connectionId={connectionId} />;
}

function DockOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const events = useEvents(connectionId);
  const { log, view, subtrees } = events;
  const { isDockOpen } = useSettings();

  return (
    <section className={classNames(classes.root, classes.dock)} aria-label={t('events:title')}>
      <header className={classes.dockHead}>
        <h2 className={classes.dockTitle}>{t('events:title')}</h2>
        <WatchedSubtrees {...events} />
        {isDockOpen ? <EventCounts view={view} /> : <LatestEvent view={view} />}
        <div className={classes.end}>
          <LiveState view={view} subtrees={subtrees ?? []} />
          {isDockOpen && (
            <>
              <PauseButton log={log} view={view} />
              <FilterButton log={log} view={view} hasText />
              <ExportMenu log={log} view={view} />
            </>
          )}
          <IconButton
            icon={Maximize2}
            label={t('events:action.openView')}
            onClick={() => {
              openView('events');
            }}
          />
          <IconButton
            icon={isDockOpen ? ChevronDown : ChevronUp}
            label={t(isDockOpen ? 'events:action.minimise' : 'events:action.restore')}
            onClick={() => {
              changeSettings({ isDockOpen: !isDockOpen });
            }}
          />
        </div>
      </header>
      {isDockOpen && <EventContent {...events} isCompact />}
    </section>
  );
}

/**
 * What dock and view show below their heads: the list, or why it is empty and what to do. Events of the session come without
 * any watch, so the offer to watch something may stand above rows.
 */
import { Button } from '@mantine/core';
import { Eye } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../app/format.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { NO_FILTER, isFiltering } from './event-filter.ts';
import { EventList } from './event-list.tsx';
import type { Events } from './use-events.ts';
import { WatchPopover } from './watch-popover.tsx';
import classes from './events.module.css';

interface EventContentProps extends Events {
  /** In the dock a sentence has one line. */
  readonly isCompact: boolean;
}

export function EventContent(props: EventContentProps): ReactNode {
  const { log, view, subtrees, failure, calls, isCompact } = props;
  return (
    <>
      {calls.failure !== null && <FailureNotice failure={calls.failure} />}
      {failure !== null && <FailureNotice failure={failure} tone="warning" />}
      {subtrees?.length === 0 && <NothingWatched {...props} />}
      {view.shownCount > 0 ? (
        <EventList view={view} hasHead={!isCompact} />
      ) : isFiltering(view.filter) && view.totalCount > 0 ? (
        <NothingMatches log={log} view={view} isCompact={isCompact} />
      ) : (
        subtrees !== null &&
        subtrees.length > 0 && <NothingHappened isPaused={view.isPaused} isCompact={isCompact} />
      )}
    </>
  );
}

function NothingWatched({ connectionId, subtrees, calls, isCompact }: EventContentProps): ReactNode {
  const t = useTexts();
  const actions = (
    <>
      <Button
        variant={isCompact ? 'default' : 'filled'}
        {...(isCompact ? { size: 'compact-xs' } : {})}
        disabled={calls.isPending}
        onClick={() => {
          calls.watch('/');
        }}
      >
        {t('events:empty.watchRoot')}
      </Button>
      <WatchPopover
        connectionId={connectionId}
        subtrees={subtrees ?? []}
        label={t('events:empty.watchOther')}
      />
    </>
  );
  if (isCompact) {
    return (
      <div className={classes.line}>
        <span>{t('events:empty.dock')}</span>
        {actions}
      </div>
    );
  }
  return (
    <EmptyState icon={Eye} title={t('events:empty.title')} action={actions}>
      {t('events:empty.text')}
    </EmptyState>
  );
}

function NothingHappened({
  isPaused,
  isCompact,
}: {
  readonly isPaused: boolean;
  readonly isCompact: boolean;
}): ReactNode {
  const t = useTexts();
  const text = t(isPaused ? 'events:quiet.paused' : 'events:quiet.text');
  if (isCompact) return <div className={classes.line}>{text}</div>;
  return <EmptyState title={t('events:quiet.title')}>{text}</EmptyState>;
}

function NothingMatches({
  log,
  view,
  isCompact,
}: Pick<EventContentProps, 'log' | 'view' | 'isCompact'>): ReactNode {
  const t = useTexts();
  const count = view.totalCount - view.forgottenCount - view.heldBackCount;
  const text = t('events:noMatch.text', { count, formatted: formatCount(count) });
  const action = (
    <Button
      {...(isCompact ? { size: 'compact-xs' } : {})}
      onClick={() => {
        log.setFilter(NO_FILTER);
      }}
    >
      {t('events:action.clearFilter')}
    </Button>
  );
  if (isCompact) {
    return (
      <div className={classes.line}>
        <span>{text}</span>
        {action}
      </div>
    );
  }
  return (
    <EmptyState title={t('events:noMatch.title')} action={action}>
      {text}
    </EmptyState>
  );
}

/** The numbers and the state of the list: "1 204 since 11:58", and whether it is live. */
import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { WatchedSubtree } from '../../../shared/api/watches.ts';
import { formatCount, formatFullTime } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { isFiltering } from './event-filter.ts';
import type { EventLogView } from './event-log.ts';
import classes from './events.module.css';

export function EventCounts({ view }: { readonly view: EventLogView }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { totalCount, shownCount, forgottenCount, sinceMs, filter } = view;
  if (sinceMs === null) return null;
  // 12:04:11.204 is more than one needs here.
  const since = format.time(sinceMs).replace(/:\d\d\.\d{3}$/, '');
  const parts: string[] = [
    t('events:since', { count: totalCount, formatted: formatCount(totalCount), time: since }),
  ];
  if (isFiltering(filter)) parts.push(t('events:shown', { formatted: formatCount(shownCount) }));
  if (forgottenCount > 0) {
    parts.push(t('events:forgotten', { count: forgottenCount, formatted: formatCount(forgottenCount) }));
  }
  return (
    <span className={classes.counts} title={formatFullTime(sinceMs)}>
      {parts.join(' · ')}
    </span>
  );
}

/** The newest row in a line, for a dock that is minimised. */
export function LatestEvent({ view }: { readonly view: EventLogView }): ReactNode {
  const format = useFormat();
  const row = view.rowAt(view.shownCount - 1);
  if (row?.kind !== 'event') return <EventCounts view={view} />;
  const { atMs, type, path, detail } = row.event;
  return (
    <code className={classes.counts}>
      {format.time(atMs)} {type} {path ?? detail}
    </code>
  );
}

interface LiveStateProps {
  readonly view: EventLogView;
  readonly subtrees: readonly WatchedSubtree[];
}

/** A green dot only for what is true of every subtree. */
export function LiveState({ view, subtrees }: LiveStateProps): ReactNode {
  const t = useTexts();
  if (view.isPaused) {
    const { heldBackCount } = view;
    return (
      <span className={classNames(classes.state, classes.paused)}>
        {heldBackCount === 0
          ? t('events:state.paused')
          : t('events:state.heldBack', { count: heldBackCount, formatted: formatCount(heldBackCount) })}
      </span>
    );
  }
  if (subtrees.length === 0) return <span className={classes.state}>{t('events:state.nothingWatched')}</span>;
  const isLive = subtrees.every((subtree) => subtree.isLive);
  return (
    <Tooltip label={t(isLive ? 'events:state.liveHint' : 'events:state.waitingHint')}>
      <span className={classNames(classes.state, isLive ? classes.live : classes.waiting)}>
        {t(isLive ? 'events:state.live' : 'events:state.waiting')}
      </span>
    </Tooltip>
  );
}

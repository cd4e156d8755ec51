/** One row of the event list: an event of a znode, an event of the session, or a gap. */
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, memo } from 'react';
import type { EventDto } from '../../../shared/api/watches.ts';
import { formatCount, formatFullTime, formatZxidHex } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { LogRow } from './event-log.ts';
import { EVENT_LOOKS } from './event-look.ts';
import classes from './event-list.module.css';

interface EventRowProps {
  readonly row: LogRow;
  readonly onOpenPath: (path: string) => void;
}

/** The cells only; the list around it places them. */
export const EventRowCells = memo(function EventRowCells({ row, onOpenPath }: EventRowProps): ReactNode {
  return row.kind === 'gap' ? (
    <GapCells count={row.count} />
  ) : (
    <EventCells event={row.event} onOpenPath={onOpenPath} />
  );
});

function GapCells({ count }: { readonly count: number }): ReactNode {
  const t = useTexts();
  return (
    <div role="gridcell" aria-colspan={5} className={classes.gapText}>
      <TriangleAlert size={12} strokeWidth={1.75} aria-hidden />
      {t('events:gap', { count, formatted: formatCount(count) })}
    </div>
  );
}

function EventCells({
  event,
  onOpenPath,
}: {
  readonly event: EventDto;
  readonly onOpenPath: (path: string) => void;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { icon: Icon, tone, sentence } = EVENT_LOOKS[event.type];
  return (
    <>
      <div
        role="gridcell"
        className={classNames(classes.cell, classes.time)}
        title={formatFullTime(event.atMs)}
      >
        {format.time(event.atMs)}
      </div>
      <div role="gridcell" className={classNames(classes.cell, classes.type, classes[tone])}>
        <Icon size={12} strokeWidth={1.75} aria-hidden />
        {event.type}
      </div>
      <div role="gridcell" className={classNames(classes.cell, event.path !== null && classes.mono)}>
        {event.path === null ? (
          sentence !== undefined && t(`events:session.${sentence}`)
        ) : (
          <PathLink path={event.path} onOpenPath={onOpenPath} />
        )}
      </div>
      <div role="gridcell" className={classNames(classes.cell, classes.mono, classes.zxid)}>
        {event.zxid === null ? '' : formatZxidHex(event.zxid)}
      </div>
      <div role="gridcell" className={classNames(classes.cell, classes.mono, classes.detail)}>
        {event.detail}
      </div>
    </>
  );
}

/** Not in the tab order: arrow keys choose a row, Enter opens it. */
function PathLink({
  path,
  onOpenPath,
}: {
  readonly path: string;
  readonly onOpenPath: (path: string) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.path}
      title={t('events:action.openPath', { path })}
      onClick={() => {
        onOpenPath(path);
      }}
    >
      {path}
    </button>
  );
}

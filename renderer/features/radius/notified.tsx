/**
 * Who would be notified of a change before it is made. First what is cheap: how many watches there are at all; then, when a
 * person asks, whose they are. What no server tells is said: child watches are in no list.
 */
import { Button, Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import {
  type NodeChange,
  type NotificationRadius,
  RADIUS_PATHS_MAX,
  type Watcher,
} from '../../../shared/api/radius.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { openSession } from '../../app/workspace.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { HiddenNotice } from '../cluster/hidden-notice.tsx';
import { groupHidden } from '../cluster/hidden-words.ts';
import { hintOf, totalsWords, watchesConcerned } from './radius-words.ts';
import classes from './radius.module.css';

interface NotifiedProps {
  readonly connectionId: string;
  readonly change: NodeChange;
  readonly paths: readonly string[];
}

function useRadius({ connectionId, change, paths }: NotifiedProps) {
  const totals = useQuery({
    ...api.radius.totals.queryOptions({ input: { connectionId } }),
    retry: false,
    staleTime: TOTALS_STALE_MS,
  });
  const asked = useQuery({
    ...api.radius.ask.queryOptions({
      input: { connectionId, change, paths: paths.slice(0, RADIUS_PATHS_MAX) },
    }),
    enabled: false,
    retry: false,
    staleTime: Infinity,
    gcTime: ASKED_KEPT_MS,
  });
  return { totals: totals.data, asked };
}

/** What they say is a claim about now. */
const TOTALS_STALE_MS = 2_000;
/** An answer is about this very moment. */
const ASKED_KEPT_MS = 30_000;

/** One line, for a bar: the number, and a button that asks. The names are behind it. */
export function NotifiedNote(props: NotifiedProps): ReactNode {
  const t = useTexts();
  const { totals, asked } = useRadius(props);
  const [isOpen, setOpen] = useState(false);
  const radius = asked.data;
  const words = radius === undefined ? totalsWords(totals, props.change, t) : askedWords(radius, t);
  return (
    <span className={classes.note} role="status" aria-label={t('radius:title')}>
      <BellRing size={14} strokeWidth={1.75} aria-hidden />
      <span title={radius === undefined ? hintOf(totals, t) : undefined}>{words}</span>
      {(radius !== undefined || watchesConcerned(totals, props.change) !== 0) && (
        <Popover opened={isOpen} onChange={setOpen} position="top-end" width={420} trapFocus returnFocus>
          <Popover.Target>
            <button
              type="button"
              className={classes.link}
              title={t('radius:askHint')}
              aria-busy={asked.isFetching}
              onClick={() => {
                if (radius === undefined && !asked.isFetching) void asked.refetch();
                setOpen(!isOpen);
              }}
            >
              {t(radius === undefined ? 'radius:ask' : 'radius:show')}
            </button>
          </Popover.Target>
          <Popover.Dropdown className={classes.popover}>
            <Answer asked={asked} />
          </Popover.Dropdown>
        </Popover>
      )}
    </span>
  );
}

/** The same as a part of a preview, with the names below it. */
export function NotifiedOf(props: NotifiedProps): ReactNode {
  const t = useTexts();
  const { totals, asked } = useRadius(props);
  const radius = asked.data;
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <p className={classes.title}>
          {radius === undefined ? totalsWords(totals, props.change, t) : askedWords(radius, t)}
        </p>
        {watchesConcerned(totals, props.change) !== 0 && (
          <Button
            size="compact-xs"
            loading={asked.isFetching}
            title={t('radius:askHint')}
            onClick={() => {
              void asked.refetch();
            }}
          >
            {t(radius === undefined ? 'radius:ask' : 'radius:askAgain')}
          </Button>
        )}
      </div>
      {(radius !== undefined || asked.error !== null) && <Answer asked={asked} />}
    </div>
  );
}

function askedWords(radius: NotificationRadius, t: Texts): string {
  const { certainCount, possibleCount, isZabraNotified } = radius;
  if (certainCount + possibleCount === 0 && isZabraNotified) return t('radius:onlyZabra');
  const certain = t('radius:certain', { count: certainCount, formatted: formatCount(certainCount) });
  if (possibleCount === 0) return certain;
  return `${certain}${t('radius:possible', { count: possibleCount, formatted: formatCount(possibleCount) })}`;
}

interface AnswerProps {
  readonly asked: {
    readonly data: NotificationRadius | undefined;
    readonly error: Error | null;
    readonly isFetching: boolean;
  };
}

function Answer({ asked: { data, error, isFetching } }: AnswerProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  if (error !== null) return <FailureNotice failure={failureOf(error)} attempt={t('radius:failed')} />;
  if (data === undefined) return <p className={classes.fact}>{isFetching ? t('radius:asking') : ''}</p>;
  const more = data.certainCount + data.possibleCount - data.watchers.length;
  return (
    <div className={classes.answer}>
      {data.watchers.length > 0 && (
        <ul className={classes.watchers} aria-label={t('radius:title')}>
          {data.watchers.map((watcher) => (
            <li key={watcher.sessionId}>
              <WatcherLine watcher={watcher} />
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p className={classes.fact}>
          {t('sessions:drawer.more', { count: more, formatted: formatCount(more) })}
        </p>
      )}
      {data.firesChildWatches && <p className={classes.fact}>{t('radius:childHidden')}</p>}
      <p className={classes.fact}>{t('radius:asOf', { time: format.time(data.atMs) })}</p>
      <HiddenNotice groups={groupHidden(data.hidden)} />
    </div>
  );
}

function WatcherLine({
  watcher: { sessionId, label, address, certainty, path },
}: {
  readonly watcher: Watcher;
}): ReactNode {
  const t = useTexts();
  return (
    <>
      <button
        type="button"
        className={classes.link}
        title={sessionId}
        onClick={() => {
          openSession(sessionId);
        }}
      >
        {label ?? sessionId}
      </button>
      <span className={classes.fact}>
        {address ?? ''}
        {certainty === 'possible' && ` ${t('radius:onlyIf', { path })}`}
      </span>
    </>
  );
}

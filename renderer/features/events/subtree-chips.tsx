/**
 * The watched subtrees, a chip each: a click shows only its events, the cross stops watching. A subtree that the server
 * does not watch now is amber and says why.
 */
import { Tooltip } from '@mantine/core';
import { EyeOff, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WatchedSubtree } from '../../../shared/api/watches.ts';
import { formatCount, shortenPath } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './subtrees.module.css';

const CHIP_CHARS_MAX = 36;

interface SubtreeChipsProps {
  readonly subtrees: readonly WatchedSubtree[];
  /** The one that the list is narrowed to. */
  readonly narrowedTo: string | null;
  readonly onNarrow: (path: string | null) => void;
  readonly onRemove: (path: string) => void;
}

export function SubtreeChips({ subtrees, narrowedTo, onNarrow, onRemove }: SubtreeChipsProps): ReactNode {
  const t = useTexts();
  return (
    <ul className={classes.chips} aria-label={t('events:subtree.label')}>
      {subtrees.map((subtree) => (
        <SubtreeChip
          key={subtree.path}
          subtree={subtree}
          isNarrowed={narrowedTo === subtree.path}
          onNarrow={onNarrow}
          onRemove={onRemove}
        />
      ))}
    </ul>
  );
}

interface SubtreeChipProps extends Pick<SubtreeChipsProps, 'onNarrow' | 'onRemove'> {
  readonly subtree: WatchedSubtree;
  readonly isNarrowed: boolean;
}

function SubtreeChip({ subtree, isNarrowed, onNarrow, onRemove }: SubtreeChipProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { path, eventCount, sinceMs, isLive } = subtree;
  const hint = t('events:subtree.hint', {
    path,
    count: eventCount,
    formatted: formatCount(eventCount),
    time: format.time(sinceMs),
  });
  const pattern = path === '/' ? '/**' : `${path}/**`;
  return (
    <li className={classNames(classes.chip, isNarrowed && classes.narrowed, !isLive && classes.notLive)}>
      <Tooltip label={isLive ? hint : t('events:subtree.notLiveHint')}>
        <button
          type="button"
          className={classes.chipPath}
          aria-pressed={isNarrowed}
          aria-description={t(isNarrowed ? 'events:subtree.onlyOff' : 'events:subtree.only', { path })}
          onClick={() => {
            onNarrow(isNarrowed ? null : path);
          }}
        >
          {!isLive && <EyeOff size={12} strokeWidth={1.75} aria-hidden />}
          <span className={classes.pattern}>{shortenPath(pattern, CHIP_CHARS_MAX)}</span>
          <span className={classes.chipCount}>
            {isLive ? formatCount(eventCount) : t('events:subtree.notLive')}
          </span>
        </button>
      </Tooltip>
      <button
        type="button"
        className={classes.chipRemove}
        aria-label={t('events:subtree.remove', { path })}
        title={t('events:subtree.remove', { path })}
        onClick={() => {
          onRemove(path);
        }}
      >
        <X size={12} strokeWidth={1.75} aria-hidden />
      </button>
    </li>
  );
}

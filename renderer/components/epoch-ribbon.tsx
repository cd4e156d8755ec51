/**
 * The epoch ribbon: who led when, and why each reign ended. Boundaries are buttons that explain their election; arrow keys go
 * from one to the next, so that a cluster that lost its leader a hundred times is one stop for the Tab key.
 */
import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { ElectionCause } from '../../shared/api/causes.ts';
import type { Election, ElectionRecord } from '../../shared/api/elections.ts';
import { useFormat } from '../app/use-format.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { classNames } from './class-names.ts';
import {
  RIBBON_RANGES,
  type Ribbon,
  type RibbonGap,
  type RibbonRange,
  type RibbonReign,
  placeLabels,
  ribbonOf,
} from './epoch-ribbon-model.ts';
import { textWidth } from './text-width.ts';
import classes from './epoch-ribbon.module.css';

interface EpochRibbonProps {
  readonly record: ElectionRecord;
  readonly nowMs: number;
  /** The end is the present, not the end of a log. */
  readonly isLive: boolean;
  readonly causeOf: (election: Election) => ElectionCause | null;
  /** Shown as chosen. */
  readonly chosen?: Election | null;
  readonly onOpen: (election: Election) => void;
  readonly actions?: ReactNode;
}

const LABEL_FONT_PX = 11;
/** Where the begin and the end of the time are written. */
const ENDS_PX = 96;

export function EpochRibbon(props: EpochRibbonProps): ReactNode {
  const { record, nowMs, isLive, causeOf, chosen = null, onOpen, actions } = props;
  const t = useTexts();
  const [range, setRange] = useState<RibbonRange>('all');
  const { ref, width } = useElementSize();
  const ribbon = ribbonOf(record, { range, nowMs });
  const describe = useGapText(causeOf);
  return (
    <section className={classes.root} aria-label={t('election:ribbon.title')}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('election:ribbon.title')}</h2>
        {actions}
        <RangeChoice range={range} onChange={setRange} />
      </header>
      <div className={classes.track} ref={ref}>
        {ribbon.reigns.map((reign) => (
          <ReignPart
            key={`${reign.reign.leader} ${reign.reign.fromMs}`}
            part={reign}
            nowMs={nowMs}
            width={width}
            isLive={isLive}
          />
        ))}
        <Gaps ribbon={ribbon} chosen={chosen} describe={describe} onOpen={onOpen} />
        {record.ribbon.length === 0 && <p className={classes.empty}>{t('election:ribbon.empty')}</p>}
      </div>
      <Labels ribbon={ribbon} width={width} isLive={isLive} describe={describe} />
    </section>
  );
}

function RangeChoice({
  range,
  onChange,
}: {
  readonly range: RibbonRange;
  readonly onChange: (range: RibbonRange) => void;
}): ReactNode {
  const t = useTexts();
  return (
    <SegmentedControl
      size="xs"
      className={classes.ranges}
      aria-label={t('election:ribbon.range')}
      value={range}
      data={(Object.keys(RIBBON_RANGES) as RibbonRange[]).map((value) => ({
        value,
        label: t(`election:ribbon.ranges.${value}`),
      }))}
      onChange={onChange}
    />
  );
}

const percent = (share: number): string => `${share * 100}%`;

/** `server 3 stopped, 280 ms without a leader` */
function useGapText(causeOf: EpochRibbonProps['causeOf']): (gap: RibbonGap) => string {
  const t = useTexts();
  const format = useFormat();
  return ({ election, lost, fromMs, toMs }) => {
    const known = election === undefined ? null : causeOf(election);
    const cause =
      lost === null
        ? t(`election:ribbon.cause.${known === null || known === 'unknown' ? 'first-start' : known}`, {
            sid: '',
          })
        : t(`election:ribbon.cause.${known ?? 'unknown'}`, { sid: lost });
    if (toMs === null) return t('election:ribbon.gapOpen', { cause });
    if (lost === null) return cause;
    return t('election:ribbon.gap', { cause, duration: format.duration(toMs - fromMs) });
  };
}

function ReignPart({
  part: { reign, leftShare, widthShare, isLast },
  nowMs,
  width,
  isLive,
}: {
  readonly part: RibbonReign;
  readonly nowMs: number;
  readonly width: number;
  readonly isLive: boolean;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { leader: sid, epoch, fromMs, toMs } = reign;
  const duration = format.duration((toMs ?? nowMs) - fromMs);
  const from = format.time(fromMs);
  const isPresent = isLast && isLive;
  const title =
    epoch === null
      ? t('election:ribbon.reignNoEpoch', { sid, duration, from })
      : isPresent
        ? t('election:ribbon.reignNow', { sid, epoch, from })
        : t('election:ribbon.reign', { sid, epoch, duration, from });
  const name = t('election:server', { sid });
  const detail = epoch === null ? duration : `${t('election:ribbon.epoch', { epoch })}, ${duration}`;
  const room = widthShare * width - 20;
  return (
    <div
      className={classNames(classes.reign, isPresent && classes.present)}
      style={{ left: percent(leftShare), width: percent(widthShare) }}
      title={title}
    >
      {room > textWidth(name, { fontPx: 12 }) && <span className={classes.leader}>{name}</span>}
      {room > textWidth(name + detail, { fontPx: 12 }) + 8 && <span className={classes.epoch}>{detail}</span>}
      <span className="visually-hidden">{title}</span>
    </div>
  );
}

interface GapsProps {
  readonly ribbon: Ribbon;
  readonly chosen: Election | null;
  readonly describe: (gap: RibbonGap) => string;
  readonly onOpen: (election: Election) => void;
}

function Gaps({ ribbon: { gaps }, chosen, describe, onOpen }: GapsProps): ReactNode {
  const t = useTexts();
  const listRef = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const stop = focused !== null && focused < gaps.length ? focused : gaps.length - 1;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(gaps.length - 1, Math.max(0, stop + step));
    setFocused(next);
    listRef.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div ref={listRef} onKeyDown={onKeyDown} role="group" aria-label={t('election:ribbon.gaps')}>
      {gaps.map((gap, index) => (
        <button
          key={gap.fromMs}
          type="button"
          className={classNames(
            classes.gap,
            gap.election !== undefined && gap.election === chosen && classes.chosen,
          )}
          style={{ left: percent(gap.leftShare), width: percent(gap.widthShare) }}
          tabIndex={index === stop ? 0 : -1}
          aria-disabled={gap.election === undefined}
          aria-label={t('election:ribbon.open', { what: describe(gap) })}
          title={describe(gap)}
          onFocus={() => {
            setFocused(index);
          }}
          onClick={() => {
            if (gap.election) onOpen(gap.election);
          }}
        />
      ))}
    </div>
  );
}

function Labels({
  ribbon: { gaps, fromMs, toMs },
  width,
  isLive,
  describe,
}: {
  readonly ribbon: Ribbon;
  readonly width: number;
  readonly isLive: boolean;
  readonly describe: (gap: RibbonGap) => string;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const labels = placeLabels(
    gaps.map((gap, index) => ({
      gap: index,
      at: (gap.leftShare + gap.widthShare) * width,
      width: textWidth(describe(gap), { fontPx: LABEL_FONT_PX }),
    })),
    { from: ENDS_PX, to: width - ENDS_PX },
  );
  return (
    <div className={classes.labels} aria-hidden>
      <span>{format.time(fromMs).replace(/\.\d+$/, '')}</span>
      {labels.map(({ gap, left }) => (
        <span key={gap} className={classes.label} style={{ left }}>
          {gaps[gap] && describe(gaps[gap])}
        </span>
      ))}
      <span className={classes.end}>
        {isLive ? t('election:ribbon.now') : format.time(toMs).replace(/\.\d+$/, '')}
      </span>
    </div>
  );
}

/**
 * The messages of an election as lanes and arrows. One row is chosen by click or arrow keys, and said in words below. Only
 * the rows on screen are drawn, so that an election of hundreds of rounds scrolls like a short one.
 */
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import { classNames } from '../../../components/class-names.ts';
import { RoleShape } from '../../../components/role-badge.tsx';
import { movedIndex } from '../../../components/data-table-model.ts';
import { useFormat } from '../../../app/use-format.ts';
import { formatTimeOfDay } from '../../../app/format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { ArrowTips, DiagramRowView } from './diagram-row.tsx';
import {
  type DiagramLayout,
  PHASE_LEFT,
  boxOf,
  type PlacedPause,
  type PlacedPhase,
  TIME_RIGHT,
  layOut,
  rowsBetween,
} from './diagram-layout.ts';
import type { Diagram, Lane } from './diagram-model.ts';
import type { PhaseSpan } from './election-phases.ts';
import { besideText, clock, sentenceOf } from './election-words.ts';
import type { LeaderLoss } from './leader-loss.ts';
import classes from './message-diagram.module.css';

interface MessageDiagramProps {
  readonly diagram: Diagram;
  readonly phases: readonly PhaseSpan[];
  readonly loss: LeaderLoss | null;
  readonly startMs: number;
}

/** Beyond what is on screen. */
const OVERSCAN_PX = 300;
const PAGE_ROWS = 12;

export function MessageDiagram({ diagram, phases, loss, startMs }: MessageDiagramProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const id = useId();
  const { ref: sizeRef, width, height } = useElementSize();
  const scrollRef = useRef<HTMLDivElement>(null);
  const [scrolledPx, setScrolledPx] = useState(0);
  const [chosen, setChosen] = useState<number | null>(null);
  const words = useMemo(() => ({ t, format }), [t, format]);
  const layout = useMemo(
    () => layOut(diagram, Math.floor(width), (row) => besideText(row, words)),
    [diagram, width, words],
  );
  const { rows } = layout;
  const visible = rowsBetween(rows, {
    top: scrolledPx - OVERSCAN_PX,
    bottom: scrolledPx + height + OVERSCAN_PX,
  });
  const chosenRow = chosen === null ? undefined : rows[chosen];
  const drawn = chosenRow && !visible.includes(chosenRow) ? [...visible, chosenRow] : visible;

  const leader = diagram.lanes.find(({ role }) => role === 'leader')?.sid ?? null;
  const choose = (index: number): void => {
    setChosen(index);
    const y = rows[index]?.y ?? 0;
    const scroll = scrollRef.current;
    if (scroll === null) return;
    if (y - 30 < scroll.scrollTop) scroll.scrollTop = y - 30;
    else if (y + 30 > scroll.scrollTop + height) scroll.scrollTop = y + 30 - height;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = movedIndex(event.key, chosen ?? -1, rows.length, PAGE_ROWS);
    if (index === null) return;
    event.preventDefault();
    choose(index);
  };
  return (
    <div className={classes.root}>
      <div className={classes.lanesHead} aria-hidden>
        <div
          className={classes.lanesTrack}
          style={{ width: layout.width }}
          ref={(track) => {
            if (track && scrollRef.current)
              track.parentElement?.scrollTo({ left: scrollRef.current.scrollLeft });
          }}
        >
          <span className={classes.startTime}>{clock(startMs).slice(0, 5)}:…</span>
          {diagram.lanes.map((lane) => (
            <LaneHead key={lane.sid} lane={lane} x={layout.laneX.get(lane.sid) ?? 0} />
          ))}
        </div>
      </div>
      <div
        className={classes.scroll}
        ref={(element) => {
          scrollRef.current = element;
          sizeRef(element);
        }}
        role="listbox"
        tabIndex={0}
        aria-label={t('election:diagram.label')}
        aria-activedescendant={chosen === null ? undefined : `${id}-${chosen}`}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => {
          setScrolledPx(currentTarget.scrollTop);
          const head = currentTarget.previousElementSibling;
          if (head) head.scrollLeft = currentTarget.scrollLeft;
        }}
      >
        <svg className={classes.drawing} width={layout.width} height={layout.height} role="presentation">
          <ArrowTips />
          {drawn.map((placed) => (
            <rect
              key={placed.index}
              id={`${id}-${placed.index}`}
              role="option"
              aria-selected={placed.index === chosen}
              aria-label={sentenceOf(placed.row, loss, words)}
              className={classNames(classes.row, placed.index === chosen && classes.chosen)}
              {...boxOf(placed, layout)}
              onClick={() => {
                choose(placed.index);
              }}
            />
          ))}
          {/* The sentences say all of it. */}
          <g className={classes.drawings} aria-hidden>
            <Lifelines diagram={diagram} layout={layout} />
            {layout.phases.map((phase) => (
              <PhaseMark
                key={phase.name}
                phase={phase}
                span={phases.find(({ name }) => name === phase.name)}
              />
            ))}
            {layout.pauses.map((pause) => (
              <PauseMark key={pause.y} pause={pause} layout={layout} />
            ))}
            {drawn.map((placed) => (
              <DiagramRowView
                key={placed.index}
                placed={placed}
                layout={layout}
                loss={loss}
                leader={leader}
              />
            ))}
          </g>
        </svg>
      </div>
      <p className={classes.detail}>
        {chosenRow === undefined ? t('election:diagram.choose') : sentenceOf(chosenRow.row, loss, words)}
      </p>
    </div>
  );
}

function LaneHead({ lane, x }: { readonly lane: Lane; readonly x: number }): ReactNode {
  const t = useTexts();
  return (
    <span
      className={classes.laneHead}
      style={{ left: x }}
      title={lane.isSilent ? t('election:diagram.silentLane') : undefined}
    >
      <RoleShape role={lane.role} />
      {t('election:server', { sid: lane.sid })}
    </span>
  );
}

/** Dotted where nothing is known of a server by its own traces. */
function Lifelines({
  diagram,
  layout,
}: {
  readonly diagram: Diagram;
  readonly layout: DiagramLayout;
}): ReactNode {
  return diagram.lanes.map(({ sid, isSilent }) => {
    const x = layout.laneX.get(sid) ?? 0;
    return (
      <line
        key={sid}
        className={isSilent ? classes.silentLine : classes.lifeline}
        x1={x}
        x2={x}
        y1={0}
        y2={layout.height}
      />
    );
  });
}

function PhaseMark({
  phase: { name, top, bottom },
  span,
}: {
  readonly phase: PlacedPhase;
  readonly span: PhaseSpan | undefined;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const detail =
    span === undefined
      ? null
      : name === 'broadcast' || span.toMs === null
        ? t('election:phase.since', { time: formatTimeOfDay(span.fromMs).slice(6) })
        : format.duration(span.toMs - span.fromMs);
  return (
    <g className={classes.phase} data-phase={name}>
      <rect className={classes.phaseBar} x={PHASE_LEFT} y={top} width={3} height={bottom - top} rx={1.5} />
      <text className={classes.phaseName} x={PHASE_LEFT + 10} y={top + 12}>
        {t(`election:phase.${name}Title`)}
      </text>
      {detail !== null && (
        <text className={classes.phaseTime} x={PHASE_LEFT + 10} y={top + 27}>
          {detail}
        </text>
      )}
    </g>
  );
}

function PauseMark({
  pause: { y, ms },
  layout,
}: {
  readonly pause: PlacedPause;
  readonly layout: DiagramLayout;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  return (
    <g>
      <rect className={classes.pauseBreak} x={PHASE_LEFT - 1} y={y - 3} width={5} height={6} />
      <text className={classes.pauseText} x={TIME_RIGHT} y={y + 4} textAnchor="end">
        {format.duration(ms)}
      </text>
      {[...layout.laneX.values()].map((x) => (
        <path key={x} className={classes.pauseWave} d={`M${x - 5} ${y + 2}l5 -4l5 4m-10 4l5 -4l5 4`} />
      ))}
      <title>{t('election:diagram.quiet', { duration: format.duration(ms) })}</title>
    </g>
  );
}

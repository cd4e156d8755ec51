/**
 * The last seconds of a session as a picture: a lane each for the client, its server, the leader, and the session's timer, on one
 * axis of time. Hatched is the time in which nothing was heard. The list of facts below says the same in words.
 */
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import { formatMs, formatTimeOfDay } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { classNames } from '../../../components/class-names.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Words } from '../finding-words.ts';
import type { Autopsy, ServerLane, Span } from './autopsy-model.ts';
import { ticksOf } from './autopsy-model.ts';
import { laneName } from './considered-panel.tsx';
import classes from './autopsy-chart.module.css';

const LABELS_PX = 178;
const END_PX = 16;
const LANE_PX = 64;
const AXIS_PX = 26;
const SPAN_PX = 42;
const TICK_PX = 96;
const WIDTH_PX_MIN = 480;

interface AutopsyChartProps {
  readonly autopsy: Autopsy;
  readonly picture: SessionPicture;
}

/** From times to pixels. */
interface Scale {
  readonly x: (atMs: number) => number;
  readonly fromPx: number;
  readonly toPx: number;
}

export function AutopsyChart({ autopsy, picture }: AutopsyChartProps): ReactNode {
  const t = useTexts();
  const { ref, width } = useElementSize();
  const { axis } = autopsy;
  const widthPx = Math.max(WIDTH_PX_MIN, width);
  const toPx = widthPx - END_PX;
  const scale: Scale = {
    x: (atMs) => LABELS_PX + ((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * (toPx - LABELS_PX),
    fromPx: LABELS_PX,
    toPx,
  };
  const lanes = lanesOf(autopsy);
  const bottomPx = lanes.length * LANE_PX;
  return (
    <figure ref={ref} className={classes.root}>
      {width > 0 && (
        <svg
          width={widthPx}
          height={bottomPx + AXIS_PX + (autopsy.silence === null ? 0 : SPAN_PX)}
          role="img"
          aria-label={t('diagnose:picture.chart')}
        >
          <defs>
            <pattern
              id="autopsy-silence"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(32)"
            >
              <line x1="0" y1="0" x2="0" y2="6" className={classes.hatch} />
            </pattern>
          </defs>
          <Background autopsy={autopsy} scale={scale} bottomPx={bottomPx} />
          {lanes.map((lane, index) => (
            <g key={lane} transform={`translate(0 ${index * LANE_PX})`}>
              {index > 0 && <line x1={0} x2={widthPx} y1={0} y2={0} className={classes.divider} />}
              <Lane lane={lane} autopsy={autopsy} picture={picture} scale={scale} />
            </g>
          ))}
          <Axis autopsy={autopsy} scale={scale} bottomPx={bottomPx} />
          <SilenceSpan autopsy={autopsy} scale={scale} topPx={bottomPx + AXIS_PX} />
        </svg>
      )}
    </figure>
  );
}

type LaneName = 'client' | 'own' | 'leader' | 'timer';

function lanesOf({ own, leader, timer }: Autopsy): LaneName[] {
  return [
    'client',
    ...(own === null ? [] : (['own'] as const)),
    ...(leader === null ? [] : (['leader'] as const)),
    ...(timer.length === 0 ? [] : (['timer'] as const)),
  ];
}

/** What goes through all lanes: the silence, elections, the end. */
function Background({
  autopsy: { silence, elections, ownStalls, endMs, byClient },
  scale,
  bottomPx,
}: {
  readonly autopsy: Autopsy;
  readonly scale: Scale;
  readonly bottomPx: number;
}): ReactNode {
  const t = useTexts();
  const band = ({ fromMs, toMs }: Span, className: string | undefined, label?: string): ReactNode => (
    <g key={`${className ?? ''}${fromMs}`}>
      <rect
        x={scale.x(fromMs)}
        y={0}
        width={Math.max(2, scale.x(toMs) - scale.x(fromMs))}
        height={bottomPx}
        className={className}
      />
      {label !== undefined && (
        <Label x={scale.x(fromMs) - 5} y={14} anchor="end" className={classes.amber}>
          {label}
        </Label>
      )}
    </g>
  );
  return (
    <>
      {silence !== null && band(silence, classes.silence)}
      {silence !== null && band(silence, classes.hatched)}
      {ownStalls.map((span) => band(span, classes.ownStall, t('diagnose:picture.ownStall')))}
      {elections.map((span) => band(span, classes.election, t('diagnose:picture.election')))}
      <line
        x1={scale.x(endMs)}
        x2={scale.x(endMs)}
        y1={0}
        y2={bottomPx}
        className={byClient ? classes.endCalm : classes.end}
      />
    </>
  );
}

interface LaneProps extends AutopsyChartProps {
  readonly lane: LaneName;
  readonly scale: Scale;
}

function Lane({ lane, autopsy, picture, scale }: LaneProps): ReactNode {
  const { own, leader } = autopsy;
  switch (lane) {
    case 'client':
      return <ClientLane autopsy={autopsy} picture={picture} scale={scale} />;
    case 'own':
      return own && <AnswersLane lane={own} scale={scale} isLeader={autopsy.ownLeads} />;
    case 'leader':
      return leader && <AnswersLane lane={leader} scale={scale} isLeader />;
    case 'timer':
      return <TimerLane autopsy={autopsy} scale={scale} />;
  }
}

function LaneTitle({ title, sub }: { readonly title: string; readonly sub: string }): ReactNode {
  return (
    <>
      <text x={16} y={28} className={classes.title}>
        {title}
      </text>
      <text x={16} y={44} className={classes.sub}>
        {sub}
      </text>
    </>
  );
}

const MIDDLE_PX = 32;

function ClientLane({ autopsy, picture, scale }: Omit<LaneProps, 'lane'>): ReactNode {
  const t = useTexts();
  const { heard, connections, lastHeard, silence, connectionEndMs, backMs, endMs } = autopsy;
  const address = picture.connections.at(-1)?.address ?? t('diagnose:picture.noAddress');
  return (
    <>
      <LaneTitle title={t('diagnose:picture.client')} sub={address} />
      {connections.map(({ fromMs, toMs }) => (
        <line
          key={fromMs}
          x1={scale.x(fromMs)}
          x2={scale.x(toMs)}
          y1={MIDDLE_PX}
          y2={MIDDLE_PX}
          className={classes.connection}
        />
      ))}
      {heard.map(({ atMs, withinMs, by }, index) => (
        <g key={index}>
          {withinMs > 0 && (
            <line
              x1={Math.max(scale.fromPx, scale.x(atMs - withinMs))}
              x2={scale.x(atMs)}
              y1={MIDDLE_PX}
              y2={MIDDLE_PX}
              className={classes.within}
            />
          )}
          {by !== 'poll' && <circle cx={scale.x(atMs)} cy={MIDDLE_PX} r={4} className={classes.heard} />}
        </g>
      ))}
      {lastHeard !== null && silence !== null && (
        <>
          <circle cx={scale.x(lastHeard.atMs)} cy={MIDDLE_PX} r={4} className={classes.heard} />
          <Label x={scale.x(lastHeard.atMs) - 2} y={55} anchor="end" scale={scale}>
            {t(lastHeard.isExact ? 'diagnose:picture.lastHeard' : 'diagnose:picture.lastHeardAbout', {
              time: formatTimeOfDay(lastHeard.atMs),
            })}
          </Label>
        </>
      )}
      {connectionEndMs !== null && (
        <path d={crossAt(scale.x(connectionEndMs), MIDDLE_PX)} className={classes.cross} />
      )}
      {silence !== null && (
        <Label x={middleOf(silence, scale)} y={20} anchor="middle">
          {connectionEndMs !== null
            ? t('diagnose:picture.ended', { time: formatTimeOfDay(connectionEndMs) })
            : t(picture.connections.length > 0 ? 'diagnose:picture.open' : 'diagnose:picture.gone')}
        </Label>
      )}
      {backMs !== null && <Back backMs={Math.max(backMs, endMs)} autopsy={autopsy} scale={scale} />}
    </>
  );
}

function Back({
  backMs,
  autopsy: { axis },
  scale,
}: {
  readonly backMs: number;
  readonly autopsy: Autopsy;
  readonly scale: Scale;
}): ReactNode {
  const t = useTexts();
  const isOnAxis = backMs <= axis.toMs;
  const x = isOnAxis ? scale.x(backMs) : scale.toPx;
  return (
    <>
      {isOnAxis && <circle cx={x} cy={MIDDLE_PX} r={4} className={classes.refused} />}
      <Label x={x} y={20} anchor="end" scale={scale}>
        {t('diagnose:picture.back', { time: formatTimeOfDay(backMs) })}
      </Label>
      <Label x={x} y={55} anchor="end" className={classes.sub} scale={scale}>
        {t('diagnose:picture.refused')}
      </Label>
    </>
  );
}

const BARS_PX = 34;
const BASE_PX = 54;
/** Above the lane's name, which may be long. */
const TOP_PX = 14;

interface AnswersLaneProps {
  readonly lane: ServerLane;
  readonly scale: Scale;
  readonly isLeader: boolean;
}

function AnswersLane({ lane, scale, isLeader }: AnswersLaneProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const words: Words = { t, format };
  return (
    <>
      <LaneTitle
        title={laneName(lane, words, true)}
        sub={isLeader ? t('diagnose:picture.leaderAnswers') : t('diagnose:picture.answers')}
      />
      <text x={scale.fromPx - 8} y={TOP_PX} textAnchor="end" className={classes.tick}>
        {formatMs(lane.slowestMs)}
      </text>
      <text x={scale.fromPx - 8} y={BASE_PX} textAnchor="end" className={classes.tick}>
        0
      </text>
      {lane.answers.map(({ atMs, tookMs }, index) => {
        const heightPx = Math.max(3, (tookMs / lane.slowestMs) * BARS_PX);
        return (
          <rect
            key={index}
            x={scale.x(atMs) - 1}
            y={BASE_PX - heightPx}
            width={2}
            height={heightPx}
            className={isLeader ? classes.leaderBar : classes.bar}
          />
        );
      })}
      {lane.losses.map((loss) => (
        <Stretch
          key={loss.fromMs}
          span={loss}
          scale={scale}
          className={classes.lost}
          label={t(`diagnose:picture.lost.${loss.standing}`)}
        />
      ))}
      {lane.blocks.map((block) => (
        <Stretch
          key={`${block.kind} ${block.fromMs}`}
          span={block}
          scale={scale}
          className={classes.block}
          label={t(block.kind === 'fsync' ? 'diagnose:picture.fsyncTook' : 'diagnose:picture.stallTook', {
            took: format.duration(block.toMs - block.fromMs),
          })}
        />
      ))}
      {lane.startsMs.map((atMs) => (
        <Label key={atMs} x={scale.x(atMs)} y={16} anchor="start" scale={scale} className={classes.amber}>
          {t('diagnose:picture.started', { time: formatTimeOfDay(atMs) })}
        </Label>
      ))}
    </>
  );
}

/** Something of a server that lasted. */
function Stretch({
  span,
  scale,
  className,
  label,
}: {
  readonly span: Span;
  readonly scale: Scale;
  readonly className: string | undefined;
  readonly label: string;
}): ReactNode {
  const x = scale.x(span.fromMs);
  const widthPx = Math.max(3, scale.x(span.toMs) - x);
  return (
    <>
      <rect x={x} y={8} width={widthPx} height={14} rx={2} className={className} />
      <Label x={x + widthPx + 5} y={19} anchor="start" scale={scale}>
        {label}
      </Label>
    </>
  );
}

const FULL_PX = 14;
const EMPTY_PX = 54;

function TimerLane({ autopsy, scale }: { readonly autopsy: Autopsy; readonly scale: Scale }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { timer, timeoutMs, silence, endMs, byClient, bucketMs, axis } = autopsy;
  if (timeoutMs === null) return null;
  const y = (leftMs: number): number => EMPTY_PX - (leftMs / timeoutMs) * (EMPTY_PX - FULL_PX);
  const line = (from: number, to: number): string =>
    timer
      .filter(({ atMs }) => atMs >= from && atMs <= to)
      .map(({ atMs, leftMs }) => `${scale.x(atMs)},${y(leftMs)}`)
      .join(' ');
  const breakMs = silence?.fromMs ?? endMs;
  return (
    <>
      <LaneTitle title={t('diagnose:picture.timer')} sub={t('diagnose:picture.onLeader')} />
      <line x1={scale.fromPx} x2={scale.toPx} y1={EMPTY_PX} y2={EMPTY_PX} className={classes.zero} />
      <text x={scale.fromPx - 8} y={EMPTY_PX + 3} textAnchor="end" className={classes.tick}>
        {t('diagnose:picture.expiredLine')}
      </text>
      <polyline points={line(axis.fromMs, breakMs)} className={classes.timer} />
      {silence !== null && (
        <polyline
          points={[`${scale.x(silence.fromMs)},${y(timeoutMs)}`, line(silence.fromMs + 0.5, endMs)].join(' ')}
          className={classes.running}
        />
      )}
      {silence !== null && (
        <Label x={scale.x(silence.fromMs) + 12} y={EMPTY_PX - 6} anchor="start" scale={scale}>
          {t('diagnose:picture.ranDown', { timeout: format.duration(timeoutMs) })}
        </Label>
      )}
      {bucketMs !== null && bucketMs >= axis.fromMs && bucketMs <= endMs && (
        <line x1={scale.x(bucketMs)} x2={scale.x(bucketMs)} y1={6} y2={EMPTY_PX} className={classes.bucket}>
          <title>{t('diagnose:picture.bucket')}</title>
        </line>
      )}
      <Label
        x={scale.x(endMs) + 6}
        y={26}
        anchor="start"
        scale={scale}
        className={byClient ? classes.sub : classes.red}
      >
        {t(byClient ? 'diagnose:picture.closed' : 'diagnose:picture.expired')}
      </Label>
      <Label
        x={scale.x(endMs) + 6}
        y={41}
        anchor="start"
        scale={scale}
        className={byClient ? classes.sub : classes.red}
      >
        {formatTimeOfDay(endMs)}
      </Label>
    </>
  );
}

function Axis({
  autopsy: { axis },
  scale,
  bottomPx,
}: {
  readonly autopsy: Autopsy;
  readonly scale: Scale;
  readonly bottomPx: number;
}): ReactNode {
  const ticks = ticksOf(axis, (scale.toPx - scale.fromPx) / TICK_PX);
  return (
    <>
      <line x1={0} x2={scale.toPx + END_PX} y1={bottomPx} y2={bottomPx} className={classes.divider} />
      {ticks.map((atMs) => (
        <g key={atMs}>
          <line x1={scale.x(atMs)} x2={scale.x(atMs)} y1={0} y2={bottomPx} className={classes.grid} />
          <text x={scale.x(atMs)} y={bottomPx + 16} textAnchor="middle" className={classes.tick}>
            {formatTimeOfDay(atMs).slice(0, atMs % 1000 === 0 ? 8 : 10)}
          </text>
        </g>
      ))}
    </>
  );
}

/** How the silence adds up: the timeout, and what was left until the tick in which the leader looked. */
function SilenceSpan({
  autopsy: { silence, timeoutMs, lastHeard },
  scale,
  topPx,
}: {
  readonly autopsy: Autopsy;
  readonly scale: Scale;
  readonly topPx: number;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  if (silence === null || timeoutMs === null) return null;
  const [x1, x2] = [scale.x(silence.fromMs), scale.x(silence.toMs)];
  const y = topPx + 8;
  const silentMs = silence.toMs - silence.fromMs;
  const isExact = lastHeard?.isExact === true && silentMs >= timeoutMs;
  return (
    <>
      <path d={`M${x1} ${y - 4}v8M${x1} ${y}H${x2}M${x2} ${y - 4}v8`} className={classes.bracket} />
      <Label x={(x1 + x2) / 2} y={y + 20} anchor="middle" scale={scale} className={classes.strong}>
        {t(isExact ? 'diagnose:picture.span' : 'diagnose:picture.spanAbout', {
          silent: precise(silentMs),
          timeout: format.duration(timeoutMs),
          rest: precise(silentMs - timeoutMs),
        })}
      </Label>
    </>
  );
}

/** `10.202 s`: what is added up is not rounded. */
function precise(ms: number): string {
  return `${(Math.round(ms) / 1000).toFixed(3)}\u00a0s`;
}

/** Pixels a letter takes, roughly; enough to keep a label on the picture. */
const LETTER_PX = 6.4;

function Label({
  x,
  y,
  anchor,
  scale,
  className,
  children,
}: {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  /** Keeps it between the ends of the axis. */
  readonly scale?: Scale;
  readonly className?: string | undefined;
  readonly children: string;
}): ReactNode {
  const at = scale === undefined ? { x, anchor } : keptWithin({ x, anchor, text: children }, scale);
  return (
    <text x={at.x} y={y} textAnchor={at.anchor} className={classNames(classes.label, className)}>
      {children}
    </text>
  );
}

function keptWithin(
  { x, anchor, text }: { x: number; anchor: 'start' | 'middle' | 'end'; text: string },
  { fromPx, toPx }: Scale,
): { x: number; anchor: 'start' | 'middle' | 'end' } {
  const widthPx = text.length * LETTER_PX;
  const share = { start: 0, middle: 0.5, end: 1 }[anchor];
  const leftPx = x - share * widthPx;
  if (leftPx < fromPx) return { x: fromPx, anchor: 'start' };
  if (leftPx + widthPx > toPx + END_PX / 2) return { x: toPx + END_PX / 2, anchor: 'end' };
  return { x, anchor };
}

function middleOf({ fromMs, toMs }: Span, scale: Scale): number {
  return (scale.x(fromMs) + scale.x(toMs)) / 2;
}

function crossAt(x: number, y: number): string {
  return `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`;
}

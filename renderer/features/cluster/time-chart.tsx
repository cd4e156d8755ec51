/**
 * Lines over time (uPlot), one a server: from zero, with gaps where nothing is known, a dashed line at a rule's limit, amber ticks
 * where an epoch began. The cursor follows the pointer, or the arrow keys when the chart has the focus; whoever shows the legend
 * hears where it is.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useThemeName } from '../../theme/theme-provider.tsx';
import type { ChartColumns, Span } from './history-points.ts';
import classes from './time-chart.module.css';

export interface TimeChartProps {
  readonly columns: ChartColumns;
  readonly span: Span;
  /** As many as `columns` has series. */
  readonly names: readonly string[];
  readonly format: (value: number) => string;
  readonly ceilingMin: number;
  readonly limit: { readonly value: number; readonly label: string } | null;
  /** What a screen reader says in its place. */
  readonly label: string;
  /** The index into `columns.times`; null where the cursor is nowhere. */
  readonly onCursor: (at: number | null) => void;
}

/** Room above the highest value. */
const HEADROOM = 1.1;
/** A limit far above the data would press it flat, and is only drawn where it matters. */
const LIMIT_IN_SIGHT = 4;
const FONT = '10.5px Inter, sans-serif';
const AXIS_WIDTH = 58;

/** The colour of the `at`th server, the same in every chart and legend. */
export function seriesColor(at: number): string {
  return `var(--chart-${(at % 4) + 1})`;
}

export function TimeChart(props: TimeChartProps): ReactNode {
  const { columns, span, names, label } = props;
  const theme = useThemeName();
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const latest = useRef(props);
  const seriesKey = names.join(' ');

  const build = useEffectEvent((element: HTMLDivElement): UPlot => {
    const { width, height } = element.getBoundingClientRect();
    return new UPlot(optionsOf(latest, element, { width, height }), dataOf(props.columns), element);
  });

  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const made = build(element);
    chart.current = made;
    const resizing = new ResizeObserver(([entry]) => {
      if (entry !== undefined) made.setSize(entry.contentRect);
    });
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      made.destroy();
      chart.current = null;
    };
    // Another theme has other colours, other servers other series: uPlot takes both when it is made.
  }, [theme, seriesKey]);

  useEffect(() => {
    latest.current = props;
    chart.current?.setData(dataOf(columns));
  });

  return (
    // A picture that arrow keys walk through has no better role than this.
    <div
      ref={root}
      className={classes.root}
      role="application"
      aria-label={label}
      tabIndex={0}
      data-points={columns.times.length}
      data-from={span.fromMs}
      onKeyDown={(event) => {
        if (chart.current !== null && moveCursor(chart.current, event)) event.preventDefault();
      }}
      onBlur={() => {
        chart.current?.setCursor({ left: -10, top: -10 });
      }}
    />
  );
}

/** uPlot breaks a line at null, and not at undefined. */
function dataOf({ times, series }: ChartColumns): UPlot.AlignedData {
  return [[...times], ...series.map((column) => [...column])];
}

/** Whether the key was one of the cursor's. */
function moveCursor(chart: UPlot, { key, shiftKey }: KeyboardEvent): boolean {
  const count = chart.data[0].length;
  if (count === 0) return false;
  const step = shiftKey ? 10 : 1;
  const at = chart.cursor.idx ?? count;
  const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: 0, End: count - 1 }[key];
  if (next === undefined) return false;
  const time = chart.data[0][Math.min(count - 1, Math.max(0, next))] ?? 0;
  chart.setCursor({ left: chart.valToPos(time, 'x'), top: 10 });
  return true;
}

function optionsOf(
  latest: { readonly current: TimeChartProps },
  element: HTMLElement,
  size: { readonly width: number; readonly height: number },
): UPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name);
  const axis = { stroke: color('--chart-axis'), font: FONT, ticks: { show: false } };
  return {
    ...size,
    padding: [12, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: () => [latest.current.span.fromMs / 1000, latest.current.span.toMs / 1000] },
      y: { range: (_chart, _min, max) => [0, ceilingOf(latest.current, max)] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 90, values: (_chart, times) => times.map(timeLabel(latest)) },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 44,
        grid: { stroke: color('--chart-grid'), width: 1 },
        values: (_chart, values) =>
          values.map((value, at) => axisText(latest.current, value, at === values.length - 1)),
      },
    ],
    series: [
      {},
      ...latest.current.names.map((name, at) => ({
        label: name,
        stroke: color(`--chart-${(at % 4) + 1}`),
        width: 1.5,
        // More than four servers share colours; the second four are dashed.
        ...(at >= 4 ? { dash: [5, 3] } : {}),
        points: { show: false },
      })),
    ],
    hooks: {
      draw: [(chart) => drawMarks(chart, latest.current, color)],
      setCursor: [(chart) => latest.current.onCursor(chart.cursor.idx ?? null)],
    },
  };
}

/** The unit stands at the top only. */
function axisText({ format }: TimeChartProps, value: number, isTop: boolean): string {
  const text = format(value);
  return isTop ? text : text.replace(/[\u00a0\u202f ](ms|%)$/, '');
}

function ceilingOf({ ceilingMin, limit }: TimeChartProps, max: number | null): number {
  const top = Math.max(ceilingMin, (max ?? 0) * HEADROOM);
  return limit !== null && limit.value <= top * LIMIT_IN_SIGHT && limit.value >= top
    ? limit.value * HEADROOM
    : top;
}

function timeLabel(latest: { readonly current: TimeChartProps }): (seconds: number) => string {
  const isShort = latest.current.span.toMs - latest.current.span.fromMs < 5 * 60_000;
  return (seconds) =>
    new Date(seconds * 1000).toLocaleTimeString('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      ...(isShort ? { second: '2-digit' } : {}),
    });
}

function drawMarks(chart: UPlot, { columns, limit }: TimeChartProps, color: (name: string) => string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.strokeStyle = color('--warn-fill');
  for (const time of columns.epochs) {
    const x = Math.round(chart.valToPos(time, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    line(ctx, [x, bbox.top], [x, bbox.top + bbox.height]);
  }
  const y = limit === null ? NaN : Math.round(chart.valToPos(limit.value, 'y', true));
  if (limit !== null && y >= bbox.top && y <= bbox.top + bbox.height) {
    ctx.strokeStyle = color('--chart-limit');
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    line(ctx, [bbox.left, y], [bbox.left + bbox.width, y]);
    ctx.fillStyle = color('--chart-limit');
    ctx.font = FONT.replace('10.5px', `${10.5 * devicePixelRatio}px`);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    ctx.fillText(limit.label, bbox.left + 4 * devicePixelRatio, y - 3 * devicePixelRatio);
  }
  ctx.restore();
}

function line(
  ctx: CanvasRenderingContext2D,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

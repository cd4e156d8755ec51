/**
 * The geometry of a sparkline: SVG paths of a line and of the area under it. The newest value is at the right edge, one
 * step a sample to the left; a null leaves a gap, an undefined is skipped, and a value alone between two gaps becomes a short
 * dash.
 */
import type { Drawn } from './history-points.ts';

export interface SparklineShape {
  readonly line: string;
  readonly area: string;
}

export interface SparklineBox {
  readonly width: number;
  readonly height: number;
  /** How many samples the whole width stands for. */
  readonly capacity: number;
  /** The value at the upper edge, at least; the scale grows with the data, from zero. */
  readonly ceilingMin: number;
}

/** Half the line's width, so that it is not cut at the edges. */
const INSET = 1;

export function sparklineShape(values: readonly Drawn[], box: SparklineBox): SparklineShape {
  const { width, height, capacity, ceilingMin } = box;
  const step = width / Math.max(1, capacity - 1);
  const shown = values.slice(-capacity);
  const ceiling = shown.reduce<number>((max, value) => Math.max(max, value ?? 0), ceilingMin);
  const x = (index: number): number => round(width - (shown.length - 1 - index) * step);
  const y = (value: number): number => round(height - INSET - (value / ceiling) * (height - 2 * INSET));

  let line = '';
  let area = '';
  for (const run of runsOf(shown)) {
    const points = run.map(({ index, value }) => `${x(index)},${y(value)}`);
    const [first, last] = [run[0]?.index ?? 0, run.at(-1)?.index ?? 0];
    // A single point has no length; half a step to the left makes it visible.
    if (points.length === 1) points.unshift(`${round(x(first) - step / 2)},${y(run[0]?.value ?? 0)}`);
    const path = `M${points.join('L')}`;
    const [from] = (points[0] ?? '').split(',');
    line += path;
    area += `${path}L${x(last)},${height}L${from ?? ''},${height}Z`;
  }
  return { line, area };
}

interface Placed {
  readonly index: number;
  readonly value: number;
}

/** The stretches without a null. */
function runsOf(values: readonly Drawn[]): Placed[][] {
  const runs: Placed[][] = [];
  let run: Placed[] | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null) run = null;
    if (typeof value !== 'number') continue;
    if (run === null) runs.push((run = []));
    run.push({ index, value });
  }
  return runs;
}

const round = (value: number): number => Math.round(value * 100) / 100;

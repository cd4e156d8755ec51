/**
 * The geometry of a sparkline: SVG paths of a line and of the area under it. The newest value is at the right edge, one
 * step a sample to the left; a null leaves a gap, and a value alone between two gaps becomes a short dash.
 */
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

export function sparklineShape(values: readonly (number | null)[], box: SparklineBox): SparklineShape {
  const { width, height, capacity, ceilingMin } = box;
  const step = width / Math.max(1, capacity - 1);
  const shown = values.slice(-capacity);
  const ceiling = shown.reduce<number>((max, value) => Math.max(max, value ?? 0), ceilingMin);
  const x = (index: number): number => round(width - (shown.length - 1 - index) * step);
  const y = (value: number): number => round(height - INSET - (value / ceiling) * (height - 2 * INSET));

  let line = '';
  let area = '';
  for (const { start, values: run } of runsOf(shown)) {
    const points = run.map((value, offset) => `${x(start + offset)},${y(value)}`);
    // A single point has no length; half a step to the left makes it visible.
    if (points.length === 1) points.unshift(`${round(x(start) - step / 2)},${y(run[0] ?? 0)}`);
    const path = `M${points.join('L')}`;
    const [from] = (points[0] ?? '').split(',');
    line += path;
    area += `${path}L${x(start + run.length - 1)},${height}L${from ?? ''},${height}Z`;
  }
  return { line, area };
}

/** The stretches without a null. */
function runsOf(values: readonly (number | null)[]): { start: number; values: number[] }[] {
  const runs: { start: number; values: number[] }[] = [];
  let run: { start: number; values: number[] } | null = null;
  values.forEach((value, index) => {
    if (value === null) run = null;
    else if (run === null) runs.push((run = { start: index, values: [value] }));
    else run.values.push(value);
  });
  return runs;
}

const round = (value: number): number => Math.round(value * 100) / 100;

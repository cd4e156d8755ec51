/** A small line of one metric over the samples that the view saw: no axes, the number stands beside it. */
import { type ReactNode, useMemo } from 'react';
import { maxOf } from './sample-history.ts';
import { sparklineShape } from './sparkline-path.ts';
import classes from './sparkline.module.css';

const WIDTH = 212;
const HEIGHT = 40;
/** A young history begins in the right part; from a minute on the line has the whole width, and then grows denser. */
const SAMPLES_MIN = 30;
/** The largest value stays below the upper edge, so that a level line does not look like a limit. */
const HEADROOM = 1.25;

interface SparklineProps {
  readonly values: readonly (number | null)[];
  /** The value at the upper edge, at least: without it noise would look like a mountain range. */
  readonly ceilingMin: number;
  /** What a screen reader says in its place. */
  readonly label: string;
}

export function Sparkline({ values, ceilingMin, label }: SparklineProps): ReactNode {
  const { line, area } = useMemo(
    () =>
      sparklineShape(values, {
        width: WIDTH,
        height: HEIGHT,
        capacity: Math.max(SAMPLES_MIN, values.length),
        ceilingMin: Math.max(ceilingMin, (maxOf(values) ?? 0) * HEADROOM),
      }),
    [values, ceilingMin],
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={classes.root}
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={classes.base} />
      <path d={area} className={classes.area} />
      <path d={line} className={classes.line} />
    </svg>
  );
}

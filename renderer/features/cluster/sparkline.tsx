/** A small line of one metric over the chosen range: no axes, the number stands beside it. */
import { type ReactNode, useMemo } from 'react';
import { classNames } from '../../components/class-names.ts';
import { type Drawn, maxOf } from './history-points.ts';
import { sparklineShape } from './sparkline-path.ts';
import classes from './sparkline.module.css';

const WIDTH = 212;
const HEIGHT = 40;
/** The largest value stays below the upper edge, so that a level line does not look like a limit. */
const HEADROOM = 1.25;

interface SparklineProps {
  readonly values: readonly Drawn[];
  /** A rule about it fails. */
  readonly isBad: boolean;
  /** The value at the upper edge, at least: without it noise would look like a mountain range. */
  readonly ceilingMin: number;
  /** What a screen reader says in its place. */
  readonly label: string;
}

export function Sparkline({ values, isBad, ceilingMin, label }: SparklineProps): ReactNode {
  const { line, area } = useMemo(
    () =>
      sparklineShape(values, {
        width: WIDTH,
        height: HEIGHT,
        capacity: values.length,
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
      className={classNames(classes.root, isBad && classes.bad)}
    >
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={classes.base} />
      <path d={area} className={classes.area} />
      <path d={line} className={classes.line} />
    </svg>
  );
}

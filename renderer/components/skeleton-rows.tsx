/** Rows at their real height while something loads; nothing at all for the first 150 ms. */
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/use-texts.ts';
import classes from './skeleton-rows.module.css';

interface SkeletonRowsProps {
  readonly count?: number;
  readonly rowHeight?: 24 | 26;
  /** What is loading, for screen readers. */
  readonly what: string;
}

/** Uneven, so that they look like text; fixed, so that they do not jump. */
const WIDTHS = [62, 44, 78, 51, 36, 69, 57, 41, 73, 48];

export function SkeletonRows({ count = 8, rowHeight = 24, what }: SkeletonRowsProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.root} role="status" aria-label={t('loading', { what })}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={classes.row} style={{ height: rowHeight }}>
          <div className={classes.bar} style={{ width: `${WIDTHS[index % WIDTHS.length] ?? 50}%` }} />
        </div>
      ))}
    </div>
  );
}

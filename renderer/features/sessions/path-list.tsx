/** Paths that lead to Browse, a bounded number of them. */
import type { ReactNode } from 'react';
import { formatCount } from '../../app/format.ts';
import { selectPath } from '../../app/workspace.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './session-details.module.css';

interface PathListProps {
  readonly label: string;
  readonly paths: readonly string[];
  /** Of all, where `paths` is cut short. */
  readonly count: number;
  /** In front of each: what becomes of it. */
  readonly mark?: string;
  readonly shownMax?: number;
}

/** Nobody reads more of them here. */
const SHOWN_MAX = 200;

export function PathList({ label, paths, count, mark, shownMax = SHOWN_MAX }: PathListProps): ReactNode {
  const t = useTexts();
  const shown = paths.slice(0, shownMax);
  const more = count - shown.length;
  if (count === 0) return null;
  return (
    <ul aria-label={label} className={classes.paths}>
      {shown.map((path) => (
        <li key={path}>
          <button
            type="button"
            className={classes.path}
            title={t('events:action.openPath', { path })}
            onClick={() => {
              selectPath(path);
            }}
          >
            {mark !== undefined && (
              <span aria-hidden className={classes.mark}>
                {mark}
              </span>
            )}
            {path}
          </button>
        </li>
      ))}
      {more > 0 && (
        <li className={classes.more}>
          {t('sessions:drawer.more', { count: more, formatted: formatCount(more) })}
        </li>
      )}
    </ul>
  );
}

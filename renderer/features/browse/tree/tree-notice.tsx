/** The row below an open node that stands for children that are not there: a question, progress, a failure. */
import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../../../app/format.ts';
import type { FailureCode } from '../../../../shared/api/failure.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import type { NoticeRow } from './tree-row-model.ts';
import { rowStyle } from './tree-row.tsx';
import type { TreeStore } from './tree-store.ts';
import classes from './tree.module.css';

/** About what a name costs on the wire; children are estimated before anything is read. */
const BYTES_PER_NAME = 20;

interface TreeNoticeProps {
  readonly row: NoticeRow;
  readonly index: number;
  readonly top: number;
  readonly indentMax: number;
  readonly tree: TreeStore;
  readonly t: Texts;
}

export function TreeNotice({ row, index, top, indentMax, tree, t }: TreeNoticeProps): ReactNode {
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={false}
      id={`tree-row-${index}`}
      className={classes.notice}
      style={rowStyle(top, row.depth, indentMax)}
    >
      <NoticeContent row={row} tree={tree} t={t} />
    </div>
  );
}

function NoticeContent({
  row: { notice, path },
  tree,
  t,
}: Pick<TreeNoticeProps, 'row' | 'tree' | 't'>): ReactNode {
  switch (notice.kind) {
    case 'ask': {
      const formatted = formatCount(notice.total);
      const bytes = formatBytes(notice.total * BYTES_PER_NAME);
      return (
        <>
          <span className={classes.noticeText} title={t('browse:tree.askHint', { path, formatted, bytes })}>
            {t('browse:tree.ask', { formatted, bytes })}
          </span>
          <NoticeButton label={t('browse:tree.loadThem')} onClick={() => tree.loadAnyway(path)} />
        </>
      );
    }
    case 'loading':
      return (
        <>
          <progress
            className={classes.progress}
            aria-label={t('browse:tree.loading', { path })}
            {...(notice.total === undefined ? {} : { value: notice.loaded, max: Math.max(1, notice.total) })}
          />
          <span className={classes.noticeText}>
            {notice.total === undefined
              ? t('browse:tree.loadingUnknown')
              : t('browse:tree.loadingCount', {
                  loaded: formatCount(notice.loaded),
                  total: formatCount(notice.total),
                })}
          </span>
          <NoticeButton label={t('action.cancel')} onClick={() => tree.cancelLoad(path)} />
        </>
      );
    case 'cancelled':
      return (
        <>
          <span className={classes.noticeText}>
            {t('browse:tree.cancelled', {
              loaded: formatCount(notice.loaded),
              total: formatCount(notice.total),
            })}
          </span>
          <NoticeButton label={t('browse:tree.loadAll')} onClick={() => tree.loadAnyway(path)} />
        </>
      );
    case 'failed': {
      const sentence = t(`failures:code.${notice.code as FailureCode}.what`);
      return (
        <>
          <span className={classes.noticeFailed} title={sentence}>
            <span className="mono">{notice.code}</span> {sentence}
          </span>
          <NoticeButton label={t('action.retry')} onClick={() => tree.loadAnyway(path)} />
        </>
      );
    }
  }
}

function NoticeButton({
  label,
  onClick,
}: {
  readonly label: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button type="button" className={classes.noticeButton} onClick={onClick}>
      {label}
    </button>
  );
}

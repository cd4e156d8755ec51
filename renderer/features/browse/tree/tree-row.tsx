/**
 * One row of the tree. There may be forty on screen and each is rendered on every frame of a scroll, so a row is plain
 * elements: no tooltips components, no handlers (the tree listens for all rows), hover texts by `title`.
 */
import { Box, ChevronRight, CircleDashed, Gauge, Hash, Lock, Timer } from 'lucide-react';
import { type CSSProperties, type ReactNode, memo } from 'react';
import { formatCount, shortenMiddle } from '../../../app/format.ts';
import { classNames } from '../../../components/class-names.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import type { ZnodeSummary } from '../../../../shared/api/znodes.ts';
import { sequenceSuffix } from '../../../../shared/path.ts';
import type { NodeRow } from './tree-row-model.ts';
import classes from './tree.module.css';

export const ROW_PX = 24;
export const INDENT_PX = 14;
/** Of JetBrains Mono at 12 px. */
const CHARACTER_PX = 7.2;

interface TreeRowProps {
  readonly row: NodeRow;
  readonly index: number;
  readonly top: number;
  readonly summary: ZnodeSummary | undefined;
  readonly isCursor: boolean;
  readonly isSelected: boolean;
  readonly isMarked: boolean;
  readonly isDenied: boolean;
  readonly hasDraft: boolean;
  readonly flash: number | undefined;
  /** In lower case. */
  readonly filter: string;
  readonly indentMax: number;
  readonly widthPx: number;
  readonly t: Texts;
}

function TreeRowContent(props: TreeRowProps): ReactNode {
  const { row, index, top, summary, isSelected, isMarked, isCursor, filter, t } = props;
  const numChildren = summary?.kind === 'node' ? summary.numChildren : 0;
  const children = Math.max(row.loadedChildren ?? 0, numChildren);
  const mayOpen = row.isOpen || children > 0;
  const { isDenied } = props;
  const badges = badgesOf(row.name, { summary, isDenied }, t);
  const shown = shownName(props, { badgeCount: badges.length, hasCount: children > 0 });
  return (
    <div
      id={`tree-row-${index}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={mayOpen ? row.isOpen : undefined}
      aria-selected={isSelected || isMarked}
      data-index={index}
      data-path={row.path}
      title={shown === row.name ? undefined : row.name}
      className={classNames(
        classes.row,
        isSelected && classes.selected,
        isMarked && classes.marked,
        isCursor && classes.cursor,
        isDenied && classes.denied,
      )}
      style={rowStyle(top, row.depth, props.indentMax)}
    >
      {props.flash !== undefined && <span key={props.flash} className={classes.flash} />}
      <span className={classes.chevron} data-toggle={mayOpen || undefined}>
        {mayOpen && (
          <ChevronRight size={14} strokeWidth={1.75} aria-hidden data-open={row.isOpen || undefined} />
        )}
      </span>
      {row.depth > props.indentMax && (
        <span className={classes.depth} title={t('browse:tree.depth', { depth: row.depth })}>
          {row.depth}
        </span>
      )}
      <span className={classes.name}>{marked(shown, filter)}</span>
      {badges}
      {props.hasDraft && (
        <span
          className={classes.draft}
          role="img"
          aria-label={t('browse:tree.draft')}
          title={t('browse:tree.draft')}
        />
      )}
      {children > 0 && <span className={classes.count}>{formatCount(children)}</span>}
    </div>
  );
}

/** Rows are made anew for every frame, so they are compared by what they say. */
function isSameRow({ row: before, ...a }: TreeRowProps, { row: after, ...b }: TreeRowProps): boolean {
  return isShallowEqual(a, b) && isShallowEqual(before, after);
}

function isShallowEqual<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}

export const TreeRow = memo(TreeRowContent, isSameRow);

export function rowStyle(top: number, depth: number, indentMax: number): CSSProperties {
  const indent = Math.min(depth, indentMax) * INDENT_PX;
  return { transform: `translateY(${top}px)`, '--indent': `${indent}px` } as CSSProperties;
}

function shownName(
  { row, indentMax, widthPx }: TreeRowProps,
  { badgeCount, hasCount }: { badgeCount: number; hasCount: boolean },
): string {
  const takenPx = Math.min(row.depth, indentMax) * INDENT_PX + 36 + badgeCount * 16 + (hasCount ? 52 : 8);
  const depthPx = row.depth > indentMax ? 26 : 0;
  return shortenMiddle(row.name, Math.max(8, Math.floor((widthPx - takenPx - depthPx) / CHARACTER_PX)));
}

/** The name with the letters that the filter matched. */
function marked(name: string, filter: string): ReactNode {
  if (filter === '') return name;
  const at = name.toLowerCase().indexOf(filter);
  if (at === -1) return name;
  return (
    <>
      {name.slice(0, at)}
      <mark className={classes.mark}>{name.slice(at, at + filter.length)}</mark>
      {name.slice(at + filter.length)}
    </>
  );
}

const ICON = { size: 12, strokeWidth: 1.75, role: 'img' } as const;

function badgesOf(
  name: string,
  { summary, isDenied }: Pick<TreeRowProps, 'summary' | 'isDenied'>,
  t: Texts,
): ReactNode[] {
  const badges: ReactNode[] = [];
  const add = (kind: BadgeKind, Icon: typeof Lock): void => {
    const label = t(`browse:badge.${kind}`);
    badges.push(
      <span key={kind} className={kind === 'denied' ? classes.deniedBadge : classes[kind]} title={label}>
        <Icon {...ICON} aria-label={label} />
      </span>,
    );
  };
  if (isDenied) add('denied', Lock);
  if (summary?.kind !== 'node') return badges;
  if (summary.ephemeralOwner !== '0x0') add('ephemeral', CircleDashed);
  if (sequenceSuffix(name) !== undefined) add('sequential', Hash);
  if (summary.createdAs === 'CONTAINER') add('container', Box);
  if (summary.createdAs?.endsWith('_TTL')) add('ttl', Timer);
  if (summary.hasQuota) add('quota', Gauge);
  return badges;
}

export type BadgeKind = 'ephemeral' | 'sequential' | 'container' | 'ttl' | 'quota' | 'denied';

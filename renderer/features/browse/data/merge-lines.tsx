/** One side of a conflict: lines with numbers, coloured by what happened to them. Only lines in sight exist. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { classNames } from '../../../components/class-names.ts';
import { type TokenKind, changedPart, highlightJson } from './highlight.ts';
import type { Region } from './merge3.ts';
import classes from './conflict.module.css';

const LINE_PX = 20;

export type Side = 'base' | 'theirs' | 'yours';

export interface MergeLine {
  readonly number: number;
  readonly text: string;
  readonly tone: 'same' | 'added' | 'removed' | 'conflict';
  /** The part of the line that differs; none for lines that differ as a whole. */
  readonly changed: { readonly start: number; readonly end: number } | undefined;
  /** The number of the conflict that it belongs to. */
  readonly conflict: number | undefined;
}

/** The lines of one side, and what is to be said of each. */
export function linesOfSide(regions: readonly Region[], side: Side): MergeLine[] {
  const lines: MergeLine[] = [];
  let conflicts = 0;
  for (const region of regions) {
    const conflict = region.kind === 'conflict' ? conflicts++ : undefined;
    const counterpart = counterpartOf(region, side);
    for (const [at, text] of region[side].entries()) {
      const other = counterpart?.length === region[side].length ? counterpart[at] : undefined;
      lines.push({
        number: lines.length + 1,
        text: text.replace(/\r?\n$/, ''),
        tone: toneOf(region, side),
        changed:
          other === undefined || other === text ? undefined : changedPart(text.trimEnd(), other.trimEnd()),
        conflict,
      });
    }
  }
  return lines;
}

/** What a side's changed words are compared with. */
function counterpartOf(region: Region, side: Side): readonly string[] | undefined {
  if (region.kind === 'same') return undefined;
  if (side !== 'base') return region.base;
  return region.kind === 'yours' ? region.yours : region.theirs;
}

function toneOf({ kind }: Region, side: Side): MergeLine['tone'] {
  if (kind === 'conflict') return 'conflict';
  if (kind === 'same') return 'same';
  if (side === 'base') return 'removed';
  return kind === 'both' || kind === side ? 'added' : 'same';
}

interface MergeLinesProps {
  readonly label: string;
  readonly lines: readonly MergeLine[];
  readonly isJson: boolean;
  /** The conflict to show; a change of it scrolls there. */
  readonly conflict: number;
}

export function MergeLines({ label, lines, isJson, conflict }: MergeLinesProps): ReactNode {
  const scrollRef = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => LINE_PX,
    overscan: 10,
  });
  const firstOfConflict = useMemo(
    () => lines.findIndex((line) => line.conflict === conflict),
    [lines, conflict],
  );
  useEffect(() => {
    if (firstOfConflict !== -1)
      scrollRef.current?.scrollTo({ top: Math.max(0, (firstOfConflict - 4) * LINE_PX) });
  }, [firstOfConflict]);
  return (
    <div
      ref={scrollRef}
      className={classes.lines}
      role="region"
      aria-label={label}
      tabIndex={0}
      data-focus="rows"
    >
      <div className={classes.linesInner} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <div
              key={item.index}
              className={classNames(classes.line, classes[line.tone])}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <span className={classes.number}>{line.number}</span>
              <LineText line={line} isJson={isJson} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function LineText({
  line,
  isJson,
}: {
  readonly line: Pick<MergeLine, 'text' | 'changed'>;
  readonly isJson: boolean;
}): ReactNode {
  const { text, changed } = line;
  if (changed === undefined) return <Colored text={text} isJson={isJson} />;
  return (
    <>
      <Colored text={text.slice(0, changed.start)} isJson={isJson} />
      <span className={classes.word}>{text.slice(changed.start, changed.end)}</span>
      <Colored text={text.slice(changed.end)} isJson={isJson} />
    </>
  );
}

const TOKEN_CLASSES: Readonly<Record<TokenKind, string | undefined>> = {
  key: classes.synKey,
  string: classes.synString,
  number: classes.synNumber,
  const: classes.synConst,
  punct: classes.synPunct,
  plain: undefined,
};

function Colored({ text, isJson }: { readonly text: string; readonly isJson: boolean }): ReactNode {
  if (!isJson) return text;
  return highlightJson(text).map((token, at) => (
    <span key={at} className={TOKEN_CLASSES[token.kind]}>
      {token.text}
    </span>
  ));
}

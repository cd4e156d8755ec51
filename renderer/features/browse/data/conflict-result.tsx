/** What a merge comes to: merged lines with where they are from, and each conflict as a row with its choices. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { classNames } from '../../../components/class-names.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { type Choice, type Merge, type Region, linesOf } from './merge3.ts';
import { LineText } from './merge-lines.tsx';
import classes from './conflict.module.css';

/** Unchanged lines that are shown around a change; longer stretches are folded. */
const CONTEXT_LINES = 6;

interface ConflictResultProps {
  readonly merge: Merge;
  readonly isJson: boolean;
  /** The version that a save would make. */
  readonly becomes: number;
  readonly choices: ReadonlyMap<number, Choice>;
  /** The conflict that is looked at. */
  readonly at: number;
  readonly onChoose: (conflict: number, choice: Choice) => void;
  readonly onEditByHand: () => void;
}

export function ConflictResult(props: ConflictResultProps): ReactNode {
  const { merge, isJson, becomes, choices, at, onChoose, onEditByHand } = props;
  const t = useTexts();
  const listRef = useRef<HTMLDivElement>(null);
  const numbered = useMemo(() => numberRegions(merge.regions), [merge]);
  useEffect(() => {
    listRef.current?.querySelector(`[data-conflict="${at}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <div className={classes.result}>
      <div className={classes.resultHead}>
        <h2 className={classes.sideTitle}>{t('browse:conflict.result')}</h2>
        <span className={classes.sideFact}>{t('browse:conflict.becomes', { version: becomes })}</span>
        <span className={classes.gap} />
        <Button size="compact-xs" variant="subtle" onClick={onEditByHand}>
          {t('browse:conflict.editByHand')}
        </Button>
      </div>
      <div
        ref={listRef}
        className={classes.resultLines}
        role="region"
        aria-label={t('browse:conflict.result')}
        tabIndex={0}
        data-focus="rows"
      >
        {numbered.map(({ region, conflict, key }) =>
          region.kind === 'conflict' && conflict !== undefined ? (
            <ConflictRow
              key={key}
              region={region}
              number={conflict}
              choice={choices.get(conflict)}
              isJson={isJson}
              onChoose={(choice) => {
                onChoose(conflict, choice);
              }}
            />
          ) : (
            <MergedLines key={key} region={region} isJson={isJson} />
          ),
        )}
      </div>
    </div>
  );
}

interface NumberedRegion {
  readonly region: Region;
  readonly conflict: number | undefined;
  readonly key: number;
}

function numberRegions(regions: readonly Region[]): NumberedRegion[] {
  let conflicts = 0;
  return regions.map((region, key) => ({
    region,
    key,
    conflict: region.kind === 'conflict' ? conflicts++ : undefined,
  }));
}

function MergedLines({ region, isJson }: { readonly region: Region; readonly isJson: boolean }): ReactNode {
  const t = useTexts();
  const lines = linesOf(region, undefined) ?? [];
  const isFolded = region.kind === 'same' && lines.length > 2 * CONTEXT_LINES + 1;
  const from = {
    same: undefined,
    conflict: undefined,
    both: 'browse:conflict.fromBoth',
    theirs: 'browse:conflict.fromTheirs',
    yours: 'browse:conflict.fromYours',
  } as const;
  const source = from[region.kind];
  const shown = isFolded
    ? [...lines.slice(0, CONTEXT_LINES), undefined, ...lines.slice(-CONTEXT_LINES)]
    : lines;
  return shown.map((line, at) =>
    line === undefined ? (
      <div key={at} className={classes.folded}>
        {t('browse:conflict.folded', { count: lines.length - 2 * CONTEXT_LINES })}
      </div>
    ) : (
      <div key={at} className={classNames(classes.resultLine, region.kind !== 'same' && classes.added)}>
        <span>
          <LineText line={{ text: line.replace(/\r?\n$/, ''), changed: undefined }} isJson={isJson} />
        </span>
        {source !== undefined && <span className={classes.source}>{t(source)}</span>}
      </div>
    ),
  );
}

interface ConflictRowProps {
  readonly region: Region;
  readonly number: number;
  readonly choice: Choice | undefined;
  readonly isJson: boolean;
  readonly onChoose: (choice: Choice) => void;
}

function ConflictRow({ region, number, choice, isJson, onChoose }: ConflictRowProps): ReactNode {
  const t = useTexts();
  const side = (which: Choice): ReactNode => (
    <div className={classNames(classes.option, choice !== undefined && choice !== which && classes.refused)}>
      <span className={classes.optionName}>{t(`browse:conflict.option.${which}`)}</span>
      <span className={classes.optionLines}>
        {region[which].length === 0
          ? t('browse:conflict.deleted')
          : region[which].map((line, at) => (
              <span key={at} className={classes.optionLine}>
                <LineText line={{ text: line.replace(/\r?\n$/, ''), changed: undefined }} isJson={isJson} />
              </span>
            ))}
      </span>
    </div>
  );
  return (
    <div
      className={classes.conflictRow}
      data-conflict={number}
      role="group"
      aria-label={t('browse:conflict.position', { at: number + 1, count: number + 1 })}
    >
      <div className={classes.options}>
        {side('theirs')}
        {side('yours')}
      </div>
      <div className={classes.choices}>
        <Button size="compact-xs" aria-pressed={choice === 'theirs'} onClick={() => onChoose('theirs')}>
          {t('browse:conflict.takeTheirs')}
        </Button>
        <Button size="compact-xs" aria-pressed={choice === 'yours'} onClick={() => onChoose('yours')}>
          {t('browse:conflict.keepYours')}
        </Button>
      </div>
    </div>
  );
}

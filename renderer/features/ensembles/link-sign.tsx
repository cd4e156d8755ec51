/** The sign on a link between two servers: cut and mend with a click, delay and one way in its popover. */
import { Button, Popover, Slider, Switch } from '@mantine/core';
import { ArrowLeftRight, ArrowRight, Scissors, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EnsembleDto, LinkChange, LinkDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { formatMs } from '../../app/format.ts';
import { classNames } from '../../components/class-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { act } from './actions.ts';
import type { Point } from './layout.ts';
import { isWhole } from './partition.ts';
import classes from './link-sign.module.css';

/** Delays worth trying, from none to what ends a quorum. */
const DELAYS_MS = [0, 5, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

interface LinkSignProps {
  readonly ensemble: EnsembleDto;
  readonly link: LinkDto;
  readonly at: Point;
  /** Whether it is only seen when it is pointed at, or has something to say. */
  readonly isQuiet: boolean;
}

export function LinkSign({ ensemble, link, at, isQuiet }: LinkSignProps): ReactNode {
  const t = useTexts();
  const [isOpened, setOpened] = useState(false);
  const { a, b, there, back } = link;
  const isCut = !isWhole(link);
  const delayMs = Math.max(there.delayMs, back.delayMs);
  const isUsual = !isCut && delayMs === 0;
  const ends = { a, b };
  return (
    <div
      className={classNames(
        classes.sign,
        isCut && classes.cut,
        isQuiet && isUsual && !isOpened && classes.quiet,
      )}
      style={{ left: at.x, top: at.y }}
    >
      <button
        type="button"
        className={classes.main}
        aria-label={t(isCut ? 'ensembles:link.mendNamed' : 'ensembles:link.cutNamed', ends)}
        title={t(isCut ? 'ensembles:link.mendNamed' : 'ensembles:link.cutNamed', ends)}
        onClick={() => {
          change(ensemble, { from: a, to: b, isOneWay: false }, { kind: isCut ? 'heal' : 'cut' });
        }}
      >
        {isCut ? (
          <X size={12} strokeWidth={2.25} aria-hidden />
        ) : (
          <Scissors size={12} strokeWidth={1.75} aria-hidden />
        )}
        {isCut ? <CutWords link={link} /> : delayMs > 0 && formatMs(delayMs)}
      </button>
      <Popover opened={isOpened} onChange={setOpened} trapFocus position="bottom" width={260}>
        <Popover.Target>
          <IconButton
            icon={ArrowLeftRight}
            label={t('ensembles:link.more', ends)}
            aria-expanded={isOpened}
            onClick={() => {
              setOpened((was) => !was);
            }}
          />
        </Popover.Target>
        <Popover.Dropdown>{isOpened && <LinkForm ensemble={ensemble} link={link} />}</Popover.Dropdown>
      </Popover>
    </div>
  );
}

/** Which way is cut, where it is only one. */
function CutWords({ link: { a, b, there, back } }: { readonly link: LinkDto }): ReactNode {
  const t = useTexts();
  if (there.isCut && back.isCut) return t('ensembles:link.mend');
  const [from, to] = there.isCut ? [a, b] : [b, a];
  return (
    <>
      {from} <ArrowRight size={11} strokeWidth={2} aria-hidden /> {to}
    </>
  );
}

interface Direction {
  readonly from: number;
  readonly to: number;
  readonly isOneWay: boolean;
}

function change({ ensembleId }: EnsembleDto, direction: Direction, to: LinkChange): void {
  const { from, to: target } = direction;
  void act(ensembleId, `link ${from}-${target}`, async () =>
    client.ensembles.changeLink({ ensembleId, ...direction, change: to }),
  );
}

function LinkForm({ ensemble, link }: Pick<LinkSignProps, 'ensemble' | 'link'>): ReactNode {
  const t = useTexts();
  const { a, b } = link;
  const isUneven = link.there.delayMs !== link.back.delayMs;
  const [isOneWay, setOneWay] = useState(isUneven);
  const ways = [
    { from: a, to: b, line: link.there },
    { from: b, to: a, line: link.back },
  ];
  return (
    <section className={classes.form} aria-label={t('ensembles:link.title', { a, b })}>
      <h3 className={classes.title}>{t('ensembles:link.title', { a, b })}</h3>
      <Switch
        label={t('ensembles:link.eachWay')}
        checked={isOneWay}
        onChange={(event) => {
          setOneWay(event.currentTarget.checked);
        }}
      />
      {(isOneWay ? ways : ways.slice(0, 1)).map(({ from, to, line }) => (
        <div key={from} className={classes.way}>
          <p className={classes.wayName}>
            {isOneWay ? t('ensembles:link.way', { from, to }) : t('ensembles:link.bothWays')}
            <code>{formatMs(line.delayMs)}</code>
          </p>
          <DelaySlider
            label={isOneWay ? t('ensembles:link.delayOf', { from, to }) : t('ensembles:link.delay')}
            delayMs={line.delayMs}
            onChange={(delayMs) => {
              change(ensemble, { from, to, isOneWay }, { kind: 'delay', delayMs });
            }}
          />
          {isOneWay && (
            <Button
              size="compact-xs"
              onClick={() => {
                change(ensemble, { from, to, isOneWay: true }, { kind: line.isCut ? 'heal' : 'cut' });
              }}
            >
              {t(line.isCut ? 'ensembles:link.mendWay' : 'ensembles:link.cutWay', { from, to })}
            </Button>
          )}
        </div>
      ))}
      <p className={classes.hint}>{t(isOneWay ? 'ensembles:link.oneWayHint' : 'ensembles:link.hint')}</p>
    </section>
  );
}

interface DelaySliderProps {
  readonly label: string;
  readonly delayMs: number;
  readonly onChange: (delayMs: number) => void;
}

/** Moves through {@link DELAYS_MS}: what is worth trying is not evenly spread. */
function DelaySlider({ label, delayMs, onChange }: DelaySliderProps): ReactNode {
  const known = DELAYS_MS.findLastIndex((one) => one <= delayMs);
  const [step, setStep] = useState(known);
  return (
    <Slider
      size="xs"
      thumbLabel={label}
      min={0}
      max={DELAYS_MS.length - 1}
      step={1}
      value={step}
      label={(index) => formatMs(DELAYS_MS[index] ?? 0)}
      onChange={setStep}
      onChangeEnd={(index) => {
        onChange(DELAYS_MS[index] ?? 0);
      }}
    />
  );
}

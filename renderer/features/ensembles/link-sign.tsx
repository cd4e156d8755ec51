/** The sign on a link between two servers: cut and mend with a click, delay, speed and one way in its popover. */
import { Button, Popover, Switch } from '@mantine/core';
import { ArrowLeftRight, ArrowRight, Scissors, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { EnsembleDto, LinkChange, LinkDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { formatMs } from '../../app/format.ts';
import { classNames } from '../../components/class-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { act } from './actions.ts';
import { DELAYS_MS, RATES, formatRate, rateStepOf, slownessOf, stepOf } from './conditions.ts';
import type { Point } from './layout.ts';
import { isWhole } from './partition.ts';
import { StepSlider } from './step-slider.tsx';
import classes from './link-sign.module.css';

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
  const { a, b } = link;
  const isCut = !isWhole(link);
  const slowness = slownessOf(link);
  const isUsual = !isCut && slowness === undefined;
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
        {isCut ? <CutWords link={link} /> : slowness}
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
          <StepSlider
            label={isOneWay ? t('ensembles:link.delayOf', { from, to }) : t('ensembles:link.delay')}
            steps={DELAYS_MS}
            step={stepOf(DELAYS_MS, line.delayMs)}
            format={formatMs}
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
      <Rate ensemble={ensemble} link={link} />
      <p className={classes.hint}>{t(isOneWay ? 'ensembles:link.oneWayHint' : 'ensembles:link.hint')}</p>
    </section>
  );
}

function Rate({ ensemble, link }: Pick<LinkSignProps, 'ensemble' | 'link'>): ReactNode {
  const t = useTexts();
  const { a, b, there } = link;
  const format = (rate: number | null): string =>
    rate === null ? t('ensembles:link.fullSpeed') : formatRate(rate);
  return (
    <div className={classes.way}>
      <p className={classes.wayName}>
        {t('ensembles:link.rate')}
        <code>{format(there.bytesPerSecond)}</code>
      </p>
      <StepSlider
        label={t('ensembles:link.rate')}
        steps={RATES}
        step={rateStepOf(there.bytesPerSecond)}
        format={format}
        onChange={(bytesPerSecond) => {
          change(ensemble, { from: a, to: b, isOneWay: false }, { kind: 'throttle', bytesPerSecond });
        }}
      />
    </div>
  );
}

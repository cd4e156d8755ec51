/** The strip below the tabs: the handful of Stat fields that one looks at first. */
import { type ReactNode, useEffect, useState } from 'react';
import type { StatDto } from '../../../../shared/api/common.ts';
import {
  formatCount,
  formatFullTime,
  formatTimeOfDay,
  formatUtc,
  formatZxidHex,
} from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { SessionOwner } from './session-link.tsx';
import classes from './node.module.css';

export function KeyFacts({ stat }: { readonly stat: StatDto }): ReactNode {
  const t = useTexts();
  const isFlashing = useFlash(stat.mzxid);
  return (
    <dl className={classes.facts} data-flash={isFlashing || undefined}>
      <Fact name="version" title={t('browse:stat.version.what')}>
        {stat.version}
      </Fact>
      <Fact name="cversion" title={t('browse:stat.cversion.what')}>
        {stat.cversion}
      </Fact>
      <Fact name="dataLength" title={t('browse:stat.dataLength.what')}>
        {formatCount(stat.dataLength)} <span className={classes.unit}>B</span>
      </Fact>
      <ZxidFact name="czxid" zxid={stat.czxid} timeMs={stat.ctimeMs} title={t('browse:stat.czxid.what')} />
      <ZxidFact name="mzxid" zxid={stat.mzxid} timeMs={stat.mtimeMs} title={t('browse:stat.mzxid.what')} />
      {stat.ephemeralOwner !== '0x0' && (
        <Fact name="ephemeralOwner" title={t('browse:stat.ephemeralOwner.what')}>
          <SessionOwner sessionId={stat.ephemeralOwner} />
        </Fact>
      )}
    </dl>
  );
}

function ZxidFact({
  name,
  zxid,
  timeMs,
  title,
}: {
  readonly name: string;
  readonly zxid: string;
  readonly timeMs: number;
  readonly title: string;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const isToday = new Date(timeMs).toDateString() === new Date().toDateString();
  return (
    <Fact name={name} title={title}>
      {formatZxidHex(zxid)}{' '}
      {timeMs === 0 ? (
        <span className={classes.unit}>{t('browse:stat.beforeFirst')}</span>
      ) : (
        <span className={classes.unit} title={`${formatFullTime(timeMs)}\n${formatUtc(timeMs)}`}>
          {isToday ? formatTimeOfDay(timeMs).slice(0, 8) : format.time(timeMs)}
        </span>
      )}
    </Fact>
  );
}

function Fact({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes.fact} title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const FLASH_MS = 900;

/** True for a moment after `value` changed, not at first. */
function useFlash(value: string): boolean {
  const [seen, setSeen] = useState({ value, isFlashing: false });
  if (seen.value !== value) setSeen({ value, isFlashing: true });
  useEffect(() => {
    if (!seen.isFlashing) return;
    const timer = setTimeout(() => {
      setSeen((before) => ({ ...before, isFlashing: false }));
    }, FLASH_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [seen]);
  return seen.isFlashing;
}

/** How much of a session's timeout is left, as a bar: grey, red once pings were missed. */
import type { ReactNode } from 'react';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { Expiry } from './expiry.ts';
import classes from './expiry-bar.module.css';

/** A cell of the table: bar and seconds. */
export function ExpiryCell({ expiry }: { readonly expiry: Expiry }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { leftMs, fraction, isClose } = expiry;
  return (
    <span className={classNames(classes.cell, isClose && classes.close)}>
      {fraction !== null && (
        <span className={classes.track}>
          <span className={classes.fill} style={{ width: `${fraction * 100}%` }} />
        </span>
      )}
      <span className={classes.left}>{leftMs === 0 ? t('sessions:due') : format.duration(leftMs)}</span>
    </span>
  );
}

/** The same, wide, in the thirds in which a client is expected to ping. */
export function ExpiryScale({ expiry }: { readonly expiry: Expiry }): ReactNode {
  const t = useTexts();
  const { fraction, isClose } = expiry;
  if (fraction === null) return null;
  return (
    <div className={classNames(classes.scale, isClose && classes.close)} aria-hidden>
      <div className={classes.thirds}>
        {[0, 1, 2].map((third) => (
          <span key={third} className={classes.track}>
            <span
              className={classes.fill}
              style={{ width: `${Math.min(1, Math.max(0, fraction * 3 - third)) * 100}%` }}
            />
          </span>
        ))}
      </div>
      <div className={classes.marks}>
        <span>{t('sessions:drawer.expiry')}</span>
        <span>{t('sessions:drawer.pingDue')}</span>
        <span>{t('sessions:drawer.pingDue')}</span>
        <span>{t('sessions:drawer.heard')}</span>
      </div>
    </div>
  );
}

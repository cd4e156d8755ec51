/** How each learner was brought level with the leader: what it got, and how long that took. */
import type { ReactNode } from 'react';
import type { Election } from '../../../../shared/api/elections.ts';
import { formatCount, formatTimeOfDay, formatZxidHex } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { RoleShape } from '../../../components/role-badge.tsx';
import type { Texts } from '../../../i18n/i18n.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { type SyncRow, syncRowsOf } from './sync-rows.ts';
import classes from './election-detail.module.css';

export function SyncPanel({ election }: { readonly election: Election }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const rows = syncRowsOf(election);
  return (
    <section aria-labelledby="brought-level">
      <header className={classes.panelHead}>
        <h2 id="brought-level" className={classes.panelTitle}>
          {t('election:sync.title')}
        </h2>
        <span className={classes.panelHint}>
          {t('election:sync.count', { count: rows.length, formatted: formatCount(rows.length) })}
        </span>
      </header>
      {rows.length === 0 && <p className={classes.panelText}>{t('election:sync.none')}</p>}
      <ul className={classes.syncs}>
        {rows.map((row) => (
          <li key={`${row.sid} ${row.atMs}`} className={classes.sync}>
            <code className={classes.mode} data-mode={row.mode}>
              {row.mode}
            </code>
            <div>
              <p className={classes.syncServer}>
                <RoleShape role={row.role} />
                {t('election:server', { sid: row.sid })}
                {row.tookMs !== null && <span className={classes.took}>{format.duration(row.tookMs)}</span>}
              </p>
              <p className={classes.syncText}>
                {row.isLate && `${t('election:sync.late', { time: formatTimeOfDay(row.atMs).slice(0, 8) })} `}
                {whatOf(row, t)}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function whatOf({ mode, fromZxid, toZxid, transactions }: SyncRow, t: Texts): string {
  const from = fromZxid === null ? null : formatZxidHex(fromZxid);
  const to = toZxid === null ? null : formatZxidHex(toZxid);
  if (mode === 'SNAP') {
    return to === null ? t('election:sync.snapBare') : t('election:sync.snap', { to });
  }
  if (to === null) return t('election:sync.bare');
  if (mode === 'TRUNC') {
    if (from === null || transactions === null || transactions >= 0) return t('election:sync.cutTo', { to });
    const count = -transactions;
    return t('election:sync.cut', { count, formatted: formatCount(count), from, to });
  }
  if (from === null) return t('election:sync.to', { to });
  if (from === to) return t('election:sync.level', { to });
  if (transactions === null || transactions < 0) return t('election:sync.range', { from, to });
  return t('election:sync.behind', { count: transactions, formatted: formatCount(transactions), from, to });
}

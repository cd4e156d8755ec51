/** What each server holds for true, side by side: what differs from the quorum is amber. */
import { Tooltip } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { EnsembleDto, EnsembleLiveDto } from '../../../shared/api/ensembles.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type LiveCell, type LiveFact, liveRows } from './live-rows.ts';
import { ServerShape, lookOf } from './server-look.tsx';
import classes from './live-table.module.css';

interface LiveTableProps {
  readonly ensemble: EnsembleDto;
  readonly live: EnsembleLiveDto | null;
}

export function LiveTable({ ensemble, live }: LiveTableProps): ReactNode {
  const t = useTexts();
  const rows = useMemo(() => liveRows(ensemble, live?.servers ?? []), [ensemble, live]);
  return (
    <section className={classes.root} aria-label={t('ensembles:live.title')}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('ensembles:live.title')}</h2>
        <span className={classes.legend}>{t('ensembles:live.legend')}</span>
      </header>
      {/* A region that scrolls can be reached by keyboard. */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('ensembles:live.title')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{t('ensembles:live.fact')}</span>
              </th>
              {ensemble.servers.map((server) => (
                <th key={server.sid} scope="col">
                  <span className={classes.server}>
                    <ServerShape
                      look={lookOf(
                        server,
                        live?.servers.find(({ sid }) => sid === server.sid),
                      )}
                    />
                    {t('ensembles:server.name', { sid: server.sid })}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ fact, cells }) => (
              <tr key={fact}>
                <th scope="row" title={t(`ensembles:factHint.${fact}`)}>
                  {t(`ensembles:fact.${fact}`)}
                </th>
                {cells.map((cell) => (
                  <Cell key={cell.sid} fact={fact} cell={cell} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({
  fact,
  cell: { text, absence, differs },
}: {
  readonly fact: LiveFact;
  readonly cell: LiveCell;
}): ReactNode {
  const t = useTexts();
  if (text === null) {
    return (
      <td className={classes.absent}>
        <Tooltip label={t(`ensembles:absence.${absence ?? 'not-yet'}`)}>
          <span>-</span>
        </Tooltip>
      </td>
    );
  }
  const isState = fact === 'peerState' || fact === 'zabState';
  return (
    <td
      className={classNames(differs && classes.differs)}
      data-value={isState ? text : undefined}
      title={differs ? t('ensembles:live.differs') : undefined}
    >
      {text}
    </td>
  );
}

/** Who was voted for and why the best won: the three parts of each vote, compared from left to right. */
import type { ReactNode } from 'react';
import type { Election, VoteField } from '../../../../shared/api/elections.ts';
import { formatCount, formatZxidHex } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { RoleShape } from '../../../components/role-badge.tsx';
import type { Texts } from '../../../i18n/i18n.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Lane } from './diagram-model.ts';
import { serversText } from './election-words.ts';
import { type VoteRow, truncatedLearners, voteRowsOf } from './vote-table.ts';
import classes from './election-detail.module.css';

export function VotePanel({
  election,
  lanes,
}: {
  readonly election: Election;
  readonly lanes: readonly Lane[];
}): ReactNode {
  const t = useTexts();
  const rows = voteRowsOf(election, lanes);
  return (
    <section aria-labelledby="the-vote">
      <header className={classes.panelHead}>
        <h2 id="the-vote" className={classes.panelTitle}>
          {t('election:vote.title')}
        </h2>
        <span className={classes.panelHint}>{t('election:vote.compared')}</span>
      </header>
      {election.casts.length === 0 ? (
        <p className={classes.panelText}>{t('election:vote.hidden')}</p>
      ) : (
        <table className={classes.votes}>
          <thead>
            <tr>
              <th scope="col">{t('election:vote.for')}</th>
              <th scope="col">{t('election:vote.peerEpoch')}</th>
              <th scope="col">{t('election:vote.zxid')}</th>
              <th scope="col">{t('election:vote.sid')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('election:vote.outcome')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Candidate key={`${row.sid} ${row.vote?.zxid ?? ''} ${row.vote?.peerEpoch ?? ''}`} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {truncatedLearners(election).map((sid) => (
        <p key={sid} className={classes.panelText}>
          {t('election:vote.truncated', { sid })}
        </p>
      ))}
    </section>
  );
}

function Candidate({ row }: { readonly row: VoteRow }): ReactNode {
  const t = useTexts();
  const words = { t, format: useFormat() };
  const { sid, role, vote, backers, decidedBy, isWinner } = row;
  const mark = (field: VoteField): string | undefined =>
    decidedBy !== field ? undefined : isWinner ? classes.better : classes.worse;
  const backed =
    vote === null
      ? undefined
      : backers.length === 0
        ? t('election:vote.noBackers')
        : t('election:vote.backers', { servers: serversText(backers, words) });
  return (
    <tr title={backed}>
      <th scope="row">
        <RoleShape role={role} />
        {t('election:server', { sid })}
      </th>
      <td className={mark('peerEpoch')}>{vote === null ? '' : vote.peerEpoch}</td>
      <td className={mark('zxid')}>{vote === null ? '' : formatZxidHex(vote.zxid)}</td>
      <td className={mark('leader')}>{sid}</td>
      <td className={isWinner ? classes.won : classes.outcome}>{outcomeOf(row, t)}</td>
    </tr>
  );
}

function outcomeOf({ vote, isWinner, decidedBy, behind }: VoteRow, t: Texts): string {
  if (vote === null) return t('election:vote.absent');
  if (isWinner) return t('election:vote.won');
  if (decidedBy === null) return t('election:vote.undecided');
  if (decidedBy === 'zxid' && behind !== null) {
    return t('election:vote.behind', { formatted: formatCount(behind) });
  }
  return t(`election:vote.lost.${decidedBy}`);
}

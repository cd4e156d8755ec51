/** Who could do what with this list: the session itself, those it names, and everybody else. */
import type { ReactNode } from 'react';
import type { AclDto } from '../../../../shared/api/common.ts';
import { Perms, formatPerms } from '../../../../shared/acl.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { type Effective, type Identity, effectivePerms } from './acl-model.ts';
import classes from './acl.module.css';

interface EffectiveCardProps {
  readonly entries: readonly AclDto[];
  readonly identities: readonly Identity[];
  readonly isEdited: boolean;
}

export function EffectiveCard({ entries, identities, isEdited }: EffectiveCardProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.effective}>
      <h2 className={classes.cardTitle}>
        {t('browse:effective.title')}
        <span className={classes.cardDetail}>
          {t(isEdited ? 'browse:effective.afterSave' : 'browse:effective.now')}
        </span>
      </h2>
      <table>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('browse:effective.who')}</th>
            <th scope="col">{t('browse:effective.how')}</th>
            <th scope="col">{t('browse:acl.short')}</th>
            <th scope="col">{t('browse:effective.verdict')}</th>
          </tr>
        </thead>
        <tbody>
          {effectivePerms(entries, identities).map((row, at) => (
            <EffectiveRow key={at} row={row} isKnown={row.who !== 'session' || identities.length > 0} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Verdict = 'tooOpen' | 'readOnly' | 'nothing' | 'full' | 'noAdmin';

function verdictOf({ who, perms }: Effective): Verdict {
  if (perms === 0) return 'nothing';
  if (perms === Perms.READ) return 'readOnly';
  if (who === 'anonymous') return 'tooOpen';
  return (perms & Perms.ADMIN) === 0 ? 'noAdmin' : 'full';
}

function EffectiveRow({ row, isKnown }: { readonly row: Effective; readonly isKnown: boolean }): ReactNode {
  const t = useTexts();
  const verdict = verdictOf(row);
  const how = {
    session: isKnown ? t('browse:effective.session') : t('browse:effective.sessionUnknown'),
    anonymous: t('browse:effective.anonymousHow'),
    entry: row.scheme,
  }[row.who];
  return (
    <tr>
      <td className={row.who === 'entry' ? classes.whoMono : undefined}>
        {row.who === 'anonymous'
          ? t('browse:effective.anonymous')
          : row.label === ''
            ? t('browse:effective.thisSession')
            : row.label}
      </td>
      <td className={classes.how}>{how}</td>
      <td className={classes.perms}>{formatPerms(row.perms) || '–'}</td>
      <td className={verdict === 'tooOpen' ? classes.tooOpen : classes.verdict}>
        {t(`browse:effective.verdicts.${verdict}`)}
      </td>
    </tr>
  );
}

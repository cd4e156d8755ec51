/** The answer first: whether the cluster serves, and what it can still lose. */
import { Tooltip } from '@mantine/core';
import { CircleCheck, CircleX, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { assertNever } from '../../../shared/assert.ts';
import type { Voters } from '../../../shared/voters.ts';
import { formatCount } from '../../app/format.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type ClusterAnswer, type ClusterVerdict, type Health, healthOf } from './verdict.ts';
import classes from './cluster.module.css';

const ICONS: Readonly<Record<Health, LucideIcon>> = {
  ok: CircleCheck,
  warning: TriangleAlert,
  failed: CircleX,
};

export function Answer({ answer }: { readonly answer: ClusterAnswer }): ReactNode {
  const t = useTexts();
  const { verdict, answering, asked, apart } = answer;
  const health = healthOf(answer);
  const Icon = ICONS[health];
  const note = noteOf(verdict, t);
  return (
    <span className={classes.answer} role="status">
      <span className={classes[health]}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {sentenceOf(verdict, t)}
      </span>
      {note !== null && (
        <Tooltip label={t('cluster:note.majority')} disabled={verdict.kind !== 'led'}>
          <span>{note}</span>
        </Tooltip>
      )}
      {answering < asked && (
        <span>
          {t('cluster:note.answering', { answering: formatCount(answering), asked: formatCount(asked) })}
        </span>
      )}
      {apart > 0 && <span>{t('cluster:note.apart', { count: apart, formatted: formatCount(apart) })}</span>}
    </span>
  );
}

function sentenceOf(verdict: ClusterVerdict, t: Texts): string {
  switch (verdict.kind) {
    case 'nobody-answers':
      return t('cluster:verdict.nobodyAnswers');
    case 'not-serving':
      return t('cluster:verdict.notServing');
    case 'read-only':
      return t('cluster:verdict.readOnly');
    case 'standalone':
      return t('cluster:verdict.standalone');
    case 'separate-standalones':
      return t('cluster:verdict.separateStandalones', {
        count: verdict.count,
        formatted: formatCount(verdict.count),
      });
    case 'led':
      return ledSentence(verdict, t);
    case 'leader-unseen':
      return t('cluster:verdict.leaderUnseen');
    case 'several-leaders':
      return t('cluster:verdict.severalLeaders', { formatted: formatCount(verdict.leaders.length) });
    default:
      return assertNever(verdict);
  }
}

function ledSentence({ leader, voters }: { leader: string; voters: Voters | null }, t: Texts): string {
  return voters === null
    ? t('cluster:verdict.serving', { leader })
    : t('cluster:verdict.servingQuorum', {
        synced: formatCount(voters.synced),
        total: formatCount(voters.total),
      });
}

/** What follows from the verdict; null where nothing does. */
function noteOf(verdict: ClusterVerdict, t: Texts): string | null {
  switch (verdict.kind) {
    case 'led':
      if (verdict.voters === null) return t('cluster:note.votersHidden');
      return verdict.voters.spare === 0
        ? t('cluster:note.spareNone')
        : t('cluster:note.spare', {
            count: verdict.voters.spare,
            formatted: formatCount(verdict.voters.spare),
          });
    case 'standalone':
      return t('cluster:note.standaloneLoss');
    case 'not-serving':
      return t('cluster:note.notServingNext');
    case 'read-only':
      return t('cluster:note.readOnlyNext');
    case 'several-leaders':
      return verdict.latest === null ? null : t('cluster:note.latestLeader', { leader: verdict.latest });
    case 'nobody-answers':
    case 'separate-standalones':
    case 'leader-unseen':
      return null;
    default:
      return assertNever(verdict);
  }
}

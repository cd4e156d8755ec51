/** The numbers of an election at a glance: epochs, time without a leader, what it cost clients, how much of it is known. */
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { classNames } from '../../../components/class-names.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { ElectionAnswer } from './election-answer.ts';
import { serversText } from './election-words.ts';
import classes from './election-detail.module.css';

export function ElectionFacts({ answer }: { readonly answer: ElectionAnswer }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { epoch, previousEpoch, round, withoutLeaderMs, isFirst } = answer;
  const epochs = [...(isFirst ? [] : [previousEpoch]), epoch].map((each) =>
    each === null ? '?' : String(each),
  );
  return (
    <dl className={classes.facts}>
      <Fact
        name={t('election:fact.epoch')}
        value={epochs.join(' → ')}
        sub={round === null ? t('election:fact.roundHidden') : t('election:fact.round', { round })}
      />
      {!isFirst && (
        <Fact
          name={t('election:fact.withoutLeader')}
          value={withoutLeaderMs === null ? '…' : format.duration(withoutLeaderMs)}
          sub={t(withoutLeaderMs === null ? 'election:fact.stillNone' : 'election:fact.writesWaited')}
        />
      )}
      {!isFirst && <ClientFacts answer={answer} />}
      <Certainty answer={answer} />
    </dl>
  );
}

function ClientFacts({ answer: { clients, sinceMs } }: { readonly answer: ElectionAnswer }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  if (clients === null) {
    return (
      <Fact
        name={t('election:fact.cut')}
        value={t('election:fact.hidden')}
        sub={t('election:fact.clientsHidden')}
        isHidden
      />
    );
  }
  const { cut, back, lastBackMs, expired } = clients;
  const returned =
    cut === 0
      ? t('election:fact.cutNone')
      : back < cut || lastBackMs === null || sinceMs === null
        ? t('election:fact.cutSome', { formatted: formatCount(back) })
        : t('election:fact.cutBack', { duration: format.duration(Math.max(0, lastBackMs - sinceMs)) });
  return (
    <>
      <Fact
        name={t('election:fact.cut')}
        value={cut === 0 ? t('election:fact.noneTold') : formatCount(cut)}
        sub={returned}
        isHidden={cut === 0}
      />
      <Fact
        name={t('election:fact.expired')}
        value={formatCount(expired)}
        sub={t('election:fact.expiredSub')}
      />
    </>
  );
}

function Certainty({ answer }: { readonly answer: ElectionAnswer }): ReactNode {
  const t = useTexts();
  const words = { t, format: useFormat() };
  const { traced, untraced, hasVotes } = answer;
  const isComplete = untraced.length === 0 && hasVotes;
  const Icon = isComplete ? CircleCheck : CircleAlert;
  const sub = [
    ...(traced.length > 0 ? [t('election:fact.traces', { servers: serversText(traced, words) })] : []),
    ...(untraced.length > 0 ? [t('election:fact.noTraces', { servers: serversText(untraced, words) })] : []),
    ...(hasVotes ? [] : [t('election:fact.votesHidden')]),
  ];
  return (
    <Fact
      name={t('election:fact.certainty')}
      value={
        <span className={isComplete ? classes.complete : classes.partial}>
          <Icon size={14} strokeWidth={1.75} aria-hidden />
          {t(isComplete ? 'election:fact.complete' : 'election:fact.partial')}
        </span>
      }
      sub={sub.join('; ')}
    />
  );
}

interface FactProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly sub: string;
  readonly isHidden?: boolean;
}

function Fact({ name, value, sub, isHidden = false }: FactProps): ReactNode {
  return (
    <div className={classes.fact}>
      <dt className={classes.factName}>{name}</dt>
      <dd className={classNames(classes.factValue, isHidden && classes.hidden)}>{value}</dd>
      <dd className={classes.factSub} title={sub}>
        {sub}
      </dd>
    </div>
  );
}

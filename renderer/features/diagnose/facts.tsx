/** The strip of numbers below an answer: cause, how sure it is, and what to do next frame what else there is to count. */
import type { ReactNode } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { formatCount } from '../../app/format.ts';
import { classNames } from '../../components/class-names.ts';
import { QuotedText } from '../../components/quoted-text.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { adviceText, causeText, confidenceLevel, sideText } from './finding-words.ts';
import classes from './facts.module.css';

const BARS = 5;

export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className={classes.root}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly sub?: ReactNode;
  /** Zabra's words rather than a measured value. */
  readonly isWord?: boolean;
}

export function Fact({ name, value, sub, isWord = false }: FactProps): ReactNode {
  return (
    <div className={classes.fact}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classNames(classes.value, isWord && classes.word)}>{value}</dd>
      {sub !== undefined && <dd className={classes.sub}>{sub}</dd>}
    </div>
  );
}

export function CauseFact({ finding }: { readonly finding: Finding }): ReactNode {
  const t = useTexts();
  return (
    <Fact
      isWord
      name={t('diagnose:fact.cause')}
      value={causeText(finding, t)}
      sub={finding.kind === 'session-ended' ? sideText(finding, t) : <code>{finding.cause}</code>}
    />
  );
}

export function ConfidenceFact({ finding }: { readonly finding: Finding }): ReactNode {
  const t = useTexts();
  const { confidence, evidence, hidden } = finding;
  const level = confidenceLevel(confidence);
  const facts = t('diagnose:fact.facts', { count: evidence.length, formatted: formatCount(evidence.length) });
  return (
    <Fact
      isWord
      name={t('diagnose:fact.confidence')}
      value={
        <span
          className={classes.confidence}
          title={t('diagnose:fact.confidenceOf', { percent: Math.round(confidence * 100) })}
        >
          {t(`diagnose:fact.${level}`)}
          <span className={classNames(classes.bars, classes[level])} aria-hidden>
            {Array.from({ length: BARS }, (_, index) => (
              <span
                key={index}
                className={index < Math.round(confidence * BARS) ? classes.full : classes.rest}
              />
            ))}
          </span>
        </span>
      }
      sub={
        hidden.length === 0
          ? facts
          : t('diagnose:fact.factsHidden', {
              facts,
              count: hidden.length,
              formatted: formatCount(hidden.length),
            })
      }
    />
  );
}

export function NextFact({ finding }: { readonly finding: Finding }): ReactNode {
  const t = useTexts();
  return (
    <div className={classNames(classes.fact, classes.next)}>
      <dt className={classes.name}>{t('diagnose:fact.next')}</dt>
      <dd className={classes.advice}>
        <QuotedText>{adviceText(finding, t)}</QuotedText>
      </dd>
    </div>
  );
}

/** What a finding rests on, in the order of time with its sources, and what could not be seen. */
import type { ReactNode } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { formatCount, formatFullTime } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { QuotedText } from '../../components/quoted-text.tsx';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { Panel } from './panel.tsx';
import classes from './evidence.module.css';

export function EvidencePanel({ finding }: { readonly finding: Finding }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const tell = useSentences();
  const { evidence } = finding;
  const inTime = evidence.toSorted((a, b) => timeOf(a) - timeOf(b));
  return (
    <Panel
      title={t('diagnose:evidence.title')}
      note={t('diagnose:evidence.count', { count: evidence.length, formatted: formatCount(evidence.length) })}
    >
      {inTime.length === 0 && <p className={classes.none}>{t('diagnose:evidence.none')}</p>}
      <ol className={classes.list}>
        {inTime.map(({ at, words }, index) => (
          <li key={index} className={classes.fact}>
            {at === null ? (
              <span className={classes.time}>{t('diagnose:evidence.always')}</span>
            ) : (
              <time className={classes.time} title={formatFullTime(Date.parse(at))}>
                {format.time(Date.parse(at))}
              </time>
            )}
            <span className={classes.what}>{tell(words.fact)}</span>
            <span className={classes.source}>{tell(words.source)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** What always holds comes first. */
function timeOf({ at }: Finding['evidence'][number]): number {
  return at === null ? -Infinity : Date.parse(at);
}

export function HiddenPanel({
  finding,
  children,
}: {
  readonly finding: Finding;
  /** More that is hidden, as items of the list. */
  readonly children?: ReactNode;
}): ReactNode {
  const t = useTexts();
  const tell = useSentences();
  return (
    <Panel title={t('diagnose:hidden.title')}>
      <ul className={classes.hidden}>
        {finding.words.hidden.map((sentence, index) => (
          <li key={index}>
            <QuotedText>{tell(sentence)}</QuotedText>
          </li>
        ))}
        {children}
      </ul>
    </Panel>
  );
}

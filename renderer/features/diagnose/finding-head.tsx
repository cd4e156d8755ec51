/** The headline of a finding, its answer as a sentence, and the report to take away. */
import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Finding } from '../../../shared/api/findings.ts';
import { useFormat } from '../../app/use-format.ts';
import { downloadFile } from '../../components/download-file.ts';
import { QuotedText } from '../../components/quoted-text.tsx';
import { useSentences } from '../../i18n/use-sentences.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { type HeadlineFacts, headlineOf } from './finding-words.ts';
import { reportOf } from './report.ts';
import classes from './finding-detail.module.css';

interface FindingHeadProps {
  readonly finding: Finding;
  readonly facts: HeadlineFacts;
}

export function FindingHead({ finding, facts }: FindingHeadProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const tell = useSentences();
  const headline = headlineOf(finding, facts, { t, format });
  return (
    <header className={classes.head}>
      <div className={classes.headRow}>
        <h1 className={classes.title}>{headline}</h1>
        <ReportButton finding={finding} facts={facts} />
      </div>
      <p className={classes.answer}>
        <QuotedText>{tell(finding.words.answer)}</QuotedText>
      </p>
    </header>
  );
}

/** All of a finding as a file. */
export function ReportButton({ finding, facts }: FindingHeadProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const tell = useSentences();
  return (
    <Button
      variant="default"
      leftSection={<Download size={14} aria-hidden />}
      onClick={() => {
        downloadFile(
          reportOf(finding, {
            headline: headlineOf(finding, facts, { t, format }),
            words: { t, format },
            tell,
            nowMs: Date.now(),
          }),
        );
      }}
    >
      {t('diagnose:report.action')}
    </Button>
  );
}

/** A finding as a Markdown file that can be put into a ticket: whole, in the person's language. Pure. */
import type { Finding } from '../../../shared/api/findings.ts';
import type { Sentence } from '../../../shared/api/sentences.ts';
import { formatFullTime, formatUtc } from '../../app/format.ts';
import type { ExportFile } from '../../components/download-file.ts';
import { type Words, adviceText, causeText } from './finding-words.ts';

export interface ReportOptions {
  readonly headline: string;
  readonly words: Words;
  readonly tell: (sentence: Sentence) => string;
  readonly nowMs: number;
}

export function reportOf(finding: Finding, { headline, words, tell, nowMs }: ReportOptions): ExportFile {
  const { t } = words;
  const atMs = Date.parse(finding.at);
  const lines = [
    `# ${headline}`,
    '',
    asText(tell(finding.words.answer)),
    '',
    `- ${t('diagnose:report.cause')}: ${causeText(finding, t)} (\`${finding.kind}/${finding.cause}\`)`,
    `- ${t('diagnose:report.confidence')}: ${Math.round(finding.confidence * 100)} %`,
    `- ${t('diagnose:report.about')}: \`${finding.subject}\``,
    `- ${t('diagnose:report.at')}: ${formatFullTime(atMs)} (${formatUtc(atMs)})`,
    `- ${t('diagnose:report.next')}: ${adviceText(finding, t)}`,
    '',
    `## ${t('diagnose:report.evidence')}`,
    '',
    ...finding.evidence.map(({ at, words: said }) => {
      const when = at === null ? t('diagnose:evidence.always') : formatUtc(Date.parse(at));
      return `- ${when} · ${asText(tell(said.source))}: ${asText(tell(said.fact))}`;
    }),
    ...(finding.words.hidden.length === 0
      ? []
      : [
          '',
          `## ${t('diagnose:report.hidden')}`,
          '',
          ...finding.words.hidden.map((sentence) => `- ${asText(tell(sentence))}`),
        ]),
    '',
    t('diagnose:report.writtenBy', { time: formatFullTime(nowMs) }),
    '',
  ];
  const stamp = formatUtc(atMs).replaceAll(/[:.]/g, '-');
  return {
    name: `${t('diagnose:report.name')}-${finding.cause}-${stamp}.md`,
    mimeType: 'text/markdown',
    text: lines.join('\n'),
  };
}

/** What servers say may look like markup. */
function asText(text: string): string {
  return text.replaceAll(/[\\*_[\]<>#|]/g, '\\$&');
}

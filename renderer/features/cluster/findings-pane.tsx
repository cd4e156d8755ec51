/** What the health rules found, the worst first, with what to do; which rules passed, and which nobody could check. */
import { Button } from '@mantine/core';
import {
  ChevronDown,
  ChevronRight,
  CircleCheck,
  EyeOff,
  Info,
  type LucideIcon,
  OctagonAlert,
  TriangleAlert,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import type { HealthFinding, HealthReport, Severity, UncheckedRule } from '../../../shared/api/health.ts';
import { useFindings } from '../../app/findings.ts';
import { formatCount, formatTimeOfDay } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { openFinding, openSession } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { chooseMetric } from './cluster-choice.ts';
import { CopyLine } from './copy-line.tsx';
import { explanationOf } from './explanation.ts';
import { findingWords } from './finding-words.ts';
import classes from './findings-pane.module.css';

const ICONS: Readonly<Record<Severity, LucideIcon>> = {
  danger: OctagonAlert,
  warning: TriangleAlert,
  info: Info,
};

interface FindingsPaneProps {
  readonly report: HealthReport;
  /** Those that were asked. */
  readonly servers: readonly ServerDto[];
}

export function FindingsPane({ report, servers }: FindingsPaneProps): ReactNode {
  const t = useTexts();
  const { findings, passed, unchecked } = report;
  const diagnosed = useFindings((state) => state.findings);
  const failedCount = new Set(findings.map(({ rule }) => rule)).size;
  return (
    <section className={classes.root} aria-label={t('cluster:findings.title')}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('cluster:findings.title')}</h2>
        <span className={classes.detail}>
          {t('cluster:findings.count', {
            failed: formatCount(failedCount),
            total: formatCount(failedCount + passed.length + unchecked.length),
          })}
        </span>
        <span className={classes.passed}>
          {t('cluster:findings.passed', { formatted: formatCount(passed.length) })}
        </span>
      </header>
      <div className={classes.scroll}>
        <ul className={classes.list}>
          {findings.map((finding) => (
            <FindingRow
              key={`${finding.rule} ${finding.servers.join()} ${String(finding.facts['key'] ?? '')}`}
              finding={finding}
              explanationId={
                explanationOf(finding, { findings: [...diagnosed.values()], asked: servers })?.id
              }
            />
          ))}
        </ul>
        {findings.length === 0 && (
          <p className={classes.allWell}>
            <CircleCheck size={16} strokeWidth={1.75} aria-hidden />
            {t('cluster:findings.none')}
          </p>
        )}
        <OtherRules report={report} />
      </div>
    </section>
  );
}

interface FindingProps {
  readonly finding: HealthFinding;
  /** The finding of the diagnosis that tells more. */
  readonly explanationId: string | undefined;
}

function FindingRow({ finding, explanationId }: FindingProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { severity, configLine } = finding;
  const Icon = ICONS[severity];
  const { title, text } = findingWords(finding, t, format);
  return (
    <li className={classes.row}>
      <Icon
        size={16}
        strokeWidth={1.75}
        aria-label={t(`cluster:findings.severity.${severity}`)}
        className={classNames(classes.icon, classes[severity])}
      />
      <div className={classes.text}>
        <p className={classes.fact}>
          {title}
          <span className={classes.since}>
            {t('cluster:findings.since', { time: formatTimeOfDay(finding.sinceMs).slice(0, 5) })}
          </span>
        </p>
        <p className={classes.next}>
          {text} {configLine !== null && <code className={classes.line}>{configLine}</code>}
        </p>
      </div>
      <FindingAction finding={finding} explanationId={explanationId} />
    </li>
  );
}

/** The one thing that leads on from here. */
function FindingAction({ finding, explanationId }: FindingProps): ReactNode {
  const t = useTexts();
  const { rule, configLine, metric, facts } = finding;
  const { sessionId } = facts;
  if (explanationId !== undefined) {
    return (
      <Button
        size="compact-xs"
        onClick={() => {
          openFinding(explanationId);
        }}
      >
        {t('cluster:findings.explain')}
      </Button>
    );
  }
  if (configLine !== null) return <CopyLine line={configLine} />;
  if (rule === 'client-queues' && typeof sessionId === 'string') {
    return (
      <Button
        size="compact-xs"
        onClick={() => {
          openSession(sessionId);
        }}
      >
        {t('cluster:findings.open')}
      </Button>
    );
  }
  if (metric === null) return null;
  return (
    <Button
      size="compact-xs"
      onClick={() => {
        chooseMetric(metric);
      }}
    >
      {t('cluster:findings.show')}
    </Button>
  );
}

/** Rules that say nothing: those that nobody could check with what they need, then those that passed. */
function OtherRules({ report: { passed, unchecked } }: { readonly report: HealthReport }): ReactNode {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className={classes.others}>
      <button
        type="button"
        className={classes.toggle}
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Chevron size={14} strokeWidth={1.75} aria-hidden />
        {unchecked.length === 0
          ? t('cluster:findings.allChecked')
          : t('cluster:findings.unchecked', {
              count: unchecked.length,
              formatted: formatCount(unchecked.length),
            })}
      </button>
      {isOpen && (
        <ul>
          {unchecked.map((rule) => (
            <UncheckedRow key={rule.rule} unchecked={rule} />
          ))}
          {passed.map((rule) => (
            <li key={rule} className={classes.other}>
              <CircleCheck
                size={14}
                strokeWidth={1.75}
                aria-label={t('cluster:findings.isPassed')}
                className={classes.ok}
              />
              <span>{t(`cluster:rule.${rule}.name`)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function UncheckedRow({
  unchecked: { rule, needs, configLine },
}: {
  readonly unchecked: UncheckedRule;
}): ReactNode {
  const t = useTexts();
  return (
    <li className={classes.other}>
      <EyeOff size={14} strokeWidth={1.75} aria-label={t('cluster:findings.isUnchecked')} />
      <span className={classes.text}>
        {t(`cluster:rule.${rule}.name`)}
        <span className={classes.needs}>
          {t(`cluster:findings.needs.${needs}`)}{' '}
          {configLine !== null && <code className={classes.line}>{configLine}</code>}
        </span>
      </span>
      {configLine !== null && <CopyLine line={configLine} />}
    </li>
  );
}

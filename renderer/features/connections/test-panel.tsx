/**
 * The test of a connection, step by step: what was done, what was measured on each server, and where it ends, what
 * that means, what may be behind it, and what to do.
 */
import { Button } from '@mantine/core';
import {
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConnectionProfile, TestReport, TestStep } from '../../../shared/api/connections.ts';
import { formatMs, formatTimeOfDay } from '../../app/format.ts';
import { openConnection } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice, failureCode } from '../../components/failure-notice.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { QuotedText } from '../../components/quoted-text.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { FIELD_IDS } from './connection-fields.tsx';
import { type FormTest, saveTested, stopTest, useForms } from './form-state.ts';
import { NEW_VALUES, isTestOutdated, valuesOf } from './form-values.ts';
import { StepFacts } from './step-facts.tsx';
import { type TestAction, actionsOf, causesOf, hasMeaning, sentenceValues, summarize } from './test-words.ts';
import classes from './test-panel.module.css';

interface TestPanelProps {
  readonly formId: string;
  readonly profile: ConnectionProfile | null;
}

export function TestPanel({ formId, profile }: TestPanelProps): ReactNode {
  const t = useTexts();
  const test = useForms((state) => state.tests[formId]);
  const values = useForms((state) => state.edits[formId]) ?? (profile ? valuesOf(profile) : NEW_VALUES);
  return (
    <section className={classes.root} aria-label={t('connections:test.label')}>
      {test ? (
        <>
          <Head test={test} formId={formId} />
          <div className={classes.body} aria-live="polite">
            {!test.isRunning && isTestOutdated(test.values, values) && (
              <p className={classes.outdated}>{t('connections:test.outdated')}</p>
            )}
            {test.failure && <FailureNotice failure={test.failure} />}
            <ol>
              {test.report?.steps.map((step) => (
                <Step key={step.step} step={step} formId={formId} test={test} />
              ))}
            </ol>
          </div>
        </>
      ) : (
        <>
          <PaneHeader title={t('connections:test.title')} />
          <EmptyState title={t('connections:test.idleTitle')}>{t('connections:test.idleText')}</EmptyState>
        </>
      )}
    </section>
  );
}

function Head({ test, formId }: { readonly test: FormTest; readonly formId: string }): ReactNode {
  const t = useTexts();
  const { report, isRunning } = test;
  const summary = report && summarize(report);
  return (
    <PaneHeader
      title={t('connections:test.title')}
      detail={summary && <span className={classes[summary.tone]}>{headLine(report, isRunning, t)}</span>}
    >
      {isRunning ? (
        <Button
          size="compact-xs"
          onClick={() => {
            stopTest(formId);
          }}
        >
          {t('connections:form.stopTest')}
        </Button>
      ) : (
        report && (
          <span className={classes.took}>
            {t('connections:test.took', {
              at: formatTimeOfDay(report.startedAtMs).slice(0, 8),
              took: formatMs(report.tookMs),
            })}
          </span>
        )
      )}
    </PaneHeader>
  );
}

function headLine(report: TestReport, isRunning: boolean, t: ReturnType<typeof useTexts>): string {
  const { passed, total, runningStep } = summarize(report);
  if (isRunning && runningStep !== null) return t('connections:test.running', { step: runningStep, total });
  if (!isRunning && !report.isDone) return t('connections:test.stopped');
  return t('connections:test.passed', { passed, total });
}

const ICONS: Record<TestStep['state'], LucideIcon> = {
  waiting: Circle,
  running: CircleDashed,
  passed: CircleCheck,
  warning: CircleAlert,
  failed: CircleX,
  skipped: CircleMinus,
};

interface StepProps {
  readonly step: TestStep;
  readonly formId: string;
  readonly test: FormTest;
}

function Step({ step, formId, test }: StepProps): ReactNode {
  const t = useTexts();
  const Icon = ICONS[step.state];
  return (
    <li className={classNames(classes.step, classes[step.state])}>
      <div className={classes.line}>
        <Icon
          size={16}
          strokeWidth={1.75}
          className={classes.icon}
          role="img"
          aria-label={t(`connections:test.states.${step.state}`)}
        />
        <div className={classes.text}>
          <h2 className={classes.title}>{t(`connections:test.steps.${step.step}`)}</h2>
          <StepLine step={step} />
          <StepFacts step={step} />
          <ServerChips step={step} />
        </div>
        {step.tookMs !== null && step.state !== 'skipped' && (
          <span className={classes.took}>{formatMs(step.tookMs)}</span>
        )}
      </div>
      <Explanation step={step} formId={formId} test={test} />
    </li>
  );
}

function StepLine({ step }: { readonly step: TestStep }): ReactNode {
  const t = useTexts();
  const { finding, failure, state } = step;
  if (finding === null) {
    return state === 'skipped' ? <p className={classes.quiet}>{t('connections:test.skippedText')}</p> : null;
  }
  return (
    <p className={classes.quiet}>
      {t(`connections:test.finding.${finding}`)} {failure && <code>{failureCode(failure)}</code>}
    </p>
  );
}

/** Each server with what was measured there, or what went wrong there. */
function ServerChips({ step }: { readonly step: TestStep }): ReactNode {
  const t = useTexts();
  if (step.servers.length === 0) return null;
  return (
    <ul className={classes.chips}>
      {step.servers.map(({ server, value, isOk, failure }) => (
        <li key={server} className={classNames(classes.chip, !isOk && classes.bad)}>
          <span className={classes.server}>{server}</span>
          {failure ? (
            <code title={t(`failures:code.${failure.code}.what`)}>{failureCode(failure)}</code>
          ) : (
            <span>{value}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Explanation({ step, formId, test }: StepProps): ReactNode {
  const t = useTexts();
  const { finding } = step;
  if (!hasMeaning(finding)) return null;
  const values = sentenceValues(step);
  const causes = causesOf(step);
  const actions = actionsOf(step, test.values);
  return (
    <div className={classes.explanation}>
      <p>
        <QuotedText>{t(`connections:test.meaning.${finding}`, values)}</QuotedText>
      </p>
      {causes.length > 0 && (
        <ul className={classes.causes}>
          {causes.map((cause) => (
            <li key={cause} className={classes.cause}>
              <h3 className={classes.causeTitle}>
                <QuotedText>{t(`connections:test.cause.${cause}.title`, values)}</QuotedText>
              </h3>
              <p className={classes.causeText}>
                <QuotedText>{t(`connections:test.cause.${cause}.text`, values)}</QuotedText>
              </p>
            </li>
          ))}
        </ul>
      )}
      {step.facts['identities'] !== undefined && step.facts['identities'] !== '' && (
        <p className={classes.quiet}>
          {t('connections:test.identities')} <code>{step.facts['identities']}</code>
        </p>
      )}
      {actions.length > 0 && (
        <div className={classes.actions}>
          {actions.map((action, index) => (
            <ActionButton key={action} action={action} isFirst={index === 0} formId={formId} />
          ))}
        </div>
      )}
    </div>
  );
}

const ACTION_LABELS = {
  'enter-password': 'connections:test.enterPassword',
  'edit-servers': 'connections:test.editServers',
  'edit-chroot': 'connections:test.editChroot',
  'connect-anyway': 'connections:test.connectAnyway',
} as const satisfies Record<TestAction, string>;

interface ActionButtonProps {
  readonly action: TestAction;
  readonly isFirst: boolean;
  readonly formId: string;
}

function ActionButton({ action, isFirst, formId }: ActionButtonProps): ReactNode {
  const t = useTexts();
  const onClick = async (): Promise<void> => {
    switch (action) {
      case 'enter-password':
        focusField(FIELD_IDS.password);
        return;
      case 'edit-servers':
        focusField(FIELD_IDS.servers);
        return;
      case 'edit-chroot':
        focusField(FIELD_IDS.chroot);
        return;
      case 'connect-anyway': {
        const profile = await saveTested(formId);
        if (profile) await openConnection(profile.connectionId);
      }
    }
  };
  return (
    <Button size="compact-xs" variant={isFirst ? 'default' : 'subtle'} onClick={onClick}>
      {t(ACTION_LABELS[action])}
    </Button>
  );
}

function focusField(fieldId: string): void {
  const field = document.getElementById(fieldId);
  field?.focus();
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
}

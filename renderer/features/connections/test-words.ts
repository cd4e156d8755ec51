/**
 * What a test's findings lead to: the possible causes that Zabra cannot tell apart, the facts worth showing, and the
 * next actions. The sentences are in the locale files. Pure.
 */
import type { TestFinding, TestReport, TestStep } from '../../../shared/api/connections.ts';
import type { locale } from '../../i18n/locales/en/index.ts';
import type { FormValues } from './form-values.ts';

/** Findings that need more than a line: what they mean. */
export type MeaningId = keyof (typeof locale)['connections']['test']['meaning'];
export type CauseId = keyof (typeof locale)['connections']['test']['cause'];

const CAUSES: Partial<Record<TestFinding, readonly CauseId[]>> = {
  'resolved-none': ['misspelt', 'dns'],
  'resolved-some': ['misspelt', 'dns'],
  'tcp-refused': ['notRunning', 'otherPort', 'otherInterface'],
  'tcp-timeout': ['firewall', 'hostDown', 'slowNetwork'],
  'tcp-unreachable': ['vpn', 'misspelt'],
  'session-closed-by-server': ['tooMany', 'noQuorum', 'tlsPort'],
  'session-no-answer': ['tlsPort', 'overloaded', 'quorumPort'],
  'session-not-zookeeper': ['quorumPort', 'adminPort', 'tlsPort'],
  'read-no-node': ['chrootMisspelt', 'chrootMissing'],
};

/** Findings that are as they should be: their line says it all. */
const PLAIN_FINDINGS: readonly TestFinding[] = [
  'resolved',
  'tcp-accepted',
  'session-established',
  'auth-none',
  'read-ok',
] satisfies readonly Exclude<TestFinding, MeaningId>[];

/** Whether there is something to explain about a finding. */
export function hasMeaning(finding: TestFinding | null): finding is MeaningId {
  return finding !== null && !PLAIN_FINDINGS.includes(finding);
}

/** What may be behind a finding; for NOAUTH it depends on whether there were credentials. */
export function causesOf({ finding, facts }: Pick<TestStep, 'finding' | 'facts'>): readonly CauseId[] {
  if (finding === null) return [];
  if (finding !== 'read-no-auth') return CAUSES[finding] ?? [];
  return facts['digest'] === undefined ? ['mistypedNone', 'lower'] : ['mistyped', 'notInAcl', 'lower'];
}

/** The values that the sentences of a step name. */
export function sentenceValues({ facts }: Pick<TestStep, 'facts'>): {
  path: string;
  digest: string;
  user: string;
  acl: string;
} {
  const digest = facts['digest'] ?? '';
  return {
    path: facts['path'] ?? '/',
    digest,
    user: digest.slice(0, Math.max(0, digest.indexOf(':'))),
    acl: `digest:${digest}`,
  };
}

export type TestAction = 'enter-password' | 'edit-servers' | 'edit-chroot' | 'connect-anyway';

/** What a person may do about a failed step, the best first. */
export function actionsOf({ finding, state }: TestStep, values: FormValues): readonly TestAction[] {
  if (state !== 'failed' || finding === null) return [];
  switch (finding) {
    case 'read-no-auth':
      return values.authKind === 'digest' ? ['enter-password', 'connect-anyway'] : ['connect-anyway'];
    case 'auth-refused':
      return ['enter-password', 'connect-anyway'];
    case 'read-no-node':
      return ['edit-chroot', 'connect-anyway'];
    case 'read-failed':
    case 'session-closed-by-server':
    case 'session-no-answer':
      return ['connect-anyway'];
    default:
      return ['edit-servers'];
  }
}

export interface TestSummary {
  readonly passed: number;
  readonly total: number;
  /** The step under way, from 1; null when none is. */
  readonly runningStep: number | null;
  readonly tone: 'ok' | 'warn' | 'danger' | 'off';
}

/** Signing in is optional: a test without credentials passes that step. */
export function isStepPassed({ state, finding }: TestStep): boolean {
  return state === 'passed' || state === 'warning' || (state === 'skipped' && finding === 'auth-none');
}

export function summarize({ steps, isDone }: TestReport): TestSummary {
  const running = steps.findIndex((step) => step.state === 'running');
  const hasFailed = steps.some((step) => step.state === 'failed');
  const hasWarning = steps.some((step) => step.state === 'warning');
  const doneTone = hasWarning ? 'warn' : 'ok';
  return {
    passed: steps.filter(isStepPassed).length,
    total: steps.length,
    runningStep: running === -1 ? null : running + 1,
    tone: hasFailed ? 'danger' : isDone ? doneTone : 'off',
  };
}

/** The facts of a step in ZooKeeper's voice: session id, timeouts, digest, what was read. */
import type { ReactNode } from 'react';
import type { TestStep } from '../../../shared/api/connections.ts';
import { formatCount } from '../../app/format.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { MessageKey } from '../../i18n/i18n.ts';
import classes from './test-panel.module.css';

interface Fact {
  readonly labelKey: MessageKey;
  readonly value: string;
}

export function StepFacts({ step }: { readonly step: TestStep }): ReactNode {
  const t = useTexts();
  const facts = factsOf(step);
  if (facts.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {facts.map(({ labelKey, value }) => (
        <div key={labelKey} className={classes.fact}>
          <dt>{t(labelKey)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Which facts of a step are worth a line, in reading order. */
function factsOf({ step, facts, state }: TestStep): readonly Fact[] {
  const fact = (labelKey: MessageKey, value: string | undefined): Fact[] =>
    value === undefined || value === '' ? [] : [{ labelKey, value }];
  const milliseconds = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : `${formatCount(Number(value))} ms`;
  switch (step) {
    case 'session':
      return [
        ...fact('connections:test.fact.session', facts['sessionId']),
        ...fact('connections:test.fact.server', facts['server']),
        ...fact('connections:test.fact.timeout', milliseconds(facts['timeoutMs'])),
        ...(facts['timeoutMs'] === facts['askedTimeoutMs']
          ? []
          : fact('connections:test.fact.asked', milliseconds(facts['askedTimeoutMs']))),
      ];
    case 'auth':
      return fact('connections:test.fact.digest', facts['digest']);
    case 'first-read':
      return [
        ...fact('connections:test.fact.path', facts['path']),
        ...(state === 'passed' ? fact('connections:test.fact.children', facts['children']) : []),
      ];
    case 'resolve':
    case 'tcp':
      return [];
  }
}

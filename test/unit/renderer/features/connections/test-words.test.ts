import { describe, expect, it } from 'vitest';
import { TestFinding, type TestReport, type TestStep } from '../../../../../shared/api/connections.ts';
import { locale as english } from '../../../../../renderer/i18n/locales/en/index.ts';
import { locale as chinese } from '../../../../../renderer/i18n/locales/zh-CN/index.ts';
import { NEW_VALUES } from '../../../../../renderer/features/connections/form-values.ts';
import {
  actionsOf,
  causesOf,
  hasMeaning,
  sentenceValues,
  summarize,
} from '../../../../../renderer/features/connections/test-words.ts';

const step = (part: Partial<TestStep>): TestStep => ({
  step: 'first-read',
  state: 'failed',
  tookMs: 1,
  finding: 'read-no-auth',
  servers: [],
  facts: {},
  failure: null,
  ...part,
});

describe('connection test: words', () => {
  it.each(TestFinding.options)(
    '%s has a line, and a meaning where it is not plain, in both languages',
    (finding) => {
      for (const { connections } of [english, chinese]) {
        expect(connections.test.finding[finding]).not.toBe('');
        if (hasMeaning(finding)) expect(connections.test.meaning[finding]).not.toBe('');
        else expect(connections.test.meaning).not.toHaveProperty([finding]);
      }
    },
  );
  it.each(TestFinding.options)('%s as a failure leads to an action', (finding) => {
    expect(actionsOf(step({ finding }), NEW_VALUES)).not.toEqual([]);
  });
  it('NOAUTH with credentials has three causes, without them signing in comes first', () => {
    expect(causesOf(step({ facts: { digest: 'ro:abc=' } }))).toEqual(['mistyped', 'notInAcl', 'lower']);
    expect(causesOf(step({}))).toEqual(['mistypedNone', 'lower']);
  });
  it('sentences name the user, the digest and the ACL entry to ask for', () => {
    expect(sentenceValues(step({ facts: { path: '/orders', digest: 'ro:abc=' } }))).toEqual({
      path: '/orders',
      digest: 'ro:abc=',
      user: 'ro',
      acl: 'digest:ro:abc=',
    });
  });
  it('a step that passed has no actions', () => {
    expect(actionsOf(step({ state: 'passed', finding: 'read-ok' }), NEW_VALUES)).toEqual([]);
  });
});

describe('connection test: summary', () => {
  const report = (steps: TestStep[], isDone: boolean): TestReport => ({
    steps,
    isDone,
    startedAtMs: 0,
    tookMs: 1,
  });
  it('a test without credentials passes the auth step', () => {
    const steps = [
      step({ state: 'passed', finding: 'read-ok' }),
      step({ step: 'auth', state: 'skipped', finding: 'auth-none' }),
    ];
    expect(summarize(report(steps, true))).toEqual({ passed: 2, total: 2, runningStep: null, tone: 'ok' });
  });
  it('a step that was not reached is not passed', () => {
    const steps = [step({}), step({ state: 'skipped', finding: null })];
    expect(summarize(report(steps, true))).toMatchObject({ passed: 0, total: 2, tone: 'danger' });
  });
  it('names the step under way, and warns', () => {
    const warning = step({ state: 'warning', finding: 'resolved-some' });
    expect(summarize(report([warning, step({ state: 'running', finding: null })], false))).toMatchObject({
      runningStep: 2,
      tone: 'off',
    });
    expect(summarize(report([warning], true)).tone).toBe('warn');
  });
});

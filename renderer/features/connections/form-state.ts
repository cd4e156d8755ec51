/**
 * Which connection is edited, what has been changed and not saved, and the last test of each form. Outlives the view:
 * leaving for Browse and coming back loses nothing. A form is named by its connection's id, a new one by `new`.
 */
import { create } from 'zustand';
import type { ConnectionProfile, TestReport } from '../../../shared/api/connections.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { refreshConnections } from '../../app/ensembles.ts';
import { type FormValues, NEW_VALUES, draftOf, isTestOutdated, valuesOf } from './form-values.ts';

export const NEW_FORM = 'new';

export interface FormTest {
  readonly report: TestReport | null;
  readonly isRunning: boolean;
  /** What was tested, to say when the form has changed since. */
  readonly values: FormValues;
  readonly failure: Failure | null;
}

interface FormState {
  readonly formId: string | null;
  /** Forms that a person has touched. */
  readonly edits: Readonly<Record<string, FormValues>>;
  readonly tests: Readonly<Record<string, FormTest>>;
}

export const useForms = create<FormState>(() => ({ formId: null, edits: {}, tests: {} }));

export function editConnection(connectionId: string): void {
  useForms.setState({ formId: connectionId });
}

/** Opens the form of a new connection, filled with what is known; what was typed there before stays. */
export function editNewConnection(known: Partial<FormValues> = {}): void {
  useForms.setState(({ edits }) => ({
    formId: NEW_FORM,
    edits: { ...edits, [NEW_FORM]: { ...(edits[NEW_FORM] ?? NEW_VALUES), ...known } },
  }));
}

export function changeForm(formId: string, values: FormValues): void {
  useForms.setState(({ edits }) => ({ edits: { ...edits, [formId]: values } }));
}

/** Forgets what was changed; the form of a new connection closes. */
export function discardForm(formId: string): void {
  stopTest(formId);
  useForms.setState((state) => {
    const { [formId]: _edit, ...edits } = state.edits;
    const { [formId]: _test, ...tests } = state.tests;
    const isNew = formId === NEW_FORM;
    return {
      edits,
      tests: isNew ? tests : state.tests,
      formId: isNew && state.formId === NEW_FORM ? null : state.formId,
    };
  });
}

function connectionIdOf(formId: string): { connectionId?: string } {
  return formId === NEW_FORM ? {} : { connectionId: formId };
}

function passwordOf({ authKind, password }: FormValues): { password?: string } {
  return authKind === 'none' || password === null ? {} : { password };
}

/** Saves and moves what belongs to the form to the saved connection. Rejects as the call does. */
export async function saveForm(formId: string, values: FormValues): Promise<ConnectionProfile> {
  const profile = await client.connections.save({
    ...connectionIdOf(formId),
    draft: draftOf(values),
    ...passwordOf(values),
  });
  await refreshConnections();
  useForms.setState((state) => {
    const { [formId]: _edit, ...edits } = state.edits;
    const { [formId]: test, ...tests } = state.tests;
    return {
      edits,
      // What was tested is what was saved, if nothing was changed in between.
      tests: test
        ? {
            ...tests,
            [profile.connectionId]: {
              ...test,
              values: isTestOutdated(test.values, values) ? test.values : valuesOf(profile),
            },
          }
        : tests,
      formId: state.formId === formId ? profile.connectionId : state.formId,
    };
  });
  return profile;
}

/** Saves a tested form as it stands now, whatever the test said; a failure shows in the test. */
export async function saveTested(formId: string): Promise<ConnectionProfile | null> {
  const { edits, tests } = useForms.getState();
  const test = tests[formId];
  if (!test) return null;
  const values = edits[formId] ?? test.values;
  try {
    return await saveForm(formId, values.name.trim() === '' ? { ...values, name: test.values.name } : values);
  } catch (error) {
    const failure = failureOf(error);
    useForms.setState((state) => ({ tests: { ...state.tests, [formId]: { ...test, failure } } }));
    return null;
  }
}

const running = new Map<string, AbortController>();

/** Tests what stands in the form, saved or not. Resolves with the last report, or null when it was broken off. */
export async function testForm(formId: string, values: FormValues): Promise<TestReport | null> {
  stopTest(formId);
  const abort = new AbortController();
  running.set(formId, abort);
  let last: TestReport | null = null;
  const show = (change: Partial<FormTest>): void => {
    if (running.get(formId) !== abort) return;
    useForms.setState(({ tests }) => ({
      tests: { ...tests, [formId]: { report: last, isRunning: true, values, failure: null, ...change } },
    }));
  };
  show({});
  try {
    const request = { ...connectionIdOf(formId), draft: draftOf(values), ...passwordOf(values) };
    for await (const report of await client.connections.test(request, { signal: abort.signal })) {
      last = report;
      show({});
    }
    show({ isRunning: false });
  } catch (error) {
    show({ isRunning: false, failure: abort.signal.aborted ? null : failureOf(error) });
  }
  if (running.get(formId) === abort) running.delete(formId);
  return abort.signal.aborted ? null : last;
}

export function stopTest(formId: string): void {
  running.get(formId)?.abort();
}

/** Whether a report says that the connection would work. */
export function isTestPassed(report: TestReport | null): boolean {
  return (
    report?.isDone === true &&
    report.steps.every((step) => step.state !== 'failed' && step.state !== 'waiting')
  );
}

/** The connection is gone, and everything that belongs to its form. */
export function forgetForm(formId: string): void {
  discardForm(formId);
  useForms.setState((state) => {
    const { [formId]: _test, ...tests } = state.tests;
    return { tests, formId: state.formId === formId ? null : state.formId };
  });
}

/**
 * The form of one connection, saved or new. Every change is kept at once (form-state.ts), counted in the head, and
 * goes to the cluster's profile only by Save. Problems show after the first attempt to save.
 */
import { Button } from '@mantine/core';
import { type SubmitEvent, type ReactNode, useState } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { failureOf } from '../../api/failure.ts';
import { useConnectionStatus } from '../../app/connection-status.ts';
import { openConnection, reconnect } from '../../app/workspace.ts';
import { Banner } from '../../components/banner.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import classes from './connection-form.module.css';
import { ConnectionFields } from './connection-fields.tsx';
import { NEW_FORM, changeForm, discardForm, saveForm, testForm, useForms } from './form-state.ts';
import {
  type FormValues,
  type Problems,
  NEW_VALUES,
  countChanges,
  findProblems,
  suggestName,
  valuesOf,
} from './form-values.ts';
import { LocalServer } from './local-server.tsx';
import { RemoveDialog } from './remove-dialog.tsx';

interface ConnectionFormProps {
  readonly formId: string;
  /** Null for a new connection. */
  readonly profile: ConnectionProfile | null;
  readonly profiles: readonly ConnectionProfile[];
}

export function ConnectionForm({ formId, profile, profiles }: ConnectionFormProps): ReactNode {
  const t = useTexts();
  const saved = profile ? valuesOf(profile) : NEW_VALUES;
  const values = useForms((state) => state.edits[formId]) ?? saved;
  const [isAttempted, setAttempted] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const [isStale, setStale] = useState(false);
  const status = useConnectionStatus(formId);
  const isOpen = status !== null && status.state !== 'closed';

  const otherNames = profiles.filter(({ connectionId }) => connectionId !== formId).map(({ name }) => name);
  const changes = countChanges(values, saved);
  // A missing name is suggested, so it is no problem.
  const named = values.name.trim() === '' ? { ...values, name: suggestName(values, otherNames) } : values;
  const problems: Problems = isAttempted ? findProblems(named, otherNames) : {};

  const change = (part: Partial<FormValues>): void => {
    const next = { ...values, ...part };
    // Changing everything back is no change any more.
    if (profile && countChanges(next, saved) === 0) discardForm(formId);
    else changeForm(formId, next);
  };

  /** The values to use, or null when something is wrong with them. */
  const check = (): FormValues | null => {
    setAttempted(true);
    return Object.keys(findProblems(named, otherNames)).length > 0 ? null : named;
  };

  const save = async (): Promise<ConnectionProfile | null> => {
    const checked = check();
    if (!checked) return null;
    // On a failure the form shows what was tried to be saved.
    if (checked !== values) changeForm(formId, checked);
    setFailure(null);
    try {
      const result = await saveForm(formId, checked);
      setStale(isOpen);
      return result;
    } catch (error) {
      setFailure(failureOf(error));
      return null;
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void save();
  };
  const takeEffect = async (): Promise<void> => {
    await reconnect(formId);
    setStale(false);
  };

  return (
    <form className={classes.root} noValidate onSubmit={onSubmit}>
      <PaneHeader
        title={titleOf(profile, t)}
        detail={changes > 0 ? t('connections:form.changes', { count: changes }) : undefined}
      />
      {isStale && changes === 0 && (
        <Banner
          tone="info"
          title={t('connections:form.takesEffect')}
          action={<Button onClick={() => void takeEffect()}>{t('connections:form.reconnect')}</Button>}
        />
      )}
      <div className={classes.fields}>
        {failure && <FailureNotice failure={failure} attempt={t('connections:form.notSaved')} />}
        {profile?.ensembleId !== undefined && <LocalServer ensembleId={profile.ensembleId} />}
        <ConnectionFields
          formId={formId}
          values={values}
          problems={problems}
          suggestedName={named.name}
          secret={profile?.secret ?? 'none'}
          isLocal={profile?.ensembleId !== undefined}
          onChange={change}
        />
      </div>
      <footer className={classes.footer}>
        {changes > 0 || !profile ? (
          <>
            <Button type="submit" variant="filled">
              {t('connections:form.save')}
            </Button>
            <Button
              onClick={async () => {
                const result = await save();
                if (result) await openConnection(result.connectionId);
              }}
            >
              {t('connections:form.saveAndOpen')}
            </Button>
          </>
        ) : (
          <Button variant="filled" onClick={() => void openConnection(profile.connectionId)}>
            {t('connections:form.open')}
          </Button>
        )}
        <TestButton
          formId={formId}
          onTest={() => {
            const checked = check();
            if (checked) void testForm(formId, checked);
          }}
        />
        {(changes > 0 || formId === NEW_FORM) && (
          <Button
            variant="subtle"
            onClick={() => {
              setAttempted(false);
              setFailure(null);
              discardForm(formId);
            }}
          >
            {t('connections:form.cancel')}
          </Button>
        )}
        {profile && (
          <Button
            className={classes.remove}
            variant="subtle"
            color="red"
            onClick={() => {
              setRemoving(true);
            }}
          >
            {t('connections:form.remove')}
          </Button>
        )}
      </footer>
      {profile && isRemoving && (
        <RemoveDialog
          profile={profile}
          onClose={() => {
            setRemoving(false);
          }}
        />
      )}
    </form>
  );
}

function titleOf(profile: ConnectionProfile | null, t: ReturnType<typeof useTexts>): string {
  if (!profile) return t('connections:form.titleNew');
  return profile.ensembleId === undefined
    ? t('connections:form.titleEdit')
    : t('connections:form.titleLocal');
}

function TestButton({ formId, onTest }: { readonly formId: string; readonly onTest: () => void }): ReactNode {
  const t = useTexts();
  const test = useForms((state) => state.tests[formId]);
  return (
    <Button onClick={onTest} loading={test?.isRunning === true}>
      {test ? t('connections:form.testAgain') : t('connections:form.test')}
    </Button>
  );
}

/** Connections: the list, the form of the chosen one, and the test of what stands in that form. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { ConnectionForm } from './connection-form.tsx';
import { ConnectionList } from './connection-list.tsx';
import classes from './connections-view.module.css';
import { NEW_FORM, editNewConnection, useForms } from './form-state.ts';
import { TestPanel } from './test-panel.tsx';

export function ConnectionsView(): ReactNode {
  const t = useTexts();
  const { data: profiles, error } = useQuery(api.connections.list.queryOptions());
  if (error) return <FailureNotice failure={failureOf(error)} />;
  if (!profiles) return <SkeletonRows what={t('views.connections')} />;
  return (
    <div className={classes.root}>
      <ConnectionList profiles={profiles} />
      <ChosenForm profiles={profiles} />
    </div>
  );
}

function ChosenForm({ profiles }: { readonly profiles: readonly ConnectionProfile[] }): ReactNode {
  const t = useTexts();
  const formId = useForms((state) => state.formId) ?? (profiles.length === 0 ? NEW_FORM : null);
  const profile = profiles.find(({ connectionId }) => connectionId === formId) ?? null;
  if (formId === null || (formId !== NEW_FORM && !profile)) {
    return (
      <div className={classes.form}>
        <EmptyState
          title={t('connections:form.pickTitle')}
          action={
            <Button
              variant="filled"
              onClick={() => {
                editNewConnection();
              }}
            >
              {t('connections:list.add')}
            </Button>
          }
        >
          {t('connections:form.pickText')}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <ConnectionForm key={formId} formId={formId} profile={profile} profiles={profiles} />
      <TestPanel formId={formId} profile={profile} />
    </>
  );
}

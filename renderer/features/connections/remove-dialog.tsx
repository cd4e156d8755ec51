/** What vanishes with a connection, before it does. In production the name is typed. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { isUsable, useConnectionStatus } from '../../app/connection-status.ts';
import { refreshConnections } from '../../app/ensembles.ts';
import { forgetConnection } from '../../app/workspace.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { forgetForm } from './form-state.ts';
import classes from './remove-dialog.module.css';

interface RemoveDialogProps {
  readonly profile: ConnectionProfile;
  readonly onClose: () => void;
}

export function RemoveDialog({ profile, onClose }: RemoveDialogProps): ReactNode {
  const t = useTexts();
  const { connectionId, name } = profile;
  const [typed, setTyped] = useState('');
  const [failure, setFailure] = useState<Failure | null>(null);
  const needsName = profile.environment === 'production';
  const mayRemove = !needsName || typed === name;

  const remove = async (): Promise<void> => {
    setFailure(null);
    try {
      await client.connections.remove({ connectionId });
      forgetForm(connectionId);
      forgetConnection(connectionId);
      await refreshConnections();
      onClose();
    } catch (error) {
      setFailure(failureOf(error));
    }
  };

  return (
    <Dialog onClose={onClose} title={t('connections:remove.title', { name })}>
      <Preview profile={profile} />
      {needsName && (
        <TextInput
          data-autofocus
          className={classes.name}
          label={t('connections:remove.typeName', { name })}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
          }}
        />
      )}
      {failure && <FailureNotice failure={failure} attempt={t('connections:remove.failed')} />}
      <div className={classes.actions}>
        <Button variant="filled" color="red" disabled={!mayRemove} onClick={() => void remove()}>
          {t('connections:remove.confirm', { name })}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

function Preview({ profile }: { readonly profile: ConnectionProfile }): ReactNode {
  const t = useTexts();
  const { connectionId } = profile;
  const isOpen = isUsable(useConnectionStatus(connectionId));
  const { data: drafts } = useQuery({
    ...api.app.drafts.queryOptions({ input: { connectionId } }),
    staleTime: 0,
  });
  const count = drafts?.length ?? 0;
  return (
    <>
      <p className={classes.lead}>{t('connections:remove.lead')}</p>
      <ul className={classes.list}>
        <li>{t('connections:remove.profile')}</li>
        {profile.secret !== 'none' && <li>{t('connections:remove.password')}</li>}
        {count > 0 && <li>{t('connections:remove.drafts', { count })}</li>}
        {isOpen && <li>{t('connections:remove.open')}</li>}
        {profile.ensembleId !== undefined && <li>{t('connections:remove.local')}</li>}
      </ul>
    </>
  );
}

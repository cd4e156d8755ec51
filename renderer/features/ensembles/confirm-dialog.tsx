/** What destroys is asked for first, with what vanishes: the data of one server, a server, or a whole ensemble. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { EnsembleDto, EnsembleServerDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { refreshConnections } from '../../app/ensembles.ts';
import { forgetConnection } from '../../app/workspace.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { closeEnsembleDialog } from './ensemble-choice.ts';
import classes from './dialogs.module.css';

export function RemoveEnsembleDialog({ ensemble }: { readonly ensemble: EnsembleDto }): ReactNode {
  const t = useTexts();
  const { ensembleId, connectionId, name, servers } = ensemble;
  return (
    <Confirm
      title={t('ensembles:remove.title', { name })}
      lead={t('ensembles:remove.lead')}
      vanishing={[
        t('ensembles:remove.data', { count: servers.length }),
        t('ensembles:remove.connection', { name }),
      ]}
      confirm={t('ensembles:remove.confirm', { name })}
      failed={t('ensembles:remove.failed')}
      run={async () => {
        await client.ensembles.remove({ ensembleId });
        forgetConnection(connectionId);
        await refreshConnections();
      }}
    />
  );
}

export function WipeServerDialog({
  ensemble: { ensembleId, servers },
  sid,
}: {
  readonly ensemble: EnsembleDto;
  readonly sid: number;
}): ReactNode {
  const t = useTexts();
  const server = t('ensembles:server.name', { sid });
  return (
    <Confirm
      title={t('ensembles:wipe.title', { server })}
      lead={t('ensembles:wipe.lead')}
      vanishing={[
        t('ensembles:wipe.data', { server }),
        t(servers.length === 1 ? 'ensembles:wipe.alone' : 'ensembles:wipe.others'),
      ]}
      confirm={t('ensembles:wipe.confirm', { server })}
      failed={t('ensembles:wipe.failed')}
      run={async () => client.ensembles.act({ ensembleId, sid, action: 'wipe' })}
    />
  );
}

export function RemoveServerDialog({
  ensemble: { ensembleId },
  server: { sid, role },
}: {
  readonly ensemble: EnsembleDto;
  readonly server: EnsembleServerDto;
}): ReactNode {
  const t = useTexts();
  const server = t('ensembles:server.name', { sid });
  return (
    <Confirm
      title={t('ensembles:removeServer.title', { server })}
      lead={t('ensembles:removeServer.lead')}
      vanishing={[
        t('ensembles:removeServer.data', { server }),
        ...(role === 'participant' ? [t('ensembles:removeServer.vote')] : []),
      ]}
      confirm={t('ensembles:removeServer.confirm', { server })}
      failed={t('ensembles:removeServer.failed')}
      run={async () => client.ensembles.removeServer({ ensembleId, sid })}
    />
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly lead: string;
  readonly vanishing: readonly string[];
  readonly confirm: string;
  readonly failed: string;
  readonly run: () => Promise<unknown>;
}

function Confirm({ title, lead, vanishing, confirm, failed, run }: ConfirmProps): ReactNode {
  const t = useTexts();
  const running = useMutation({ mutationFn: run, onSuccess: closeEnsembleDialog });
  return (
    <Dialog onClose={closeEnsembleDialog} title={title}>
      <p>{lead}</p>
      <ul className={classes.vanishing}>
        {vanishing.map((what) => (
          <li key={what}>{what}</li>
        ))}
      </ul>
      {running.error !== null && <FailureNotice failure={failureOf(running.error)} attempt={failed} />}
      <div className={classes.actions}>
        <Button
          variant="filled"
          color="red"
          loading={running.isPending}
          onClick={() => {
            running.mutate();
          }}
        >
          {confirm}
        </Button>
        <Button variant="subtle" data-autofocus onClick={closeEnsembleDialog}>
          {t('action.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

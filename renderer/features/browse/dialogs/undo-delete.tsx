/** After a single delete: the line that offers to make the node again, with its data and its ACL. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { selectPath } from '../../../app/workspace.ts';
import { failureSentence } from '../../../components/failure-notice.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { offerUndo, useBrowseState } from '../browse-dialogs.ts';
import classes from './dialogs.module.css';

export function UndoDelete({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const deleted = useBrowseState((state) => state.deleted);
  const undo = useMutation({
    mutationFn: async (node: NonNullable<typeof deleted>) =>
      client.znodes.create({
        connectionId,
        path: node.path,
        data: node.data,
        acl: [...node.acl],
        mode: 'PERSISTENT',
      }),
    onSuccess: ({ path }) => {
      offerUndo(null);
      selectPath(path);
    },
  });
  if (deleted?.connectionId !== connectionId) return null;
  return (
    <div className={classes.undo} role="status">
      <span>
        {undo.error === null
          ? t('browse:remove.deleted')
          : `${t('browse:create.failed')} ${failureSentence(failureOf(undo.error), t)}`}{' '}
        <code>{deleted.path}</code>
      </span>
      <Button
        size="compact-xs"
        loading={undo.isPending}
        onClick={() => {
          undo.mutate(deleted);
        }}
      >
        {t('browse:remove.undo')}
      </Button>
      <IconButton
        icon={X}
        label={t('action.close')}
        onClick={() => {
          offerUndo(null);
        }}
      />
    </div>
  );
}

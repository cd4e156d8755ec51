/** Makes `user:base64(sha1(user:password))` of a user and a password. Nothing is sent to a server. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import { client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import classes from './acl.module.css';

interface DigestDialogProps {
  readonly onClose: () => void;
  readonly onAdd: (id: string) => void;
}

export function DigestDialog({ onClose, onAdd }: DigestDialogProps): ReactNode {
  const t = useTexts();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const digest = useMutation({ mutationFn: async () => client.znodes.digest({ user, password }) });
  const isUserValid = user !== '' && !user.includes(':');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isUserValid) digest.mutate();
  };
  return (
    <Dialog onClose={onClose} title={t('browse:digest.title')}>
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.formText}>{t('browse:digest.text')}</p>
        <TextInput
          data-autofocus
          label={t('browse:digest.user')}
          value={user}
          error={user.includes(':') ? t('browse:digest.colon') : undefined}
          onChange={(event) => {
            setUser(event.currentTarget.value);
            digest.reset();
          }}
        />
        <PasswordInput
          label={t('browse:digest.password')}
          value={password}
          autoComplete="new-password"
          onChange={(event) => {
            setPassword(event.currentTarget.value);
            digest.reset();
          }}
        />
        {digest.error !== null && <FailureNotice failure={failureOf(digest.error)} />}
        {digest.data !== undefined && (
          <div className={classes.digest} role="status">
            <code>{digest.data.id}</code>
            <CopyButton value={digest.data.id} what={t('browse:acl.identity')} />
          </div>
        )}
        <div className={classes.formActions}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          {digest.data === undefined ? (
            <Button type="submit" variant="filled" disabled={!isUserValid} loading={digest.isPending}>
              {t('browse:digest.make')}
            </Button>
          ) : (
            <Button
              variant="filled"
              onClick={() => {
                onAdd(digest.data.id);
              }}
            >
              {t('browse:digest.add')}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

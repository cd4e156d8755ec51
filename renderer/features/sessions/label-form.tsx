/** Gives a client a name: to this session, or to every one of its host. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { SessionDto } from '../../../shared/api/sessions.ts';
import { api, client, queryClient } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { hostOf } from './client-label.ts';
import classes from './session-details.module.css';

interface LabelFormProps {
  readonly connectionId: string;
  readonly session: SessionDto;
  readonly onClose: () => void;
}

const TEXT_LENGTH_MAX = 80;

export function LabelForm({ connectionId, session, onClose }: LabelFormProps): ReactNode {
  const t = useTexts();
  const { label, address, sessionId } = session;
  const [text, setText] = useState(label?.text ?? '');
  const [of, setOf] = useState<'session' | 'host'>(label?.of ?? 'session');
  const save = useMutation({
    mutationFn: async (name: string) => {
      const named = of === 'host' && address !== null ? hostOf(address) : sessionId;
      await client.sessions.label({ connectionId, client: named, text: name });
    },
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: api.sessions.list.key() });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    save.mutate(text.trim());
  };
  return (
    <form className={classes.labelForm} onSubmit={submit}>
      <TextInput
        data-autofocus
        autoFocus
        aria-label={t('sessions:label.name')}
        placeholder={t('sessions:label.placeholder')}
        value={text}
        maxLength={TEXT_LENGTH_MAX}
        spellCheck={false}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      />
      {address !== null && (
        <SegmentedControl
          aria-label={t('sessions:label.of')}
          value={of}
          data={[
            { value: 'session', label: t('sessions:label.session') },
            { value: 'host', label: t('sessions:label.host', { host: hostOf(address) }) },
          ]}
          onChange={(value) => {
            setOf(value === 'host' ? 'host' : 'session');
          }}
        />
      )}
      <div className={classes.formActions}>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {t('sessions:label.save')}
        </Button>
        {label !== null && (
          <Button
            onClick={() => {
              save.mutate('');
            }}
          >
            {t('sessions:label.remove')}
          </Button>
        )}
        <Button variant="subtle" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </div>
      {save.error !== null && (
        <FailureNotice failure={failureOf(save.error)} attempt={t('sessions:label.failed')} />
      )}
    </form>
  );
}

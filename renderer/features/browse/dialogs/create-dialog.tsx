/**
 * Creates a znode: all seven modes with what each means, the path as it will be, and what the server refuses explained
 * where it was typed. What was typed stays when it fails.
 */
import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Failure } from '../../../../shared/api/failure.ts';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';
import { CREATE_MODES, type CreateMode, isEphemeral } from '../../../../shared/protocol/create-mode.ts';
import { api, client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { useConnectionStatus } from '../../../app/connection-status.ts';
import { selectPath } from '../../../app/workspace.ts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { authHasNobody } from '../acl/acl-model.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import {
  ACL_PRESETS,
  type AclPreset,
  type CreateForm,
  TTL_UNITS,
  aclOfPreset,
  findNameProblem,
  needsTtl,
  newCreateForm,
  previewPath,
  ttlMsOf,
} from './create-form.ts';
import classes from './dialogs.module.css';

/** The line of `zoo.cfg` that lets a server keep TTL nodes. */
const TTL_CONFIG_LINE = 'extendedTypesEnabled=true';

const WRAPPER_ORDER: ('label' | 'input' | 'error' | 'description')[] = [
  'label',
  'input',
  'error',
  'description',
];

interface CreateDialogProps {
  readonly connectionId: string;
  readonly parent: string;
  readonly name: string;
  readonly onClose: () => void;
}

export function CreateDialog({ connectionId, parent, name, onClose }: CreateDialogProps): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const status = useConnectionStatus(connectionId);
  const [form, setForm] = useState<CreateForm>(() => ({ ...newCreateForm(parent), name }));
  const [hasTyped, setTyped] = useState(false);
  const { data: parentAcl } = useQuery(
    api.znodes.getAcl.queryOptions({ input: { connectionId, path: form.parent } }),
  );
  const acl = aclOfPreset(form.preset, parentAcl?.acl ?? null);
  const create = useMutation({
    mutationFn: async () => {
      const ttlMs = needsTtl(form.mode) ? ttlMsOf(form) : undefined;
      return client.znodes.create({
        connectionId,
        path: `${form.parent === '/' ? '' : form.parent}/${form.name}`,
        data: form.isNull ? null : encodeUtf8(form.data),
        acl: acl ?? [],
        mode: form.mode,
        ...(ttlMs === undefined ? {} : { ttlMs }),
      });
    },
    onSuccess: ({ path }) => {
      onClose();
      selectPath(path);
    },
  });
  const change = (next: Partial<CreateForm>): void => {
    setForm((before) => ({ ...before, ...next }));
    create.reset();
  };

  const nameProblem = findNameProblem(form);
  const isTtlWrong = needsTtl(form.mode) && ttlMsOf(form) === undefined;
  const isNobody = acl !== null && authHasNobody(acl, status?.identities ?? []);
  const isReady = nameProblem === undefined && !isTtlWrong && acl !== null && !isNobody && guard.isWritable;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTyped(true);
    if (isReady) create.mutate();
  };

  return (
    <Dialog onClose={onClose} size={560} title={t('browse:create.title', { parent })}>
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('browse:create.name')}
          inputWrapperOrder={WRAPPER_ORDER}
          classNames={{ input: classes.mono }}
          value={form.name}
          error={
            hasTyped && nameProblem !== undefined ? t(`browse:create.problem.${nameProblem}`) : undefined
          }
          description={
            <span className={classes.preview}>
              {t('browse:create.preview')} <code>{previewPath(form)}</code>
            </span>
          }
          onChange={(event) => {
            setTyped(true);
            change({ name: event.currentTarget.value });
          }}
        />
        <ModeSelect form={form} sessionId={status?.sessionId ?? null} onChange={change} />
        {needsTtl(form.mode) && <TtlFields form={form} isWrong={isTtlWrong} onChange={change} />}
        <DataFields form={form} onChange={change} />
        <Select
          label={t('browse:create.acl')}
          inputWrapperOrder={WRAPPER_ORDER}
          description={
            isNobody
              ? undefined
              : acl === null
                ? t('browse:create.aclUnknown')
                : t(`browse:create.presetWhat.${form.preset}`)
          }
          error={isNobody ? t('browse:acl.authNobody') : undefined}
          data={ACL_PRESETS.map((value) => ({ value, label: t(`browse:create.preset.${value}`) }))}
          value={form.preset}
          allowDeselect={false}
          onChange={(value) => {
            const preset = ACL_PRESETS.find((known): known is AclPreset => known === value);
            if (preset !== undefined) change({ preset });
          }}
        />
        {create.error !== null && <CreateFailure failure={failureOf(create.error)} mode={form.mode} />}
        <div className={classes.stickyActions}>
          <WriteGuardNote />
          <span className={classes.gap} />
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="filled" disabled={hasTyped && !isReady} loading={create.isPending}>
            {t('browse:create.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  readonly form: CreateForm;
  readonly onChange: (next: Partial<CreateForm>) => void;
}

function ModeSelect({
  form,
  sessionId,
  onChange,
}: FieldsProps & { readonly sessionId: string | null }): ReactNode {
  const t = useTexts();
  return (
    <div>
      <Select
        label={t('browse:create.mode')}
        data={CREATE_MODES.map((value) => ({ value, label: t(`browse:create.modes.${value}`) }))}
        value={form.mode}
        allowDeselect={false}
        maxDropdownHeight={320}
        renderOption={({ option }) => (
          <div className={classes.option}>
            <span>{option.label}</span>
            <span className={classes.optionWhat}>
              {t(`browse:create.modeWhat.${option.value}`, { sessionId: sessionId ?? '' })}
            </span>
          </div>
        )}
        onChange={(value) => {
          const mode = CREATE_MODES.find((known) => known === value);
          if (mode !== undefined) onChange({ mode });
        }}
      />
      <p className={classes.description}>
        {t(`browse:create.modeWhat.${form.mode}`, { sessionId: sessionId ?? '' })}
        {isEphemeral(form.mode) && ` ${t('browse:create.ephemeralChildren')}`}
      </p>
    </div>
  );
}

function TtlFields({ form, isWrong, onChange }: FieldsProps & { readonly isWrong: boolean }): ReactNode {
  const t = useTexts();
  return (
    <div>
      <div className={classes.pair}>
        <TextInput
          label={t('browse:create.ttl')}
          value={form.ttl}
          error={isWrong ? t('browse:create.ttlWrong') : undefined}
          onChange={(event) => {
            onChange({ ttl: event.currentTarget.value });
          }}
        />
        <Select
          label={t('browse:create.ttlUnit')}
          data={TTL_UNITS.map((value) => ({ value, label: t(`browse:create.units.${value}`) }))}
          value={form.ttlUnit}
          allowDeselect={false}
          onChange={(value) => {
            const ttlUnit = TTL_UNITS.find((known) => known === value);
            if (ttlUnit !== undefined) onChange({ ttlUnit });
          }}
        />
      </div>
      <p className={classes.description}>{t('browse:create.ttlWhat')}</p>
    </div>
  );
}

function DataFields({ form, onChange }: FieldsProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.dataFields}>
      <Textarea
        label={t('browse:create.data')}
        classNames={{ input: classes.mono }}
        autosize
        minRows={3}
        maxRows={12}
        disabled={form.isNull}
        value={form.data}
        onChange={(event) => {
          onChange({ data: event.currentTarget.value });
        }}
      />
      <Checkbox
        label={t('browse:create.null')}
        checked={form.isNull}
        onChange={(event) => {
          onChange({ isNull: event.currentTarget.checked });
        }}
      />
    </div>
  );
}

/** Refusals that mean something particular here are explained here. */
function CreateFailure({
  failure,
  mode,
}: {
  readonly failure: Failure;
  readonly mode: CreateMode;
}): ReactNode {
  const t = useTexts();
  const isTtlOff = failure.code === 'UNIMPLEMENTED' && needsTtl(mode);
  return (
    <FailureNotice failure={failure} attempt={t('browse:create.failed')}>
      {isTtlOff && (
        <div className={classes.explain}>
          <p>{t('browse:create.ttlOff')}</p>
          <div className={classes.configLine}>
            <code>{TTL_CONFIG_LINE}</code>
            <CopyButton value={TTL_CONFIG_LINE} what={t('browse:create.configLine')} />
          </div>
        </div>
      )}
      {failure.code === 'NOCHILDRENFOREPHEMERALS' && <p>{t('browse:create.ephemeralParent')}</p>}
    </FailureNotice>
  );
}

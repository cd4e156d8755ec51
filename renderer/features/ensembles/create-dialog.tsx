/** Creates an ensemble: what it is to be, what of that will be regretted, and why it did not start. */
import { Button, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import { ENSEMBLE_SERVERS_MAX, EngineName } from '../../../shared/api/ensembles.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { formatBytes } from '../../app/format.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { type CreateForm, type Hint, NEW_FORM, findProblems, hintsOn, requestOf } from './create-model.ts';
import { chooseEnsemble, closeEnsembleDialog } from './ensemble-choice.ts';
import classes from './dialogs.module.css';

export function CreateEnsembleDialog(): ReactNode {
  const t = useTexts();
  const [form, setForm] = useState(NEW_FORM);
  const { data: defaults } = useQuery({ ...api.ensembles.defaults.queryOptions(), staleTime: 0 });
  const create = useMutation({
    mutationFn: async () => client.ensembles.create(requestOf(form)),
    onSuccess: ({ ensembleId }) => {
      chooseEnsemble(ensembleId);
      closeEnsembleDialog();
    },
  });
  const change = (next: Partial<CreateForm>): void => {
    setForm((before) => ({ ...before, ...next }));
    if (!create.isPending) create.reset();
  };
  const problems = findProblems(form);
  const isReady = Object.keys(problems).length === 0 && !create.isPending;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady) create.mutate();
  };
  return (
    <Dialog onClose={closeEnsembleDialog} size={520} title={t('ensembles:create.title')}>
      <form className={classes.form} noValidate onSubmit={submit}>
        <TextInput
          data-autofocus
          label={t('ensembles:create.name')}
          placeholder={defaults?.name ?? ''}
          maxLength={100}
          value={form.name}
          onChange={(event) => {
            change({ name: event.currentTarget.value });
          }}
        />
        <Counts form={form} isTooMany={problems.servers !== undefined} onChange={change} />
        <EngineFields form={form} onChange={change} />
        <TextInput
          classNames={{ input: classes.mono }}
          label={t('ensembles:create.clientPort')}
          description={t('ensembles:create.clientPortHint')}
          placeholder={String(defaults?.clientPort ?? '')}
          value={form.clientPort}
          error={problems.clientPort === undefined ? undefined : t('ensembles:create.badPort')}
          onChange={(event) => {
            change({ clientPort: event.currentTarget.value });
          }}
        />
        <Textarea
          classNames={{ input: classes.mono }}
          label={t('ensembles:create.config')}
          description={t('ensembles:create.configHint')}
          placeholder={'tickTime=2000\nsyncLimit=5'}
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          value={form.config}
          error={problems.config === undefined ? undefined : t('ensembles:create.badConfig')}
          onChange={(event) => {
            change({ config: event.currentTarget.value });
          }}
        />
        {defaults !== undefined && (
          <Hints hints={hintsOn(form, defaults)} memoryFree={formatBytes(defaults.memoryFreeBytes)} />
        )}
        {create.error !== null && (
          <FailureNotice failure={failureOf(create.error)} attempt={t('ensembles:create.failed')} />
        )}
        <div className={classes.actions}>
          <Button type="submit" variant="filled" disabled={!isReady} loading={create.isPending}>
            {t('ensembles:create.submit', { count: form.servers + form.observers })}
          </Button>
          <Button variant="subtle" onClick={closeEnsembleDialog}>
            {t('action.cancel')}
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

function Counts({ form, isTooMany, onChange }: FieldsProps & { readonly isTooMany: boolean }): ReactNode {
  const t = useTexts();
  const whole = (value: string | number, least: number): number =>
    Math.max(least, Math.trunc(Number(value)) || least);
  return (
    <div className={classes.pair}>
      <NumberInput
        label={t('ensembles:create.servers')}
        min={1}
        max={ENSEMBLE_SERVERS_MAX}
        allowDecimal={false}
        value={form.servers}
        error={isTooMany ? t('ensembles:create.tooMany', { max: ENSEMBLE_SERVERS_MAX }) : undefined}
        onChange={(value) => {
          onChange({ servers: whole(value, 1) });
        }}
      />
      <NumberInput
        label={t('ensembles:create.observers')}
        min={0}
        max={ENSEMBLE_SERVERS_MAX - 1}
        allowDecimal={false}
        value={form.observers}
        onChange={(value) => {
          onChange({ observers: whole(value, 0) });
        }}
      />
    </div>
  );
}

function EngineFields({ form, onChange }: FieldsProps): ReactNode {
  const t = useTexts();
  const labelId = useId();
  return (
    <>
      <div>
        <p id={labelId} className={classes.label}>
          {t('ensembles:create.engine')}
        </p>
        <SegmentedControl
          aria-labelledby={labelId}
          value={form.engine}
          data={EngineName.options.map((engine) => ({
            value: engine,
            label: t(`ensembles:engine.${engine}`),
          }))}
          onChange={(engine) => {
            onChange({ engine: EngineName.parse(engine) });
          }}
        />
        <p className={classes.hint}>{t(`ensembles:engineHint.${form.engine}`)}</p>
      </div>
      {form.engine === 'apache' && (
        <TextInput
          classNames={{ input: classes.mono }}
          label={t('ensembles:create.apacheHome')}
          description={t('ensembles:create.apacheHomeHint')}
          placeholder="/opt/apache-zookeeper-3.8.4-bin"
          spellCheck={false}
          value={form.apacheHome}
          onChange={(event) => {
            onChange({ apacheHome: event.currentTarget.value });
          }}
        />
      )}
    </>
  );
}

function Hints({
  hints,
  memoryFree,
}: {
  readonly hints: readonly Hint[];
  readonly memoryFree: string;
}): ReactNode {
  const t = useTexts();
  if (hints.length === 0) return null;
  return (
    <ul className={classes.hints}>
      {hints.map((hint) => (
        <li key={hint}>{t(`ensembles:hint.${hint}`, { memoryFree })}</li>
      ))}
    </ul>
  );
}

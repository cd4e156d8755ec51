/** The fields of a connection, label beside field, hint below. Nothing is shown that does not work yet. */
import { Checkbox, NumberInput, PasswordInput, SegmentedControl, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import { api } from '../../api/client.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import type { MessageKey } from '../../i18n/i18n.ts';
import classes from './connection-fields.module.css';
import { ColorPicker } from './color-picker.tsx';
import { EnvironmentPicker } from './environment-picker.tsx';
import { useForms } from './form-state.ts';
import { type FormValues, type Problems, splitConnectionString } from './form-values.ts';

interface FieldsProps {
  readonly formId: string;
  readonly values: FormValues;
  readonly problems: Problems;
  /** What an empty name becomes. */
  readonly suggestedName: string;
  readonly secret: ConnectionProfile['secret'];
  /** Zabra runs the server: its address is not the person's to change. */
  readonly isLocal: boolean;
  readonly onChange: (part: Partial<FormValues>) => void;
}

/** Fields that a test's advice leads to, by id. */
export const FIELD_IDS = {
  password: 'connection-password',
  servers: 'connection-servers',
  chroot: 'connection-chroot',
} as const;

export function ConnectionFields(props: FieldsProps): ReactNode {
  const { values, onChange, isLocal, suggestedName } = props;
  const t = useTexts();
  const error = useProblem(props.problems);
  return (
    <>
      <FieldRow label={t('connections:form.name')}>
        {(labelId) => (
          <div className={classes.line}>
            <TextInput
              className={classes.medium}
              aria-labelledby={labelId}
              placeholder={suggestedName}
              value={values.name}
              error={error('name')}
              onChange={(event) => {
                onChange({ name: event.target.value });
              }}
            />
            <ColorPicker
              value={values.color}
              onChange={(color) => {
                onChange({ color });
              }}
            />
          </div>
        )}
      </FieldRow>
      <FieldRow
        label={t('connections:form.environment')}
        hint={t(`connections:firstStart.${values.environment}`)}
      >
        {(labelId) => (
          <EnvironmentPicker
            labelId={labelId}
            value={values.environment}
            onChange={(environment) => {
              onChange({ environment });
            }}
          />
        )}
      </FieldRow>
      <FieldRow
        label={t('connections:form.servers')}
        hint={isLocal ? t('connections:form.serversLocal') : t('connections:form.serversHint')}
      >
        {(labelId) => (
          <Textarea
            id={FIELD_IDS.servers}
            aria-labelledby={labelId}
            classNames={{ input: classes.mono }}
            autosize
            minRows={isLocal ? 1 : 2}
            maxRows={8}
            disabled={isLocal}
            spellCheck={false}
            placeholder="zk-1:2181,zk-2:2181,zk-3:2181"
            value={values.servers}
            error={error('servers')}
            onChange={(event) => {
              onChange(serversChange(event.target.value));
            }}
          />
        )}
      </FieldRow>
      <FieldRow label={t('connections:form.chroot')} hint={t('connections:form.chrootHint')}>
        {(labelId) => (
          <TextInput
            id={FIELD_IDS.chroot}
            className={classes.medium}
            classNames={{ input: classes.mono }}
            aria-labelledby={labelId}
            spellCheck={false}
            value={values.chroot}
            error={error('chroot')}
            onChange={(event) => {
              onChange({ chroot: event.target.value });
            }}
          />
        )}
      </FieldRow>
      <hr className={classes.rule} />
      <AuthFields {...props} />
      <hr className={classes.rule} />
      <TimeoutFields {...props} />
      <FieldRow label={t('connections:form.access')} hint={t('connections:form.readOnlyHint')}>
        {() => (
          <Checkbox
            className={classes.check}
            label={t('connections:form.readOnly')}
            checked={values.isReadOnly}
            onChange={(event) => {
              onChange({ isReadOnly: event.target.checked });
            }}
          />
        )}
      </FieldRow>
      <AdvancedFields {...props} />
    </>
  );
}

/** A pasted connection string brings its chroot along. */
function serversChange(text: string): Partial<FormValues> {
  if (!text.includes('/')) return { servers: text };
  const { servers, chroot } = splitConnectionString(text);
  return { servers, ...(chroot === '' ? {} : { chroot }) };
}

function useProblem(problems: Problems): (field: keyof FormValues) => string | undefined {
  const t = useTexts();
  return (field) => {
    const key: MessageKey | undefined = problems[field];
    return key === undefined ? undefined : t(key);
  };
}

function AuthFields({ formId, values, problems, secret, onChange }: FieldsProps): ReactNode {
  const t = useTexts();
  const error = useProblem(problems);
  const { data: info } = useQuery(api.app.info.queryOptions());
  const isRefused = useForms(({ tests }) => {
    const test = tests[formId];
    const isSame = test?.values.user === values.user && test.values.password === values.password;
    return isSame && test.report?.steps.some(({ finding }) => finding === 'read-no-auth') === true;
  });
  const isDigest = values.authKind === 'digest';
  const secretHint =
    info?.secretStore === 'memory' ? t('connections:form.secretMemory') : t('connections:form.secretSystem');
  const refused = isDigest && isRefused ? t('connections:form.authRefused') : undefined;
  return (
    <FieldRow label={t('connections:form.auth')} hint={isDigest ? secretHint : undefined}>
      {(labelId) => (
        <>
          <SegmentedControl
            aria-labelledby={labelId}
            value={values.authKind}
            onChange={(authKind) => {
              onChange({ authKind });
            }}
            data={[
              { value: 'none' as const, label: t('connections:form.authKinds.none') },
              { value: 'digest' as const, label: t('connections:form.authKinds.digest') },
            ]}
          />
          {isDigest && (
            <div className={classes.credentials}>
              <TextInput
                className={classes.half}
                classNames={{ input: classes.mono }}
                aria-label={t('connections:form.user')}
                placeholder={t('connections:form.user')}
                autoComplete="off"
                spellCheck={false}
                value={values.user}
                error={error('user') ?? refused !== undefined}
                onChange={(event) => {
                  onChange({ user: event.target.value });
                }}
              />
              <PasswordInput
                id={FIELD_IDS.password}
                className={classes.half}
                aria-label={t('connections:form.password')}
                placeholder={
                  secret === 'none' ? t('connections:form.password') : t('connections:form.passwordStored')
                }
                autoComplete="off"
                value={values.password ?? ''}
                error={refused !== undefined}
                visibilityToggleButtonProps={{ 'aria-label': t('connections:form.passwordShown') }}
                onChange={(event) => {
                  onChange({ password: event.target.value });
                }}
              />
            </div>
          )}
          {refused !== undefined && <p className={classes.error}>{refused}</p>}
        </>
      )}
    </FieldRow>
  );
}

function TimeoutFields({ values, problems, onChange }: FieldsProps): ReactNode {
  const t = useTexts();
  const error = useProblem(problems);
  return (
    <FieldRow label={t('connections:form.timeouts')} hint={t('connections:form.timeoutsHint')}>
      {() => (
        <div className={classes.line}>
          <NumberField
            label={t('connections:form.session')}
            unit="ms"
            value={values.sessionTimeoutMs}
            error={error('sessionTimeoutMs')}
            onChange={(sessionTimeoutMs) => {
              onChange({ sessionTimeoutMs });
            }}
          />
          <NumberField
            label={t('connections:form.connect')}
            unit="ms"
            value={values.connectTimeoutMs}
            error={error('connectTimeoutMs')}
            onChange={(connectTimeoutMs) => {
              onChange({ connectTimeoutMs });
            }}
          />
        </div>
      )}
    </FieldRow>
  );
}

const MEGABYTE = 1024 * 1024;

function AdvancedFields({ values, problems, onChange }: FieldsProps): ReactNode {
  const t = useTexts();
  const error = useProblem(problems);
  const regionId = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className={classes.row}>
        <button
          type="button"
          className={classes.disclosure}
          aria-expanded={isOpen}
          aria-controls={regionId}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <ChevronRight size={14} strokeWidth={1.75} aria-hidden className={classes.chevron} />
          {t('connections:form.advanced')}
        </button>
      </div>
      <div id={regionId} hidden={!isOpen}>
        <FieldRow label={t('connections:form.frameMax')} hint={t('connections:form.frameMaxHint')}>
          {(labelId) => (
            <NumberField
              labelId={labelId}
              unit="MB"
              value={values.frameBytesMax / MEGABYTE}
              error={error('frameBytesMax')}
              onChange={(megabytes) => {
                onChange({ frameBytesMax: Math.round(megabytes * MEGABYTE) });
              }}
            />
          )}
        </FieldRow>
        <FieldRow label={t('connections:form.adminPort')} hint={t('connections:form.adminPortHint')}>
          {(labelId) => (
            <NumberInput
              className={classes.short}
              aria-labelledby={labelId}
              placeholder="8080"
              hideControls
              value={values.adminPort ?? ''}
              error={error('adminPort')}
              onChange={(port) => {
                onChange({ adminPort: typeof port === 'number' ? port : null });
              }}
            />
          )}
        </FieldRow>
      </div>
    </>
  );
}

interface NumberFieldProps {
  /** Before the field, or the id of a label elsewhere. */
  readonly label?: string;
  readonly labelId?: string;
  readonly unit: string;
  readonly value: number;
  readonly error: string | undefined;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, labelId, unit, value, error, onChange }: NumberFieldProps): ReactNode {
  const ownId = useId();
  return (
    <span className={classes.number}>
      {label !== undefined && <span id={ownId}>{label}</span>}
      <NumberInput
        className={classes.short}
        classNames={{ input: classes.mono }}
        aria-labelledby={labelId ?? ownId}
        value={value}
        error={error}
        min={0}
        onChange={(next) => {
          // An empty field is not a number yet: 0 is out of every range, and says so.
          onChange(typeof next === 'number' ? next : 0);
        }}
      />
      <span className={classes.unit}>{unit}</span>
    </span>
  );
}

interface FieldRowProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** Gets the id of the label. */
  readonly children: (labelId: string) => ReactNode;
}

function FieldRow({ label, hint, children }: FieldRowProps): ReactNode {
  const labelId = useId();
  return (
    <div className={classes.row}>
      <span id={labelId} className={classes.label}>
        {label}
      </span>
      <div className={classNames(classes.field)}>
        {children(labelId)}
        {hint !== undefined && hint !== '' && <p className={classes.hint}>{hint}</p>}
      </div>
    </div>
  );
}

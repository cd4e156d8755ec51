/**
 * The first start: no connections yet, two ways to get one. An ensemble on this machine is one key away (Enter); a
 * cluster is tested first, and what does not work is explained in Connections, with the form already filled in.
 */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plug, Server } from 'lucide-react';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import type { Environment } from '../../../shared/api/connections.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { startLocalEnsemble } from '../../app/ensembles.ts';
import { openConnection, openView } from '../../app/workspace.ts';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { Mark } from '../../components/mark.tsx';
import { RoleShape } from '../../components/role-badge.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { EnvironmentPicker } from '../connections/environment-picker.tsx';
import {
  NEW_FORM,
  editNewConnection,
  isTestPassed,
  saveForm,
  testForm,
  useForms,
} from '../connections/form-state.ts';
import { NEW_VALUES, splitConnectionString, suggestName } from '../connections/form-values.ts';
import classes from './first-start-view.module.css';

export function FirstStartView(): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.root}>
      <div className={classes.page}>
        <header className={classes.head}>
          <span className={classes.plate}>
            <Mark size={30} />
          </span>
          <div>
            <h1 className={classes.title}>{t('connections:firstStart.title')}</h1>
            <p className={classes.lead}>{t('connections:firstStart.lead')}</p>
          </div>
        </header>
        <div className={classes.choices}>
          <LocalChoice />
          <ClusterChoice />
        </div>
      </div>
    </div>
  );
}

const SERVERS = 3;
/** Who wins an election among equals: the highest number. */
const PICTURED = ['follower', 'follower', 'leader'] as const;

function LocalChoice(): ReactNode {
  const t = useTexts();
  const { data: defaults } = useQuery(api.ensembles.defaults.queryOptions());
  /** How many servers are being started; null for none. */
  const [starting, setStarting] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const start = async (servers: number): Promise<void> => {
    setStarting(servers);
    setFailure(null);
    try {
      await startLocalEnsemble({ servers });
    } catch (error) {
      setFailure(failureOf(error));
      setStarting(null);
    }
  };

  return (
    <section className={classes.card}>
      <h2 className={classes.cardTitle}>
        <Server size={18} strokeWidth={1.75} aria-hidden />
        {t('connections:firstStart.localTitle')}
      </h2>
      <p className={classes.cardText}>{t('connections:firstStart.localText')}</p>
      <div className={classes.picture} aria-hidden>
        {PICTURED.map((role, index) => (
          <span key={role + String(index)} className={classes.server}>
            <RoleShape role={role} />
            server.{index + 1}
          </span>
        ))}
      </div>
      <dl className={classes.facts}>
        <dt>{t('connections:firstStart.address')}</dt>
        <dd>
          <code>
            127.0.0.1{defaults ? `:${defaults.clientPort}–${defaults.clientPort + SERVERS - 1}` : ''}
          </code>
        </dd>
        <dt>{t('connections:firstStart.data')}</dt>
        <dd>{t('connections:firstStart.dataValue')}</dd>
        <dt>{t('connections:firstStart.engine')}</dt>
        <dd>{t('connections:firstStart.engineValue')}</dd>
      </dl>
      {failure && <FailureNotice failure={failure} attempt={t('connections:firstStart.notStarted')} />}
      <div className={classes.actions}>
        <Button
          size="lg"
          variant="filled"
          autoFocus
          loading={starting === SERVERS}
          disabled={starting !== null && starting !== SERVERS}
          onClick={() => void start(SERVERS)}
        >
          {t('connections:firstStart.start')}
        </Button>
        <Button
          size="lg"
          variant="subtle"
          loading={starting === 1}
          disabled={starting !== null && starting !== 1}
          onClick={() => void start(1)}
        >
          {t('connections:firstStart.startOne')}
        </Button>
        <span className={classes.key}>
          <KeyHint shortcut="Enter" />
        </span>
      </div>
    </section>
  );
}

function ClusterChoice(): ReactNode {
  const t = useTexts();
  const environmentId = useId();
  const [text, setText] = useState('');
  const [environment, setEnvironment] = useState<Environment>('dev');
  const [isMissing, setMissing] = useState(false);
  const [isTesting, setTesting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const step = useForms(
    ({ tests }) => tests[NEW_FORM]?.report?.steps.find(({ state }) => state === 'running')?.step,
  );

  const entered = (): typeof NEW_VALUES => {
    const place = splitConnectionString(text);
    return { ...NEW_VALUES, ...place, environment, name: text.trim() === '' ? '' : suggestName(place, []) };
  };

  const testAndConnect = async (): Promise<void> => {
    if (text.trim() === '') {
      setMissing(true);
      return;
    }
    const values = entered();
    setFailure(null);
    setTesting(true);
    const report = await testForm(NEW_FORM, values);
    setTesting(false);
    if (!isTestPassed(report)) {
      editNewConnection(values);
      openView('connections');
      return;
    }
    try {
      const { connectionId } = await saveForm(NEW_FORM, values);
      await openConnection(connectionId);
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void testAndConnect();
  };

  return (
    <form className={classes.card} noValidate onSubmit={onSubmit}>
      <h2 className={classes.cardTitle}>
        <Plug size={18} strokeWidth={1.75} aria-hidden />
        {t('connections:firstStart.connectTitle')}
      </h2>
      <p className={classes.cardText}>{t('connections:firstStart.connectText')}</p>
      <TextInput
        size="lg"
        className={classes.string}
        classNames={{ input: classes.mono }}
        label={t('connections:firstStart.connectionString')}
        placeholder="zk-1:2181,zk-2:2181,zk-3:2181/chroot"
        spellCheck={false}
        autoComplete="off"
        value={text}
        error={isMissing && text.trim() === '' ? t('connections:firstStart.needsServers') : undefined}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <p id={environmentId} className={classes.label}>
        {t('connections:form.environment')}
      </p>
      <div className={classes.environment}>
        <EnvironmentPicker labelId={environmentId} value={environment} onChange={setEnvironment} />
      </div>
      <p className={classes.hint}>{t(`connections:firstStart.${environment}`)}</p>
      {failure && <FailureNotice failure={failure} attempt={t('connections:form.notSaved')} />}
      <div className={classes.actions}>
        <Button size="lg" type="submit" loading={isTesting}>
          {t('connections:firstStart.testAndConnect')}
        </Button>
        {isTesting ? (
          <span role="status" className={classes.step}>
            {step && t('connections:firstStart.testing', { step: t(`connections:test.steps.${step}`) })}
          </span>
        ) : (
          <Button
            size="lg"
            variant="subtle"
            onClick={() => {
              editNewConnection(entered());
              openView('connections');
            }}
          >
            {t('connections:firstStart.more')}
          </Button>
        )}
      </div>
    </form>
  );
}

/**
 * What stands between a person and the present connection. Before there is a session, its state takes the whole
 * content: not open, connecting, refused. Once there was one, the views stay on screen with what they last knew, and a
 * banner says what happened to it: lost and tried again, or expired.
 */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ConnectionProfile, ConnectionStatus } from '../../../shared/api/connections.ts';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import type { Failure } from '../../../shared/api/failure.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failure.ts';
import { Banner } from '../../components/banner.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice, failureCode, failureSentence } from '../../components/failure-notice.tsx';
import { FirstStartView } from '../../features/first-start/first-start-view.tsx';
import { editConnection } from '../../features/connections/form-state.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { runCommand } from '../commands.ts';
import { useConnectionProfile, useConnectionStatus } from '../connection-status.ts';
import { startAgain, useEnsemble } from '../ensembles.ts';
import { formatCount, formatSessionId, formatTimeOfDay } from '../format.ts';
import { connect, openConnection, openView, useWorkspace } from '../workspace.ts';
import classes from './connection-gate.module.css';

/** Renders `children` once the present connection has had a session. */
export function ConnectionGate({ children }: { readonly children: ReactNode }): ReactNode {
  const profile = useConnectionProfile();
  const status = useConnectionStatus();
  const server = useEnsemble(profile?.ensembleId);
  if (!profile) return <NoConnection />;
  // Zabra knows why this one cannot be reached: no need to guess from refused connections.
  if (server?.state === 'stopped' || server?.state === 'failed')
    return <LocalStopped profile={profile} server={server} />;
  const state = status?.state ?? 'closed';
  switch (state) {
    case 'closed':
      return <NotOpen profile={profile} />;
    case 'connecting':
      return <Connecting profile={profile} status={status} />;
    case 'auth-failed':
      return <AuthFailed profile={profile} status={status} />;
    case 'suspended':
    case 'expired':
    case 'connected':
    case 'connected-read-only':
      return (
        <>
          {status?.state === 'suspended' && <Suspended status={status} />}
          {status?.state === 'expired' && <Expired status={status} />}
          {children}
        </>
      );
  }
}

/** The very first start, or none of several connections chosen yet. */
function NoConnection(): ReactNode {
  const t = useTexts();
  const { data: profiles, error } = useQuery(api.connections.list.queryOptions());
  if (error) return <FailureNotice failure={failureOf(error)} />;
  if (!profiles) return null;
  if (profiles.length === 0) return <FirstStartView />;
  return (
    <EmptyState level={1} title={t('gate.pickTitle')} action={<OpenButtons profiles={profiles} />}>
      {t('gate.pickText')}
    </EmptyState>
  );
}

/** So many connections get a button of their own; the rest are in the list. */
const BUTTONS_MAX = 4;

function OpenButtons({ profiles }: { readonly profiles: readonly ConnectionProfile[] }): ReactNode {
  const t = useTexts();
  return (
    <>
      {profiles.slice(0, BUTTONS_MAX).map(({ connectionId, name }) => (
        <Button key={connectionId} onClick={() => void openConnection(connectionId)}>
          {name}
        </Button>
      ))}
      <Button
        variant="subtle"
        onClick={() => {
          openView('connections');
        }}
      >
        {t('frame.manageConnections')}
      </Button>
    </>
  );
}

interface GateProps {
  readonly profile: ConnectionProfile;
  readonly status: ConnectionStatus | null;
}

function NotOpen({ profile }: { readonly profile: ConnectionProfile }): ReactNode {
  const t = useTexts();
  const failure = useWorkspace((state) => state.openFailures[profile.connectionId] ?? null);
  return (
    <>
      <EmptyState
        level={1}
        title={t('gate.notOpenTitle', { name: profile.name })}
        action={
          <>
            <Button variant="filled" autoFocus onClick={() => void connect(profile.connectionId)}>
              {t('gate.open')}
            </Button>
            <EditButton profile={profile} />
          </>
        }
      >
        {t('gate.notOpenText')}
      </EmptyState>
      {failure && <FailureNotice failure={failure} />}
    </>
  );
}

interface LocalStoppedProps {
  readonly profile: ConnectionProfile;
  readonly server: EnsembleDto;
}

function LocalStopped({ profile, server }: LocalStoppedProps): ReactNode {
  const t = useTexts();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isStarting, setStarting] = useState(false);
  const start = async (): Promise<void> => {
    setStarting(true);
    setFailure(null);
    try {
      await startAgain(server);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setStarting(false);
    }
  };
  const shownFailure = failure ?? server.failure;
  return (
    <>
      <EmptyState
        level={1}
        title={t('gate.localStopped', { name: profile.name })}
        action={
          <Button variant="filled" autoFocus loading={isStarting} onClick={() => void start()}>
            {t('gate.startAgain')}
          </Button>
        }
      >
        {t('gate.localStoppedText')}
      </EmptyState>
      {shownFailure && <FailureNotice failure={shownFailure} />}
    </>
  );
}

function EditButton({ profile }: { readonly profile: ConnectionProfile }): ReactNode {
  const t = useTexts();
  return (
    <Button
      variant="subtle"
      onClick={() => {
        editConnection(profile.connectionId);
        openView('connections');
      }}
    >
      {t('gate.edit')}
    </Button>
  );
}

function Connecting({ profile, status }: GateProps): ReactNode {
  const t = useTexts();
  const attempts = status?.attempts ?? 0;
  return (
    <>
      <EmptyState
        level={1}
        title={t('gate.connectingTitle', { name: profile.name })}
        action={
          <>
            <Button
              onClick={() => {
                runCommand('frame.close');
              }}
            >
              {t('gate.close')}
            </Button>
            <EditButton profile={profile} />
          </>
        }
      >
        <p>
          <code className={classes.servers}>
            {profile.servers}
            {profile.chroot}
          </code>
        </p>
        <p>{t('gate.connectingText')}</p>
        {attempts > 1 && <p>{t('status.attempts', { count: attempts, formatted: formatCount(attempts) })}</p>}
      </EmptyState>
      {status?.failure && (
        <FailureNotice failure={status.failure} tone="warning" attempt={t('gate.lastAttempt')} />
      )}
    </>
  );
}

function AuthFailed({ profile, status }: GateProps): ReactNode {
  const t = useTexts();
  return (
    <>
      <EmptyState
        level={1}
        title={t('gate.authTitle', { name: profile.name })}
        action={
          <>
            <Button
              variant="filled"
              onClick={() => {
                runCommand('frame.reconnect');
              }}
            >
              {t('gate.connectAgain')}
            </Button>
            <EditButton profile={profile} />
          </>
        }
      >
        {t('gate.authText')}
      </EmptyState>
      {status?.failure && <FailureNotice failure={status.failure} />}
    </>
  );
}

function Suspended({ status }: { readonly status: ConnectionStatus }): ReactNode {
  const t = useTexts();
  const { failure, attempts } = status;
  return (
    <Banner
      tone="warning"
      title={t('gate.suspended', { since: formatTimeOfDay(status.sinceMs).slice(0, 8) })}
      action={
        <>
          {attempts > 0 && (
            <span className={classes.attempts}>
              {t('status.attempts', { count: attempts, formatted: formatCount(attempts) })}
            </span>
          )}
          <Button
            size="compact-xs"
            onClick={() => {
              runCommand('frame.reconnect');
            }}
          >
            {t('gate.newSession')}
          </Button>
        </>
      }
    >
      {failure ? (
        <>
          {t('gate.lastAttempt')} {failureSentence(failure, t)} <code>{failureCode(failure)}</code>{' '}
          {failure.server !== undefined && <code>{failure.server}</code>}
        </>
      ) : (
        t('gate.suspendedHint')
      )}
    </Banner>
  );
}

function Expired({ status }: { readonly status: ConnectionStatus }): ReactNode {
  const t = useTexts();
  return (
    <Banner
      tone="danger"
      title={t('gate.expired', {
        session: status.sessionId === null ? '' : formatSessionId(status.sessionId),
      })}
      action={
        <Button variant="filled" onClick={() => void connect(status.connectionId)}>
          {t('gate.newSession')}
        </Button>
      }
    >
      {t('gate.expiredHint')}
    </Banner>
  );
}

/** Which connection is on screen, in which environment; opens the others, and the ways to get one more. */
import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, List, Plus, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConnectionProfile } from '../../../shared/api/connections.ts';
import { api } from '../../api/client.ts';
import { ColorDot } from '../../components/color-dot.tsx';
import { EnvironmentChip } from '../../components/environment-chip.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import { editNewConnection } from '../../features/connections/form-state.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { runCommand } from '../commands.ts';
import { useConnectionProfile, useConnectionStatus, useConnectionStatuses } from '../connection-status.ts';
import { statusWords } from '../status-words.ts';
import { openConnection, openView } from '../workspace.ts';
import classes from './connection-switcher.module.css';

export function ConnectionSwitcher(): ReactNode {
  const t = useTexts();
  const profile = useConnectionProfile();
  const { data: profiles } = useQuery(api.connections.list.queryOptions());
  if (!profiles || profiles.length === 0)
    return <span className={classes.none}>{t('frame.noConnection')}</span>;
  return (
    <Menu position="bottom-start" width={372} withinPortal={false}>
      <Menu.Target>
        <button type="button" className={classes.button}>
          <span className="visually-hidden">{t('frame.switchConnection')}</span>
          {profile ? <PresentConnection profile={profile} /> : t('frame.noConnection')}
          <ChevronDown size={14} strokeWidth={1.75} aria-hidden className={classes.chevron} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.list}>
          {profiles.map((one) => (
            <ConnectionItem key={one.connectionId} profile={one} />
          ))}
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<List size={14} strokeWidth={1.75} />}
          onClick={() => {
            openView('connections');
          }}
        >
          {t('frame.manageConnections')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Plus size={14} strokeWidth={1.75} />}
          onClick={() => {
            editNewConnection();
            openView('connections');
          }}
        >
          {t('frame.newConnection')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Server size={14} strokeWidth={1.75} />}
          onClick={() => {
            runCommand('frame.startLocalEnsemble');
          }}
        >
          {t('frame.startLocalEnsemble')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function PresentConnection({ profile }: { readonly profile: ConnectionProfile }): ReactNode {
  const status = useConnectionStatus(profile.connectionId);
  return (
    <>
      <StatusDot tone={statusWords(status?.state ?? null).tone} />
      <span className={classes.name}>{profile.name}</span>
      <EnvironmentChip environment={profile.environment} />
    </>
  );
}

function ConnectionItem({ profile }: { readonly profile: ConnectionProfile }): ReactNode {
  const t = useTexts();
  const statuses = useConnectionStatuses();
  const state = statuses.find(({ connectionId }) => connectionId === profile.connectionId)?.state ?? null;
  const { labelKey, tone } = statusWords(state);
  return (
    <Menu.Item
      leftSection={<ColorDot color={profile.color} />}
      rightSection={<EnvironmentChip environment={profile.environment} />}
      onClick={() => void openConnection(profile.connectionId)}
    >
      <span className={classes.itemName}>
        {profile.name}
        {state !== null && (
          <span className={classes.itemState}>
            <StatusDot tone={tone} />
            {t(labelKey)}
          </span>
        )}
      </span>
      <span className={classes.itemServers}>
        {profile.servers}
        {profile.chroot}
      </span>
    </Menu.Item>
  );
}

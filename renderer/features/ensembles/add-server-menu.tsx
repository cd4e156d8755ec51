/** One server more, with a vote or without, in the corner of the picture that it will appear in. */
import { Button, Menu, Tooltip } from '@mantine/core';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  ENSEMBLE_SERVERS_MAX,
  type EnsembleDto,
  type EnsembleServerDto,
} from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { act, useIsBusy } from './actions.ts';

const ROLES: readonly EnsembleServerDto['role'][] = ['participant', 'observer'];

export function AddServerMenu({ ensemble }: { readonly ensemble: EnsembleDto }): ReactNode {
  const t = useTexts();
  const { ensembleId } = ensemble;
  const isBusy = useIsBusy(ensembleId, 'add');
  const refusal = refusalOf(ensemble);
  const button = (
    <Button
      leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
      loading={isBusy}
      // A disabled button would swallow the hover that explains it.
      {...(refusal === undefined ? {} : { 'data-disabled': true, 'aria-disabled': true })}
    >
      {t('ensembles:add.server')}
    </Button>
  );
  if (refusal !== undefined) {
    return <Tooltip label={t(`ensembles:add.${refusal}`, { max: ENSEMBLE_SERVERS_MAX })}>{button}</Tooltip>;
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {ROLES.map((role) => (
          <Menu.Item
            key={role}
            onClick={() =>
              void act(ensembleId, 'add', async () => client.ensembles.addServer({ ensembleId, role }))
            }
          >
            {t(`ensembles:add.${role}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

type Refusal = 'full' | 'apache' | 'stopped' | 'alone' | 'fixed';

function refusalOf({ engine, state, servers, hasChangeableServers }: EnsembleDto): Refusal | undefined {
  if (servers.length >= ENSEMBLE_SERVERS_MAX) return 'full';
  if (hasChangeableServers) return undefined;
  if (engine === 'apache') return 'apache';
  if (state !== 'running') return 'stopped';
  return servers.length === 1 ? 'alone' : 'fixed';
}

/** What the ensemble does, in a sentence, and what can be done to it as a whole. */
import { Button, Menu } from '@mantine/core';
import { ArrowUpRight, ChevronDown, Play, Skull, Split, Square, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { EnsembleDto, EnsembleLiveDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { StatusDot } from '../../components/status-dot.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { act, openWorkspace, useIsBusy } from './actions.ts';
import { slownessOf } from './conditions.ts';
import { openEnsembleDialog } from './ensemble-choice.ts';
import { isWhole, partitionChoices } from './partition.ts';
import { type Verdict, judgeEnsemble, leaderOf, toneOf } from './verdict.ts';
import classes from './ensembles.module.css';

interface EnsembleHeaderProps {
  readonly ensemble: EnsembleDto;
  readonly live: EnsembleLiveDto | null;
}

export function EnsembleHeader({ ensemble, live }: EnsembleHeaderProps): ReactNode {
  const t = useTexts();
  const verdict = judgeEnsemble(ensemble, live);
  const tone = toneOf(verdict);
  return (
    <PaneHeader
      title={ensemble.name}
      detail={
        <span role="status" className={classes.verdict} data-tone={tone}>
          <StatusDot tone={tone} />
          {verdictText(verdict, t)}
        </span>
      }
    >
      <Levers ensemble={ensemble} live={live} />
    </PaneHeader>
  );
}

function verdictText(verdict: Verdict, t: Texts): string {
  switch (verdict.kind) {
    case 'partitioned':
      return verdict.leader === null
        ? t('ensembles:verdict.partitionedNobody', { sides: verdict.sides })
        : t('ensembles:verdict.partitioned', { sides: verdict.sides, leader: verdict.leader });
    case 'serving':
      return t('ensembles:verdict.serving', { leader: verdict.leader, epoch: verdict.epoch ?? '-' });
    case 'no-quorum':
      return t('ensembles:verdict.noQuorum', { running: verdict.running, voters: verdict.voters });
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'failed':
    case 'asking':
    case 'standalone':
    case 'electing':
      return t(`ensembles:verdict.${verdict.kind}`);
  }
}

function Levers({ ensemble, live }: EnsembleHeaderProps): ReactNode {
  const t = useTexts();
  const { ensembleId, servers, links, state } = ensemble;
  const areSomeStopped = servers.some(({ process }) => process === 'stopped');
  const isSomethingThere = servers.some(({ process }) => process !== 'stopped');
  const areLinksChanged = links.some((link) => !isWhole(link) || slownessOf(link) !== undefined);
  const isStarting = useIsBusy(ensembleId, 'start');
  const leader = leaderOf(live);
  return (
    <>
      {(areSomeStopped || state === 'starting') && (
        <Button
          leftSection={<Play size={14} strokeWidth={1.75} aria-hidden />}
          variant={isSomethingThere ? 'default' : 'filled'}
          loading={isStarting || state === 'starting'}
          onClick={() => void act(ensembleId, 'start', async () => client.ensembles.start({ ensembleId }))}
        >
          {t('ensembles:lever.startAll')}
        </Button>
      )}
      {isSomethingThere && (
        <Button
          leftSection={<Square size={14} strokeWidth={1.75} aria-hidden />}
          loading={state === 'stopping'}
          onClick={() => void act(ensembleId, 'stop', async () => client.ensembles.stop({ ensembleId }))}
        >
          {t('ensembles:lever.stopAll')}
        </Button>
      )}
      {links.length > 0 && <PartitionMenu ensemble={ensemble} leader={leader} />}
      {links.length > 0 && (
        <Button
          leftSection={<Skull size={14} strokeWidth={1.75} aria-hidden />}
          disabled={leader === undefined}
          onClick={() =>
            void act(ensembleId, 'kill leader', async () => client.ensembles.killLeader({ ensembleId }))
          }
        >
          {t('ensembles:lever.killLeader')}
        </Button>
      )}
      {areLinksChanged && (
        <Button
          variant="filled"
          onClick={() => void act(ensembleId, 'heal', async () => client.ensembles.healLinks({ ensembleId }))}
        >
          {t('ensembles:lever.healLinks')}
        </Button>
      )}
      {isSomethingThere && (
        <Button
          leftSection={<ArrowUpRight size={14} strokeWidth={1.75} aria-hidden />}
          variant={areLinksChanged || areSomeStopped ? 'default' : 'filled'}
          onClick={() => void openWorkspace(ensemble)}
        >
          {t('ensembles:lever.openWorkspace')}
        </Button>
      )}
      <IconButton
        icon={Trash2}
        label={t('ensembles:lever.remove')}
        onClick={() => {
          openEnsembleDialog({ kind: 'remove', ensembleId });
        }}
      />
    </>
  );
}

function PartitionMenu({
  ensemble: { ensembleId, servers },
  leader,
}: {
  readonly ensemble: EnsembleDto;
  readonly leader: number | undefined;
}): ReactNode {
  const t = useTexts();
  const sids = servers.map(({ sid }) => sid);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          leftSection={<Split size={14} strokeWidth={1.75} aria-hidden />}
          rightSection={<ChevronDown size={14} strokeWidth={1.75} aria-hidden />}
        >
          {t('ensembles:lever.partition')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {partitionChoices(servers, leader).map(({ kind, group }) => (
          <Menu.Item
            key={kind}
            rightSection={
              <code className={classes.sides}>
                {group.join(' ')} | {sids.filter((sid) => !group.includes(sid)).join(' ')}
              </code>
            }
            onClick={() =>
              void act(ensembleId, 'partition', async () =>
                client.ensembles.partition({ ensembleId, groups: [[...group]] }),
              )
            }
          >
            {t(`ensembles:partition.${kind}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <p className={classes.menuHint}>{t('ensembles:partition.hint')}</p>
      </Menu.Dropdown>
    </Menu>
  );
}

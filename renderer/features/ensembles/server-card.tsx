/** One server in the picture: what it is, how far it is, and what can be done to it. */
import { Menu, Tooltip } from '@mantine/core';
import {
  Ellipsis,
  Eraser,
  type LucideIcon,
  Pause,
  Play,
  Power,
  RotateCw,
  Skull,
  TriangleAlert,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type {
  EnsembleDto,
  EnsembleServerDto,
  LiveServerDto,
  ServerAction,
} from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { formatBytes, formatMs, formatZxidHex } from '../../app/format.ts';
import { useLanguage } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { act, useIsBusy } from './actions.ts';
import { areUsual, formatSkew } from './conditions.ts';
import { openEnsembleDialog } from './ensemble-choice.ts';
import type { Box } from './layout.ts';
import { ServerBadge, lookOf } from './server-look.tsx';
import classes from './server-card.module.css';

interface ServerCardProps {
  readonly ensemble: EnsembleDto;
  readonly server: EnsembleServerDto;
  readonly live: LiveServerDto | undefined;
  readonly box: Box;
  readonly isCompact: boolean;
}

export function ServerCard({ ensemble, server, live, box, isCompact }: ServerCardProps): ReactNode {
  const t = useTexts();
  const look = lookOf(server, live);
  const name = t('ensembles:server.name', { sid: server.sid });
  return (
    <section
      aria-label={name}
      className={classNames(classes.card, isCompact && classes.compact)}
      data-look={look}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <header className={classes.head}>
        <h3 className={classes.name}>{name}</h3>
        <ServerBadge look={look} />
        <code className={classes.port}>:{server.clientPort}</code>
      </header>
      <Facts server={server} live={live} isCompact={isCompact} />
      <Conditions server={server} isCompact={isCompact} />
      <div className={classes.actions}>
        <Actions ensemble={ensemble} server={server} isCompact={isCompact} />
      </div>
    </section>
  );
}

type FactsProps = Pick<ServerCardProps, 'server' | 'live' | 'isCompact'>;

function Facts({ server, live, isCompact }: FactsProps): ReactNode {
  const t = useTexts();
  if (server.process === 'stopped') {
    return (
      <p className={classes.note} title={server.failure ?? undefined}>
        {server.failure ?? t('ensembles:server.stoppedNote')}
      </p>
    );
  }
  const zxid = live?.lastCommitted ?? live?.lastLogged ?? null;
  const epoch = live?.currentEpoch ?? null;
  const epochText =
    epoch === null || live?.mode !== 'looking' || live.logicalClock === null
      ? (epoch ?? '-')
      : t('ensembles:server.epochAndRound', { epoch, round: live.logicalClock });
  return (
    <dl className={classes.facts}>
      {!isCompact && (
        <>
          <dt>zab</dt>
          <dd data-zab={live?.zabState ?? live?.peerState ?? undefined}>
            {live?.zabState ?? live?.peerState ?? '-'}
          </dd>
          <dt>{t('ensembles:server.epoch')}</dt>
          <dd>{epochText}</dd>
        </>
      )}
      <dt>zxid</dt>
      <dd>{zxid === null ? '-' : formatZxidHex(zxid)}</dd>
      {!isCompact && (
        <>
          <dt>pid</dt>
          <dd>
            {server.pid ?? '-'}
            {live?.rssBytes !== null && live?.rssBytes !== undefined && (
              <span className={classes.memory}>{formatBytes(live.rssBytes)}</span>
            )}
          </dd>
        </>
      )}
    </dl>
  );
}

/** What its disk and its clock do that they should not; on a small card only that they do. */
function Conditions({ server: { conditions }, isCompact }: Omit<FactsProps, 'live'>): ReactNode {
  const t = useTexts();
  const language = useLanguage();
  if (conditions === null || areUsual(conditions)) return null;
  const { syncDelayMs, isDiskFull, clockSkewMs } = conditions;
  const text = [
    ...(isDiskFull ? [t('ensembles:server.diskFull')] : []),
    ...(syncDelayMs > 0 ? [t('ensembles:server.diskSlow', { delay: formatMs(syncDelayMs) })] : []),
    ...(clockSkewMs === 0 ? [] : [t('ensembles:server.clock', { skew: formatSkew(clockSkewMs, language) })]),
  ].join(', ');
  return (
    <p className={classes.conditions} title={text}>
      <TriangleAlert size={12} strokeWidth={2} aria-hidden />
      <span className={isCompact ? classes.hiddenText : undefined}>{text}</span>
    </p>
  );
}

const ICONS: Readonly<Record<ServerAction, LucideIcon>> = {
  start: Play,
  stop: Power,
  restart: RotateCw,
  kill: Skull,
  pause: Pause,
  resume: Play,
  wipe: Eraser,
};

/** What makes sense now, the most likely first. */
function actionsFor({ process }: EnsembleServerDto): {
  readonly shown: readonly ServerAction[];
  readonly more: readonly ServerAction[];
} {
  switch (process) {
    case 'stopped':
      return { shown: ['start', 'wipe'], more: [] };
    case 'paused':
      return { shown: ['resume', 'kill'], more: ['stop'] };
    case 'starting':
      return { shown: ['kill'], more: ['stop'] };
    case 'running':
      return { shown: ['pause', 'stop', 'kill'], more: ['restart'] };
  }
}

type ActionsProps = Pick<ServerCardProps, 'ensemble' | 'server' | 'isCompact'>;

function Actions({ ensemble, server, isCompact }: ActionsProps): ReactNode {
  const { shown, more } = actionsFor(server);
  const Action = isCompact ? ActionIcon : ActionButton;
  return (
    <>
      {shown.map((action) => (
        <Action key={action} ensemble={ensemble} sid={server.sid} action={action} />
      ))}
      <MoreMenu ensemble={ensemble} server={server} actions={more} />
    </>
  );
}

interface MoreMenuProps extends Pick<ServerCardProps, 'ensemble' | 'server'> {
  readonly actions: readonly ServerAction[];
}

function MoreMenu({ ensemble, server, actions }: MoreMenuProps): ReactNode {
  const t = useTexts();
  const { ensembleId, hasChangeableServers } = ensemble;
  const { sid, conditions } = server;
  if (actions.length === 0 && conditions === null && !hasChangeableServers) return null;
  const name = t('ensembles:server.name', { sid });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon={Ellipsis} label={t('ensembles:server.more', { name })} />
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action}
            onClick={() => {
              pull(ensemble, sid, action);
            }}
          >
            {t(`ensembles:action.${action}`)}
          </Menu.Item>
        ))}
        {conditions !== null && (
          <Menu.Item
            onClick={() => {
              openEnsembleDialog({ kind: 'conditions', ensembleId, sid });
            }}
          >
            {t('ensembles:server.conditions')}
          </Menu.Item>
        )}
        {hasChangeableServers && (
          <Menu.Item
            color="red"
            onClick={() => {
              openEnsembleDialog({ kind: 'remove-server', ensembleId, sid });
            }}
          >
            {t('ensembles:server.remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function pull({ ensembleId }: EnsembleDto, sid: number, action: ServerAction): void {
  if (action === 'wipe') {
    openEnsembleDialog({ kind: 'wipe', ensembleId, sid });
    return;
  }
  void act(ensembleId, `${action} ${sid}`, async () => client.ensembles.act({ ensembleId, sid, action }));
}

interface ActionProps {
  readonly ensemble: EnsembleDto;
  readonly sid: number;
  readonly action: ServerAction;
}

function ActionButton({ ensemble, sid, action }: ActionProps): ReactNode {
  const t = useTexts();
  const isBusy = useIsBusy(ensemble.ensembleId, `${action} ${sid}`);
  const Icon = ICONS[action];
  return (
    <Tooltip label={t(`ensembles:actionHint.${action}`)}>
      <button
        type="button"
        className={classNames(classes.action, action === 'kill' && classes.dangerous)}
        aria-label={t('ensembles:actionOf', {
          action: t(`ensembles:action.${action}`),
          name: t('ensembles:server.name', { sid }),
        })}
        aria-busy={isBusy}
        disabled={isBusy}
        onClick={() => {
          pull(ensemble, sid, action);
        }}
      >
        <Icon size={12} strokeWidth={1.75} aria-hidden />
        {t(`ensembles:action.${action}`)}
      </button>
    </Tooltip>
  );
}

function ActionIcon({ ensemble, sid, action }: ActionProps): ReactNode {
  const t = useTexts();
  const isBusy = useIsBusy(ensemble.ensembleId, `${action} ${sid}`);
  return (
    <IconButton
      icon={ICONS[action]}
      label={t('ensembles:actionOf', {
        action: t(`ensembles:action.${action}`),
        name: t('ensembles:server.name', { sid }),
      })}
      disabled={isBusy}
      onClick={() => {
        pull(ensemble, sid, action);
      }}
    />
  );
}

/** One server as a lane: who it is, then its numbers; or why it has none, and what to do. */
import { List } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import type { HealthFinding } from '../../../shared/api/health.ts';
import { readServerVersion } from '../../app/server-version.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { failureCode } from '../../components/failure-notice.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { RoleBadge, type SeenRole } from '../../components/role-badge.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { type LaneHistory, LaneMetrics } from './lane-metrics.tsx';
import classes from './cluster.module.css';

interface ServerLaneProps {
  readonly server: ServerDto;
  /** The epoch of the newest zxid of all servers; null when nobody tells one. */
  readonly newestEpoch: number | null;
  readonly history: LaneHistory;
  /** What the rules say of this server. */
  readonly findings: readonly HealthFinding[];
  readonly isSelected: boolean;
  readonly onOpen: () => void;
}

export function ServerLane(props: ServerLaneProps): ReactNode {
  const { server, newestEpoch, history, findings, isSelected, onOpen } = props;
  const t = useTexts();
  const role = seenRole(server);
  return (
    <li
      className={classNames(classes.lane, role !== null && classes[role], isSelected && classes.selectedLane)}
      aria-label={t('cluster:lane.label', { server: server.server })}
    >
      <Identity server={server} role={role} />
      {server.failure !== null ? (
        <Unreachable server={server} />
      ) : server.isServing ? (
        <LaneMetrics server={server} newestEpoch={newestEpoch} history={history} findings={findings} />
      ) : (
        <div className={classes.reason}>
          <p>{t('cluster:lane.looking')}</p>
          <p className={classes.next}>{t('cluster:lane.lookingNext')}</p>
        </div>
      )}
      <div className={classes.laneEnd}>
        <IconButton
          icon={List}
          label={t('cluster:lane.details', { server: server.server })}
          isOn={isSelected}
          onClick={onOpen}
        />
      </div>
    </li>
  );
}

/** What is seen of a server, where it does not say a role; null when it serves and does not say which. */
function seenRole({ failure, isServing, role }: ServerDto): SeenRole | null {
  if (failure !== null) return 'down';
  return isServing ? role : 'looking';
}

function Identity({
  server,
  role,
}: {
  readonly server: ServerDto;
  readonly role: SeenRole | null;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const facts = [
    server.version === null ? null : versionText(server.version, t('builtin')),
    server.uptimeMs === null ? null : t('cluster:lane.up', { duration: format.duration(server.uptimeMs) }),
    server.sid === null ? null : t('cluster:lane.sid', { sid: server.sid }),
  ].filter((fact) => fact !== null);
  return (
    <div className={classes.identity}>
      <p className={classes.name}>
        <code>{server.server}</code>
      </p>
      {role !== null && <RoleBadge role={role} />}
      <p className={classes.facts} title={server.version ?? undefined}>
        {facts.join(', ')}
      </p>
    </div>
  );
}

function versionText(version: string, builtin: string): string {
  const { number, isBuiltin } = readServerVersion(version);
  return isBuiltin ? `${number} ${builtin}` : number;
}

function Unreachable({ server: { failure } }: { readonly server: ServerDto }): ReactNode {
  const t = useTexts();
  if (failure === null) return null;
  return (
    <div className={classes.reason}>
      <p>
        {t(`failures:code.${failure.code}.what`)} <code>{failureCode(failure)}</code>
      </p>
      <p className={classes.next}>{t(`failures:code.${failure.code}.next`)}</p>
    </div>
  );
}

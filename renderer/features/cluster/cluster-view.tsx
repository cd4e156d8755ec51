/** The Cluster view: an answer first, then a lane a server, then what the servers hide. Works without a session. */
import { type ReactNode, useState } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { useFormat, useNow } from '../../app/use-format.ts';
import { useWorkspace } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { Answer } from './cluster-answer.tsx';
import { HiddenNotice } from './hidden-notice.tsx';
import { groupHidden } from './hidden-words.ts';
import type { SampleHistory } from './sample-history.ts';
import { ServerLane } from './server-lane.tsx';
import { ServerValues } from './server-values.tsx';
import { useCluster } from './use-cluster.ts';
import { judgeCluster } from './verdict.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import classes from './cluster.module.css';

export function ClusterView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <ClusterOf key={connectionId} connectionId={connectionId} />;
}

function ClusterOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const { history, failure } = useCluster(connectionId);
  const [selected, setSelected] = useState<string | null>(null);
  const { latest } = history;
  const selectedServer = latest?.servers.find(({ server }) => server === selected);

  return (
    <section
      className={classes.root}
      aria-label={t('cluster:title')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setSelected(null);
      }}
    >
      <div className={classes.main}>
        <PaneHeader
          title={t('cluster:title')}
          detail={latest !== null && failure === null && <Answer answer={judgeCluster(latest.servers)} />}
        >
          {latest !== null && <Age atMs={latest.atMs} isStale={failure !== null} />}
        </PaneHeader>
        {failure !== null && (
          <FailureNotice
            failure={failure}
            attempt={t('cluster:failed')}
            tone={latest === null ? 'danger' : 'warning'}
          />
        )}
        {latest === null ? (
          failure === null && <SkeletonRows count={9} what={t('cluster:loading')} />
        ) : (
          <Lanes
            servers={latest.servers}
            points={history.points}
            connectionId={connectionId}
            isStale={failure !== null}
            selected={selected}
            onSelect={(server) => {
              setSelected((before) => (before === server ? null : server));
            }}
          />
        )}
      </div>
      {selectedServer !== undefined && (
        <ServerValues
          key={selectedServer.server}
          server={selectedServer}
          onClose={() => {
            setSelected(null);
          }}
        />
      )}
    </section>
  );
}

/** How often the servers are asked, or how old the last answer is. */
function Age({ atMs, isStale }: { readonly atMs: number; readonly isStale: boolean }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const nowMs = useNow();
  return (
    <span className={isStale ? classes.staleAge : classes.age}>
      {isStale ? t('cluster:stale', { ago: format.duration(nowMs - atMs) }) : t('cluster:sampled')}
    </span>
  );
}

interface LanesProps extends Pick<SampleHistory, 'points'> {
  readonly connectionId: string;
  readonly servers: readonly ServerDto[];
  readonly isStale: boolean;
  readonly selected: string | null;
  readonly onSelect: (server: string) => void;
}

function Lanes({ connectionId, servers, points, isStale, selected, onSelect }: LanesProps): ReactNode {
  const t = useTexts();
  if (servers.length === 0) {
    return <EmptyState title={t('cluster:empty.title')}>{t('cluster:empty.text')}</EmptyState>;
  }
  return (
    <div className={classes.content}>
      <ul className={classNames(classes.lanes, isStale && classes.stale)}>
        {servers.toSorted(bySid).map((server) => (
          <ServerLane
            key={server.server}
            server={server}
            servers={servers}
            points={points.get(server.server) ?? []}
            isSelected={selected === server.server}
            onOpen={() => {
              onSelect(server.server);
            }}
          />
        ))}
      </ul>
      <WhatIfPanel connectionId={connectionId} servers={servers} />
      <HiddenNotice groups={noticesOf(servers)} />
    </div>
  );
}

/** The order in which a person counts them; those that do not say their sid stay where the connection names them. */
function bySid(a: ServerDto, b: ServerDto): number {
  return (a.sid ?? Infinity) - (b.sid ?? Infinity) || 0;
}

/** A lane says itself that its server does not answer or serve. */
function noticesOf(servers: readonly ServerDto[]): ReturnType<typeof groupHidden> {
  return groupHidden(servers.flatMap(({ hidden }) => hidden)).filter(
    ({ reason }) => reason === 'whitelist' || reason === 'not-understood',
  );
}

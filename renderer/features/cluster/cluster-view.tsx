/**
 * The Cluster view: an answer first, then a lane a server, then what the health rules found beside a chart of one metric. Works
 * without a session, without a quorum, and with servers that cannot be reached.
 */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ClusterSample, ServerDto } from '../../../shared/api/cluster.ts';
import { HISTORY_RANGES, type HistoryMetric, HistoryRange } from '../../../shared/api/cluster-history.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';
import { useFormat, useNow } from '../../app/use-format.ts';
import { useWorkspace } from '../../app/workspace.ts';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureNotice } from '../../components/failure-notice.tsx';
import { PaneHeader } from '../../components/pane-header.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { ChartPane } from './chart-pane.tsx';
import { Answer } from './cluster-answer.tsx';
import { chooseRange, useClusterChoice } from './cluster-choice.ts';
import { FindingsPane } from './findings-pane.tsx';
import { HiddenNotice } from './hidden-notice.tsx';
import { groupHidden } from './hidden-words.ts';
import { spanOf } from './history-points.ts';
import { Reigns } from './reigns.tsx';
import { ServerLane } from './server-lane.tsx';
import { ServerValues } from './server-values.tsx';
import { type PolledCluster, useCluster } from './use-cluster.ts';
import { judgeCluster } from './verdict.ts';
import { WhatIfPanel } from './what-if-panel.tsx';
import classes from './cluster.module.css';

export function ClusterView(): ReactNode {
  const connectionId = useWorkspace((state) => state.connectionId);
  return connectionId === null ? null : <ClusterOf key={connectionId} connectionId={connectionId} />;
}

function ClusterOf({ connectionId }: { readonly connectionId: string }): ReactNode {
  const t = useTexts();
  const { range } = useClusterChoice();
  const { sample, points, failure } = useCluster(connectionId, range);
  const [selected, setSelected] = useState<string | null>(null);
  const selectedServer = sample?.servers.find(({ server }) => server === selected);

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
          detail={sample !== null && failure === null && <Answer answer={judgeCluster(sample.servers)} />}
        >
          {sample !== null && <Age atMs={sample.atMs} isStale={failure !== null} />}
          <RangeChoice range={range} />
        </PaneHeader>
        {failure !== null && (
          <FailureNotice
            failure={failure}
            attempt={t('cluster:failed')}
            tone={sample === null ? 'danger' : 'warning'}
          />
        )}
        {sample === null ? (
          failure === null && <SkeletonRows count={9} what={t('cluster:loading')} />
        ) : (
          <Content
            connectionId={connectionId}
            sample={sample}
            points={points}
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

function RangeChoice({ range }: { readonly range: HistoryRange }): ReactNode {
  const t = useTexts();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('cluster:range')}
      value={range}
      data={HistoryRange.options.map((each) => ({
        value: each,
        label: t(`cluster:rangeText.${each}`),
      }))}
      onChange={(chosen) => {
        chooseRange(HistoryRange.parse(chosen));
      }}
    />
  );
}

interface ContentProps extends Pick<PolledCluster, 'points'> {
  readonly connectionId: string;
  readonly sample: ClusterSample;
  readonly isStale: boolean;
  readonly selected: string | null;
  readonly onSelect: (server: string) => void;
}

function Content({ connectionId, sample, points, isStale, selected, onSelect }: ContentProps): ReactNode {
  const t = useTexts();
  const { range, metric } = useClusterChoice();
  const servers = sample.servers.toSorted(bySid);
  if (servers.length === 0) {
    return <EmptyState title={t('cluster:empty.title')}>{t('cluster:empty.text')}</EmptyState>;
  }
  const { lengthMs, stepMs } = HISTORY_RANGES[range];
  const span = spanOf(points, { fromMs: sample.atMs - lengthMs, toMs: sample.atMs });
  const history = { points, span, stepMs, rangeText: t(`cluster:rangeText.${range}`) };
  return (
    <div className={classes.content}>
      <Reigns connectionId={connectionId} />
      <ul className={classNames(classes.lanes, isStale && classes.stale)}>
        {servers.map((server) => (
          <ServerLane
            key={server.server}
            server={server}
            newestEpoch={newestEpochOf(servers)}
            history={history}
            findings={sample.health.findings.filter((finding) => finding.servers.includes(server.server))}
            isSelected={selected === server.server}
            onOpen={() => {
              onSelect(server.server);
            }}
          />
        ))}
      </ul>
      <HiddenNotice groups={noticesOf(servers)} />
      <div className={classes.below}>
        <FindingsPane report={sample.health} servers={servers} />
        <ChartPane
          servers={servers}
          points={points}
          metric={metric ?? worstMetricOf(sample)}
          range={range}
          nowMs={sample.atMs}
        />
      </div>
      <WhatIfPanel connectionId={connectionId} servers={servers} />
    </div>
  );
}

/** What the chart shows until a person chooses: what the worst finding is about. */
function worstMetricOf({ health }: ClusterSample): HistoryMetric {
  return health.findings.find(({ metric }) => metric !== null)?.metric ?? 'latencyMs';
}

/** The order in which a person counts them; those that do not say their sid stay where the connection names them. */
function bySid(a: ServerDto, b: ServerDto): number {
  return (a.sid ?? Infinity) - (b.sid ?? Infinity) || 0;
}

/** Of those who belong together: a server that runs alone has a history of its own. */
function newestEpochOf(servers: readonly ServerDto[]): number | null {
  const epochs = servers.flatMap(({ zxid, role }) =>
    zxid === null || role === 'standalone' ? [] : [zxidEpoch(zxidFromHex(zxid))],
  );
  return epochs.length === 0 ? null : Math.max(...epochs);
}

/** A lane says itself that its server does not answer or serve, and a rule what a whitelist hides. */
function noticesOf(servers: readonly ServerDto[]): ReturnType<typeof groupHidden> {
  return groupHidden(servers.flatMap(({ hidden }) => hidden)).filter(
    ({ reason }) => reason === 'not-understood',
  );
}

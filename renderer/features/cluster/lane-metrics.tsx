/** The numbers of a server that serves. What it does not tell is said with its reason, never shown as zero. */
import { type ReactNode, useMemo } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import type { HistoryMetric, HistoryPoint } from '../../../shared/api/cluster-history.ts';
import type { HealthFinding } from '../../../shared/api/health.ts';
import { zxidEpoch, zxidFromHex } from '../../../shared/zxid.ts';
import { formatBytes, formatCount, formatDecimal, formatZxidHex } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { hiddenReason } from './hidden-words.ts';
import { type Span, maxOf, valuesBySteps } from './history-points.ts';
import { METRIC_LOOKS } from './metric-format.ts';
import { Sparkline } from './sparkline.tsx';
import classes from './cluster.module.css';

/** What a lane knows of the time before. */
export interface LaneHistory {
  readonly points: readonly HistoryPoint[];
  readonly span: Span;
  /** Between two points. */
  readonly stepMs: number;
  /** In words: `15 min`. */
  readonly rangeText: string;
}

interface LaneMetricsProps {
  readonly server: ServerDto;
  /** The epoch of the newest zxid of all servers; null when nobody tells one. */
  readonly newestEpoch: number | null;
  readonly history: LaneHistory;
  readonly findings: readonly HealthFinding[];
}

export function LaneMetrics({ server, newestEpoch, history, findings }: LaneMetricsProps): ReactNode {
  const t = useTexts();
  const isBad = (metric: HistoryMetric): boolean => findings.some((finding) => finding.metric === metric);
  const outstandingMax = maxOf(
    valuesBySteps(history.points, {
      ...history.span,
      stepMs: history.stepMs,
      server: server.server,
      metric: 'outstanding',
      count: 1,
    }),
  );
  return (
    <>
      <ZxidMetric server={server} newestEpoch={newestEpoch} isBad={isBad('lag')} />
      <LatencyMetric server={server} history={history} isBad={isBad('latencyMs')} />
      <Metric
        name="outstanding"
        server={server}
        word="srvr"
        value={count(server.outstanding)}
        isBad={isBad('outstanding')}
      >
        {outstandingMax !== null &&
          t('cluster:sub.max', { formatted: formatCount(outstandingMax), range: history.rangeText })}
      </Metric>
      <FsyncMetric server={server} history={history} isBad={isBad('fsyncMs')} />
      <Metric
        name="connections"
        server={server}
        word="srvr"
        value={count(server.connections)}
        isBad={isBad('connections') || isBad('openFiles')}
      >
        <ConnectionLimit server={server} />
      </Metric>
      <Metric
        name="watches"
        server={server}
        word="mntr"
        value={count(server.watchCount)}
        isBad={isBad('watches')}
      >
        {server.watchPaths !== null &&
          t('cluster:sub.paths', { count: server.watchPaths, formatted: formatCount(server.watchPaths) })}
      </Metric>
      <Metric name="znodes" server={server} word="srvr" value={count(server.nodeCount)}>
        {server.dataSizeBytes !== null && formatBytes(server.dataSizeBytes)}
      </Metric>
      <RateMetric server={server} />
    </>
  );
}

function count(value: number | null): string | null {
  return value === null ? null : formatCount(value);
}

type MetricName = 'zxid' | 'outstanding' | 'connections' | 'watches' | 'znodes' | 'requests';
type ChartName = 'latency' | 'fsync';

interface MetricProps {
  readonly name: MetricName;
  readonly server: ServerDto;
  /** The four-letter word that tells it. */
  readonly word: string;
  /** Null when the server does not tell it. */
  readonly value: string | null;
  /** A rule about it fails. */
  readonly isBad?: boolean;
  /** What supports the number. */
  readonly children?: ReactNode;
}

function Metric({ name, server, word, value, isBad = false, children }: MetricProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classNames(classes.metric, classes[name])}>
      <p className={classes.label} title={t(`cluster:metricHint.${name}`)}>
        {t(`cluster:metric.${name}`)}
      </p>
      {value === null ? (
        <Missing server={server} word={word} />
      ) : (
        <>
          <p className={classNames(classes.value, value === '0' && classes.zero, isBad && classes.bad)}>
            {value}
          </p>
          <p className={classes.sub}>{children}</p>
        </>
      )}
    </div>
  );
}

/** "hidden", and under it the word that would tell. */
function Missing({ server, word }: { readonly server: ServerDto; readonly word: string }): ReactNode {
  const t = useTexts();
  const reason = hiddenReason(server.hidden, { server: server.server, word });
  if (reason === undefined) {
    return (
      <p className={classes.missing} title={t('cluster:hidden.notToldHint')}>
        {t('cluster:hidden.notTold')}
      </p>
    );
  }
  return (
    <div title={t(`cluster:hidden.${reason}`, { word })}>
      <p className={classes.missing}>{t('cluster:hidden.value')}</p>
      <p className={classes.sub}>{t('cluster:hidden.needs', { word })}</p>
    </div>
  );
}

function ZxidMetric({
  server,
  newestEpoch,
  isBad,
}: Pick<LaneMetricsProps, 'server' | 'newestEpoch'> & { readonly isBad: boolean }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { role, zxid, syncedFollowers, lag } = server;
  const epoch = zxid === null ? null : zxidEpoch(zxidFromHex(zxid));
  const isOtherEpoch = epoch !== null && newestEpoch !== null && epoch < newestEpoch && role !== 'standalone';
  const parts: string[] = [];
  if (role === 'leader' && syncedFollowers !== null) {
    parts.push(
      t('cluster:sub.followers', { count: syncedFollowers, formatted: formatCount(syncedFollowers) }),
    );
  } else if (isOtherEpoch) {
    parts.push(t('cluster:sub.otherEpoch', { epoch, newest: newestEpoch }));
  } else if (lag !== null) {
    parts.push(
      lag.transactions === 0
        ? t('cluster:sub.inStep')
        : t('cluster:sub.behind', {
            formatted: formatCount(lag.transactions),
            duration: format.duration(lag.ms),
          }),
    );
  }
  return (
    <Metric
      name="zxid"
      server={server}
      word="srvr"
      value={zxid === null ? null : formatZxidHex(zxid)}
      isBad={isBad}
    >
      <span title={isOtherEpoch ? t('cluster:sub.otherEpochHint') : undefined}>{parts}</span>
    </Metric>
  );
}

interface HistoricProps extends Pick<LaneMetricsProps, 'server' | 'history'> {
  readonly isBad: boolean;
}

/** Of the last interval; a server that tells no sums says what is its mean since it started. */
function LatencyMetric(props: HistoricProps): ReactNode {
  const t = useTexts();
  const { latencyMs, moment, mntr } = props.server;
  const tellsSums = mntr?.['zk_cnt_readlatency'] !== undefined;
  const { format } = METRIC_LOOKS.latencyMs;
  const now = moment.latencyMs ?? (tellsSums ? null : (latencyMs?.avg ?? null));
  const latest = now === null ? (latencyMs === null ? null : t('cluster:sub.noRequests')) : format(now);
  return (
    <Chart {...props} name="latency" metric="latencyMs" word="srvr" latest={latest} isIdle={now === null} />
  );
}

function FsyncMetric(props: HistoricProps): ReactNode {
  const t = useTexts();
  const { moment, mntr } = props.server;
  const isTold = mntr?.['zk_cnt_fsynctime'] !== undefined;
  const { fsyncMs } = moment;
  const latest =
    fsyncMs === undefined
      ? isTold
        ? t('cluster:sub.noWrites')
        : null
      : METRIC_LOOKS.fsyncMs.format(fsyncMs);
  return (
    <Chart
      {...props}
      name="fsync"
      metric="fsyncMs"
      word="mntr"
      latest={latest}
      isIdle={fsyncMs === undefined}
    />
  );
}

interface ChartProps extends HistoricProps {
  readonly name: ChartName;
  readonly metric: HistoryMetric;
  readonly word: string;
  /** Null when the server does not tell the metric. */
  readonly latest: string | null;
  readonly isIdle: boolean;
}

/** A step every other pixel; more nobody could see. */
const STEPS_MAX = 106;
const STEP_MS_MIN = 2_000;

function Chart({ name, metric, server, word, history, latest, isIdle, isBad }: ChartProps): ReactNode {
  const t = useTexts();
  const { points, span, stepMs } = history;
  const values = useMemo(() => {
    const count = Math.min(STEPS_MAX, Math.ceil((span.toMs - span.fromMs) / STEP_MS_MIN));
    return valuesBySteps(points, { ...span, stepMs, server: server.server, metric, count });
  }, [points, span, stepMs, server.server, metric]);
  if (latest === null) return <MissingChart name={name} server={server} word={word} />;
  const { format, ceilingMin } = METRIC_LOOKS[metric];
  const max = maxOf(values);
  return (
    <div className={classNames(classes.chart, classes[name])}>
      <p className={classes.label} title={t(`cluster:metricHint.${name}`)}>
        {t(`cluster:metric.${name}`)}
        <span className={classNames(isIdle ? classes.idle : classes.latest, isBad && classes.bad)}>
          {latest}
        </span>
      </p>
      <Sparkline
        values={values}
        ceilingMin={ceilingMin}
        isBad={isBad}
        label={t('cluster:sparkline', {
          name: t(`cluster:metric.${name}`),
          server: server.server,
          duration: history.rangeText,
          now: latest,
          max: max === null ? '–' : format(max),
        })}
      />
    </div>
  );
}

function MissingChart({ name, server, word }: Pick<ChartProps, 'name' | 'server' | 'word'>): ReactNode {
  const t = useTexts();
  const reason = hiddenReason(server.hidden, { server: server.server, word });
  return (
    <div className={classNames(classes.chart, classes[name])}>
      <p className={classes.label} title={t(`cluster:metricHint.${name}`)}>
        {t(`cluster:metric.${name}`)}
      </p>
      <p className={classes.reasonText}>
        {reason === undefined ? t('cluster:hidden.notTold') : t(`cluster:hidden.${reason}`, { word })}
      </p>
    </div>
  );
}

/** What a server limits: connections of one client, where that is configured; else the files of its process. */
function ConnectionLimit({ server }: { readonly server: ServerDto }): ReactNode {
  const t = useTexts();
  const { connectionsPerClientMax: max, openFiles, maxFiles } = server;
  const filesHint =
    openFiles === null
      ? undefined
      : t('cluster:sub.filesOfHint', {
          open: formatCount(openFiles),
          max: maxFiles === null ? '–' : formatCount(maxFiles),
        });
  if (max !== null && max > 0) {
    return <span title={filesHint}>{t('cluster:sub.perClient', { formatted: formatCount(max) })}</span>;
  }
  if (openFiles === null) return null;
  return (
    <span title={filesHint}>
      {t('cluster:sub.files', { count: openFiles, formatted: formatCount(openFiles) })}
    </span>
  );
}

function RateMetric({ server }: { readonly server: ServerDto }): ReactNode {
  const t = useTexts();
  const { requestsPerSecond, readShare } = server.moment;
  if (server.received !== null && requestsPerSecond === undefined) {
    return (
      <Metric name="requests" server={server} word="srvr" value="–">
        {t('cluster:sub.collecting')}
      </Metric>
    );
  }
  return (
    <Metric
      name="requests"
      server={server}
      word="srvr"
      value={requestsPerSecond === undefined ? null : formatDecimal(requestsPerSecond)}
    >
      {readShare !== undefined && t('cluster:sub.reads', { share: METRIC_LOOKS.readShare.format(readShare) })}
    </Metric>
  );
}

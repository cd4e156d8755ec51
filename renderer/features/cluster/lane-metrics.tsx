/** The numbers of a server that serves. What it does not tell is said with its reason, never shown as zero. */
import type { ReactNode } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { formatBytes, formatCount, formatDecimal, formatMs, formatZxidHex } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { hiddenReason } from './hidden-words.ts';
import { type ServerPoint, maxOf, metric } from './sample-history.ts';
import { Sparkline } from './sparkline.tsx';
import { zxidLag } from './zxid-lag.ts';
import classes from './cluster.module.css';

interface LaneMetricsProps {
  readonly server: ServerDto;
  readonly servers: readonly ServerDto[];
  readonly points: readonly ServerPoint[];
}

export function LaneMetrics({ server, servers, points }: LaneMetricsProps): ReactNode {
  const t = useTexts();
  const last = points.at(-1);
  const outstandingMax = maxOf(points.map((point) => point.outstanding));
  return (
    <>
      <ZxidMetric server={server} servers={servers} />
      <LatencyMetric server={server} points={points} />
      <Metric name="outstanding" server={server} word="srvr" value={count(server.outstanding)}>
        {outstandingMax !== null && (
          <span title={t('cluster:sub.maxHint')}>
            {t('cluster:sub.max', { formatted: formatCount(outstandingMax) })}
          </span>
        )}
      </Metric>
      <FsyncMetric server={server} points={points} />
      <Metric name="connections" server={server} word="srvr" value={count(server.connections)}>
        {server.openFiles !== null && (
          <span
            title={
              server.maxFiles === null
                ? t('cluster:sub.filesHint')
                : t('cluster:sub.filesOfHint', { max: formatCount(server.maxFiles) })
            }
          >
            {t('cluster:sub.files', { count: server.openFiles, formatted: formatCount(server.openFiles) })}
          </span>
        )}
      </Metric>
      <Metric name="watches" server={server} word="mntr" value={count(server.watchCount)}>
        {server.ephemeralCount !== null &&
          t('cluster:sub.ephemerals', {
            count: server.ephemeralCount,
            formatted: formatCount(server.ephemeralCount),
          })}
      </Metric>
      <Metric name="znodes" server={server} word="srvr" value={count(server.nodeCount)}>
        {server.dataSizeBytes !== null && formatBytes(server.dataSizeBytes)}
      </Metric>
      <RateMetric server={server} point={last} />
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
  /** What supports the number. */
  readonly children?: ReactNode;
}

function Metric({ name, server, word, value, children }: MetricProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classNames(classes.metric, classes[name])}>
      <p className={classes.label} title={t(`cluster:metricHint.${name}`)}>
        {t(`cluster:metric.${name}`)}
      </p>
      {value === null ? (
        <Missing server={server} word={word} t={t} />
      ) : (
        <>
          <p className={classNames(classes.value, value === '0' && classes.zero)}>{value}</p>
          <p className={classes.sub}>{children}</p>
        </>
      )}
    </div>
  );
}

/** "hidden", and under it the word that would tell. */
function Missing({
  server,
  word,
  t,
}: {
  readonly server: ServerDto;
  readonly word: string;
  readonly t: Texts;
}): ReactNode {
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

function ZxidMetric({ server, servers }: Pick<LaneMetricsProps, 'server' | 'servers'>): ReactNode {
  const t = useTexts();
  const lag = zxidLag(servers, server);
  const parts: ReactNode[] = [];
  if (server.role === 'leader' && server.syncedFollowers !== null) {
    parts.push(
      t('cluster:sub.followers', {
        count: server.syncedFollowers,
        formatted: formatCount(server.syncedFollowers),
      }),
    );
  } else if (lag !== null) {
    parts.push(lagText(lag, t));
  }
  return (
    <Metric
      name="zxid"
      server={server}
      word="srvr"
      value={server.zxid === null ? null : formatZxidHex(server.zxid)}
    >
      <span title={lag?.kind === 'other-epoch' ? t('cluster:sub.otherEpochHint') : undefined}>{parts}</span>
    </Metric>
  );
}

function lagText(lag: NonNullable<ReturnType<typeof zxidLag>>, t: Texts): string {
  switch (lag.kind) {
    case 'newest':
      return t('cluster:sub.newest');
    case 'behind':
      return t('cluster:sub.behind', { formatted: formatCount(lag.transactions) });
    case 'other-epoch':
      return t('cluster:sub.otherEpoch', { epoch: lag.epoch, newest: lag.newestEpoch });
  }
}

/** Below them a line stays low: nobody waits for a millisecond. */
const LATENCY_CEILING_MIN_MS = 10;
const FSYNC_CEILING_MIN_MS = 10;

function LatencyMetric({ server, points }: Pick<LaneMetricsProps, 'server' | 'points'>): ReactNode {
  const values = points.map((point) => point.latencyAvgMs);
  const latest = server.latencyMs?.avg ?? null;
  return (
    <Chart
      name="latency"
      server={server}
      word="srvr"
      values={values}
      points={points}
      latest={latest === null ? null : formatMs(latest)}
      ceilingMin={LATENCY_CEILING_MIN_MS}
    />
  );
}

function FsyncMetric({ server, points }: Pick<LaneMetricsProps, 'server' | 'points'>): ReactNode {
  const t = useTexts();
  const isTold = metric(server, 'zk_cnt_fsynctime') !== null;
  const latest = points.at(-1)?.fsyncAvgMs ?? null;
  const idle = t(points.length < 2 ? 'cluster:sub.collecting' : 'cluster:sub.noWrites');
  return (
    <Chart
      name="fsync"
      server={server}
      word="mntr"
      values={points.map((point) => point.fsyncAvgMs)}
      points={points}
      latest={isTold ? (latest === null ? idle : formatMs(latest)) : null}
      isIdle={latest === null}
      ceilingMin={FSYNC_CEILING_MIN_MS}
    />
  );
}

interface ChartProps {
  readonly name: ChartName;
  readonly server: ServerDto;
  readonly word: string;
  readonly values: readonly (number | null)[];
  readonly points: readonly ServerPoint[];
  /** Null when the server does not tell the metric. */
  readonly latest: string | null;
  readonly isIdle?: boolean;
  readonly ceilingMin: number;
}

function Chart({
  name,
  server,
  word,
  values,
  points,
  latest,
  isIdle = false,
  ceilingMin,
}: ChartProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  if (latest === null) return <MissingChart name={name} server={server} word={word} />;
  const [first] = points;
  const last = points.at(-1);
  const max = maxOf(values);
  return (
    <div className={classNames(classes.chart, classes[name])}>
      <p className={classes.label} title={t(`cluster:metricHint.${name}`)}>
        {t(`cluster:metric.${name}`)}
        <span className={isIdle ? classes.idle : classes.latest}>{latest}</span>
      </p>
      <Sparkline
        values={values}
        ceilingMin={ceilingMin}
        label={t('cluster:sparkline', {
          name: t(`cluster:metric.${name}`),
          server: server.server,
          duration: format.duration(first && last ? last.atMs - first.atMs : 0),
          now: latest,
          max: max === null ? '–' : formatMs(max),
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

function RateMetric({
  server,
  point,
}: {
  readonly server: ServerDto;
  readonly point: ServerPoint | undefined;
}): ReactNode {
  const t = useTexts();
  const rate = point?.requestsPerSecond ?? null;
  const sent = point?.sentPerSecond ?? null;
  if (server.received !== null && rate === null) {
    return (
      <Metric name="requests" server={server} word="srvr" value="–">
        {t('cluster:sub.collecting')}
      </Metric>
    );
  }
  return (
    <Metric name="requests" server={server} word="srvr" value={rate === null ? null : formatDecimal(rate)}>
      {sent !== null && t('cluster:sub.sent', { formatted: formatDecimal(sent) })}
    </Metric>
  );
}

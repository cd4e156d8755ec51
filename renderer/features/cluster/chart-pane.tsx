/** One metric of all servers over the chosen range: which one, who is who, the chart or the same numbers as a table. */
import { Select } from '@mantine/core';
import { ChartLine, Table2 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import {
  HISTORY_METRICS,
  HISTORY_RANGES,
  type HistoryMetric,
  type HistoryPoint,
  type HistoryRange,
} from '../../../shared/api/cluster-history.ts';
import { formatFullTime } from '../../app/format.ts';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { chooseMetric } from './cluster-choice.ts';
import { type ChartColumns, chartColumns, spanOf } from './history-points.ts';
import { METRIC_LOOKS } from './metric-format.ts';
import { TimeChart, seriesColor } from './time-chart.tsx';
import classes from './chart-pane.module.css';

interface ChartPaneProps {
  /** In the order of their colours. */
  readonly servers: readonly ServerDto[];
  readonly points: readonly HistoryPoint[];
  readonly metric: HistoryMetric;
  readonly range: HistoryRange;
  readonly nowMs: number;
}

export function ChartPane({ servers, points, metric, range, nowMs }: ChartPaneProps): ReactNode {
  const t = useTexts();
  const [isTable, setTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const { lengthMs, stepMs } = HISTORY_RANGES[range];
  const span = spanOf(points, { fromMs: nowMs - lengthMs, toMs: nowMs });
  const names = useMemo(() => servers.map(({ server }) => server), [servers]);
  const columns = useMemo(
    () => chartColumns(points, { servers: names, metric, stepMs }),
    [points, names, metric, stepMs],
  );
  const { format, limit, ceilingMin } = METRIC_LOOKS[metric];
  const name = t(`cluster:chart.metric.${metric}`);
  const isEmpty = columns.series.every((values) => values.every((value) => typeof value !== 'number'));

  return (
    <section className={classes.root} aria-label={t('cluster:chart.label', { name })}>
      <header className={classes.head}>
        <Select
          className={classes.metric}
          aria-label={t('cluster:chart.choose')}
          allowDeselect={false}
          value={metric}
          data={HISTORY_METRICS.map((each) => ({ value: each, label: t(`cluster:chart.metric.${each}`) }))}
          onChange={(chosen) => {
            chooseMetric(HISTORY_METRICS.find((each) => each === chosen) ?? metric);
          }}
        />
        <Legend servers={servers} columns={columns} cursor={cursor} format={format} />
        <IconButton
          icon={isTable ? ChartLine : Table2}
          label={t(isTable ? 'cluster:chart.asChart' : 'cluster:chart.asTable')}
          onClick={() => {
            setTable(!isTable);
          }}
        />
      </header>
      {isEmpty ? (
        <p className={classes.none}>{t('cluster:chart.none')}</p>
      ) : isTable ? (
        <PointTable
          names={servers.map((server) => nameOf(server, false))}
          columns={columns}
          format={format}
          label={name}
        />
      ) : (
        <TimeChart
          columns={columns}
          span={span}
          names={names}
          format={format}
          ceilingMin={ceilingMin}
          limit={
            limit === null ? null : { value: limit, label: t('cluster:chart.rule', { limit: format(limit) }) }
          }
          label={t('cluster:chart.described', {
            name,
            count: columns.times.length,
            servers: names.join(', '),
          })}
          onCursor={setCursor}
        />
      )}
    </section>
  );
}

interface LegendProps {
  readonly servers: readonly ServerDto[];
  readonly columns: ChartColumns;
  readonly cursor: number | null;
  readonly format: (value: number) => string;
}

/** Whose line is whose; under the cursor also what it says there, and when. */
function Legend({ servers, columns, cursor, format }: LegendProps): ReactNode {
  const time = cursor === null ? undefined : columns.times[cursor];
  return (
    <div className={classes.legend} aria-live="polite">
      {time !== undefined && (
        <span className={classes.time}>{formatFullTime(time * 1000).slice(11, 19)}</span>
      )}
      {servers.map(({ server, sid }, at) => {
        const value = cursor === null ? undefined : columns.series[at]?.[cursor];
        return (
          <span key={server} className={classes.series} title={server}>
            <span className={classes.swatch} style={{ background: seriesColor(at) }} aria-hidden />
            {nameOf({ server, sid }, cursor !== null)}
            {cursor !== null && <code>{typeof value === 'number' ? format(value) : '–'}</code>}
          </span>
        );
      })}
    </div>
  );
}

/** Beside a value there is room for the number only. */
function nameOf({ server, sid }: Pick<ServerDto, 'server' | 'sid'>, isShort: boolean): string {
  if (sid === null) return server;
  return isShort ? String(sid) : `sid ${sid}`;
}

/** More rows than that nobody reads; the newest are the first. */
const ROWS_MAX = 300;

function PointTable({
  names,
  columns,
  format,
  label,
}: {
  readonly names: readonly string[];
  readonly columns: ChartColumns;
  readonly format: (value: number) => string;
  readonly label: string;
}): ReactNode {
  const t = useTexts();
  const rows = columns.times.map((time, at) => ({ time, at })).slice(-ROWS_MAX);
  return (
    <div className={classes.tableFrame} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('cluster:chart.time')}</th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(({ time, at }) => (
            <tr key={time}>
              <th scope="row">{formatFullTime(time * 1000).slice(11, 19)}</th>
              {names.map((name, column) => {
                const value = columns.series[column]?.[at];
                return <td key={name}>{typeof value === 'number' ? format(value) : '–'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The messages of an election as a table: what the diagram draws, in words, for who reads or listens. */
import { type ReactNode, useMemo, useState } from 'react';
import { formatTimeOfDay } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Diagram, DiagramRow } from './diagram-model.ts';
import { sentenceOf, statementOf } from './election-words.ts';
import type { LeaderLoss } from './leader-loss.ts';
import classes from './election-detail.module.css';

interface NumberedRow {
  readonly index: number;
  readonly row: DiagramRow;
}

export function MessageTable({
  diagram,
  loss,
}: {
  readonly diagram: Diagram;
  readonly loss: LeaderLoss | null;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const [selected, setSelected] = useState<string | null>(null);
  const rows = useMemo(() => diagram.rows.map((row, index) => ({ index, row })), [diagram]);
  const columns = useMemo<readonly Column<NumberedRow>[]>(() => {
    const words = { t, format };
    return [
      {
        id: 'time',
        header: t('election:column.time'),
        width: '108px',
        isMono: true,
        render: ({ row }) => (row.kind === 'message' && row.isImplied ? '' : formatTimeOfDay(row.atMs)),
      },
      {
        id: 'phase',
        header: t('election:column.phase'),
        width: '120px',
        render: ({ row }) => t(`election:phase.${row.phase}`),
      },
      {
        id: 'what',
        header: t('election:column.what'),
        width: 'minmax(320px, 1fr)',
        render: ({ row }) => {
          const statement = statementOf(row, loss, words);
          return <span title={statement}>{statement}</span>;
        },
      },
    ];
  }, [t, format, loss]);
  const chosen = rows.find(({ index }) => String(index) === selected);
  return (
    <div className={classes.table}>
      <DataTable
        label={t('election:diagram.title')}
        columns={columns}
        rows={rows}
        rowKey={({ index }) => String(index)}
        selectedKey={selected}
        onSelect={({ index }) => {
          setSelected(String(index));
        }}
        widthMin={560}
        empty={t('election:diagram.noMessages')}
      />
      <p className={classes.tableDetail}>
        {chosen === undefined ? t('election:diagram.choose') : sentenceOf(chosen.row, loss, { t, format })}
      </p>
    </div>
  );
}

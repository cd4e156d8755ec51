/** The drawer with everything that one server says of itself, `mntr` or `conf`, unchanged, to be searched and copied. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { Search, X } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { ServerDto } from '../../../shared/api/cluster.ts';
import { formatCount } from '../../app/format.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { compareTexts } from '../../components/data-table-model.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import type { Texts } from '../../i18n/i18n.ts';
import { useTexts } from '../../i18n/use-texts.ts';
import { matchingValues } from './matching-values.ts';
import classes from './server-values.module.css';

interface ServerValuesProps {
  readonly server: ServerDto;
  readonly onClose: () => void;
}

const PARTS = ['mntr', 'conf'] as const;
type Part = (typeof PARTS)[number];

type Value = readonly [name: string, value: string];

export function ServerValues({ server, onClose }: ServerValuesProps): ReactNode {
  const t = useTexts();
  const [text, setText] = useState('');
  const columns = useMemo(() => valueColumns(t), [t]);
  const [part, setPart] = useState<Part>('mntr');
  const told = server[part];
  const all = Object.entries(told ?? {});
  const shown = matchingValues(all, text);
  return (
    <aside className={classes.root} aria-label={t('cluster:drawer.label', { server: server.server })}>
      <header className={classes.head}>
        <h2 className={classes.title}>
          <code>{server.server}</code>
        </h2>
        {told !== null && (
          <CopyButton
            value={all.map(([name, value]) => `${name}\t${value}`).join('\n')}
            what={t('cluster:drawer.everything')}
          />
        )}
        <IconButton icon={X} size={16} label={t('cluster:drawer.close')} onClick={onClose} />
      </header>
      <div className={classes.search}>
        <SegmentedControl
          size="xs"
          aria-label={t('cluster:drawer.part')}
          value={part}
          data={PARTS.map((each) => ({ value: each, label: t(`cluster:drawer.parts.${each}`) }))}
          onChange={(chosen) => {
            setPart(PARTS.find((each) => each === chosen) ?? 'mntr');
          }}
        />
      </div>
      {told === null ? (
        <EmptyState title={t(`cluster:drawer.hidden.${part}`)}>
          {t(`cluster:drawer.hiddenText.${part}`)}
        </EmptyState>
      ) : (
        <>
          <div className={classes.search}>
            <TextInput
              aria-label={t('cluster:drawer.search')}
              placeholder={t('cluster:drawer.searchPlaceholder')}
              leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
              value={text}
              spellCheck={false}
              onChange={(event) => {
                setText(event.currentTarget.value);
              }}
            />
            <span className={classes.count}>
              {t('cluster:drawer.count', {
                shown: formatCount(shown.length),
                total: formatCount(all.length),
              })}
            </span>
          </div>
          <DataTable
            label={t('cluster:drawer.label', { server: server.server })}
            columns={columns}
            rows={shown}
            rowKey={nameOf}
            rowHeight={24}
            initialSort={BY_NAME}
            empty={<p className={classes.none}>{t('cluster:drawer.none')}</p>}
          />
        </>
      )}
    </aside>
  );
}

const BY_NAME = { columnId: 'name', isDescending: false };

const nameOf = ([name]: Value): string => name;

function valueColumns(t: Texts): readonly Column<Value>[] {
  return [
    {
      id: 'name',
      header: t('cluster:drawer.name'),
      width: 'minmax(0, 1.7fr)',
      isMono: true,
      compare: ([a], [b]) => compareTexts(a, b),
      render: ([name]) => <span title={name}>{name}</span>,
    },
    {
      id: 'value',
      header: t('cluster:drawer.value'),
      width: 'minmax(0, 1fr)',
      align: 'end',
      isMono: true,
      compare: ([, a], [, b]) => compareTexts(a, b),
      render: ([, value]) => <span title={value}>{value}</span>,
    },
  ];
}

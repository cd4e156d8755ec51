/**
 * The children as a sortable table. Names come from the tree's listing; counts, sizes and owners from summaries, which
 * are read in batches once the table is shown, up to a limit: sorting by size needs them all.
 */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { ZnodeDto, ZnodeSummary } from '../../../../shared/api/znodes.ts';
import { joinPath } from '../../../../shared/path.ts';
import { client } from '../../../api/client.ts';
import { formatCount } from '../../../app/format.ts';
import { selectPath } from '../../../app/workspace.ts';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { compareKnown } from '../../../components/data-table-model.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import { openCreateDialog } from '../browse-dialogs.ts';
import { compareNames } from '../tree/name-order.ts';
import { treeOf, useTreeVersion } from '../tree/use-tree.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { SessionLink } from './session-link.tsx';
import classes from './node.module.css';

interface ChildRow {
  readonly path: string;
  readonly name: string;
  readonly summary: ZnodeSummary | undefined;
}

/** Beyond so many children only names are shown: the rest would cost the cluster a read a child. */
const SUMMARIES_MAX = 5_000;
const BATCH = 500;

interface ChildrenTabProps {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
}

export function ChildrenTab({ connectionId, znode }: ChildrenTabProps): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const tree = treeOf(connectionId);
  const version = useTreeVersion(tree);
  const { path, stat } = znode;
  const [selected, setSelected] = useState<string | null>(null);
  useEffect(() => {
    void tree.ensureChildren(path);
  }, [tree, path, stat.cversion]);

  const names = useMemo(
    () => ({ version, list: [...tree.model.childrenOf(path)] }),
    [tree, path, version],
  ).list;
  const summaries = useSummaries(connectionId, path, names);
  const rows = useMemo(
    () =>
      names.map((name): ChildRow => {
        const child = joinPath(path, name);
        return { path: child, name, summary: summaries.get(child) };
      }),
    [names, path, summaries],
  );
  const columns = useMemo(() => columnsOf(t), [t]);
  const notice = tree.model.noticeOf(path);

  if (stat.numChildren === 0) {
    return (
      <EmptyState
        title={t('browse:children.emptyTitle')}
        action={
          <Button
            disabled={!guard.isWritable || stat.ephemeralOwner !== '0x0'}
            onClick={() => {
              openCreateDialog(path);
            }}
          >
            {t('browse:menu.create')}
          </Button>
        }
      >
        {t(stat.ephemeralOwner === '0x0' ? 'browse:children.emptyText' : 'browse:children.emptyEphemeral')}
      </EmptyState>
    );
  }
  if (names.length === 0 && notice?.kind === 'ask') {
    return (
      <EmptyState
        title={t('browse:children.askTitle', {
          count: stat.numChildren,
          formatted: formatCount(stat.numChildren),
        })}
        action={
          <Button
            onClick={() => {
              tree.loadAnyway(path);
            }}
          >
            {t('browse:tree.loadThem')}
          </Button>
        }
      >
        {t('browse:children.askText')}
      </EmptyState>
    );
  }
  if (names.length === 0) return <SkeletonRows rowHeight={26} what={t('browse:tab.children')} />;
  return (
    <>
      {names.length > SUMMARIES_MAX && (
        <p className={classes.tableNote}>
          {t('browse:children.namesOnly', {
            max: formatCount(SUMMARIES_MAX),
            formatted: formatCount(names.length),
          })}
        </p>
      )}
      <DataTable
        label={t('browse:children.label', { path })}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.path}
        selectedKey={selected}
        onSelect={(row) => {
          setSelected(row.path);
        }}
        onOpen={(row) => {
          selectPath(row.path);
        }}
        initialSort={{ columnId: 'name', isDescending: false }}
        widthMin={560}
      />
    </>
  );
}

function numberOf(row: ChildRow, field: 'numChildren' | 'dataLength' | 'version'): number | null {
  return row.summary?.kind === 'node' ? row.summary[field] : null;
}

function columnsOf(t: Texts): readonly Column<ChildRow>[] {
  const numeric = (field: 'numChildren' | 'dataLength' | 'version'): Column<ChildRow> => ({
    id: field,
    header: field,
    width: '110px',
    align: 'end',
    isMono: true,
    compare: (a, b) => compareKnown(numberOf(a, field), numberOf(b, field)),
    render: (row) => {
      const value = numberOf(row, field);
      if (value === null) return '';
      return <span className={value === 0 ? classes.zero : undefined}>{formatCount(value)}</span>;
    },
  });
  return [
    {
      id: 'name',
      header: t('browse:children.name'),
      width: 'minmax(180px, 1fr)',
      isMono: true,
      compare: (a, b) => compareNames(a.name, b.name),
      render: (row) => (
        <button
          type="button"
          tabIndex={-1}
          className={classes.childName}
          title={row.name}
          onClick={() => {
            selectPath(row.path);
          }}
        >
          {row.name}
        </button>
      ),
    },
    numeric('numChildren'),
    numeric('dataLength'),
    numeric('version'),
    {
      id: 'owner',
      header: 'ephemeralOwner',
      width: '190px',
      isMono: true,
      render: (row) => {
        if (row.summary?.kind === 'denied') return <span className={classes.denied}>NOAUTH</span>;
        if (row.summary?.kind !== 'node' || row.summary.ephemeralOwner === '0x0') return '';
        return <SessionLink sessionId={row.summary.ephemeralOwner} />;
      },
    },
  ];
}

/** Summaries of all children, batch after batch, of at most {@link SUMMARIES_MAX}. */
function useSummaries(
  connectionId: string,
  parent: string,
  names: readonly string[],
): ReadonlyMap<string, ZnodeSummary> {
  const [summaries, setSummaries] = useState<ReadonlyMap<string, ZnodeSummary>>(new Map());
  const key = names.length > SUMMARIES_MAX ? '' : names.join('/');
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    const isOver = (): boolean => abort.signal.aborted;
    const paths = key.split('/').map((name) => joinPath(parent, name));
    const read = async (): Promise<void> => {
      for (let at = 0; at < paths.length && !isOver(); at += BATCH) {
        const batch = await client.znodes.summaries(
          { connectionId, paths: paths.slice(at, at + BATCH) },
          { signal: abort.signal },
        );
        if (isOver()) return;
        setSummaries(
          (before) => new Map([...before, ...batch.map((summary) => [summary.path, summary] as const)]),
        );
      }
    };
    // What could not be read stays blank; the connection's own state says why.
    read().catch(() => undefined);
    return () => {
      abort.abort();
    };
  }, [connectionId, parent, key]);
  return summaries;
}

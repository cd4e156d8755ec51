/**
 * The selected znode: its head, its key facts, and the tabs. One query has data and Stat; watches say when it is read
 * again (tree/use-tree.ts). Old data stays on screen while it is, and when the node goes while one edits it.
 */
import { Button, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileX2 } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { parentPath } from '../../../../shared/path.ts';
import { api } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { useConnectionProfile } from '../../../app/connection-status.ts';
import { formatCount } from '../../../app/format.ts';
import { openView, selectPath } from '../../../app/workspace.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { AclTab } from '../acl/acl-tab.tsx';
import { openCreateDialog } from '../browse-dialogs.ts';
import { DataTab } from '../data/data-tab.tsx';
import { useDraft } from '../data/draft-store.ts';
import { compareDraft } from '../data/edit-state.ts';
import { treeOf } from '../tree/use-tree.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { ChildrenTab } from './children-tab.tsx';
import { GoneDraft } from './gone-draft.tsx';
import { KeyFacts } from './key-facts.tsx';
import { NodeHeader, PathTitle } from './node-header.tsx';
import { StatTab } from './stat-tab.tsx';
import classes from './node.module.css';

interface NodePaneProps {
  readonly connectionId: string;
  readonly path: string;
}

export function NodePane({ connectionId, path }: NodePaneProps): ReactNode {
  const t = useTexts();
  const query = useQuery({
    ...api.znodes.get.queryOptions({ input: { connectionId, path } }),
    // Only the node on screen is watched: one that was left may have changed since.
    refetchOnMount: 'always',
  });
  const draft = useDraft(connectionId, path);
  const failure = query.error === null ? null : failureOf(query.error);
  const isDenied = failure?.code === 'NOAUTH';
  const isRead = query.isSuccess;
  useEffect(() => {
    if (isDenied || isRead) treeOf(connectionId).setDenied(path, isDenied);
  }, [connectionId, path, isDenied, isRead]);
  if (failure?.code === 'NONODE') {
    if (path === '/') return <NoChroot />;
    if (draft !== undefined) return <GoneDraft connectionId={connectionId} path={path} draft={draft} />;
    return <GoneNode path={path} wasThere={query.data !== undefined} />;
  }
  if (query.data === undefined) {
    return (
      <div className={classes.pane}>
        <header className={classes.header}>
          <PathTitle path={path} />
        </header>
        {failure === null ? (
          <SkeletonRows what={path} />
        ) : (
          <>
            <FailureNotice failure={failure}>
              <Button onClick={() => void query.refetch()}>{t('action.retry')}</Button>
            </FailureNotice>
          </>
        )}
      </div>
    );
  }
  return <LoadedNode connectionId={connectionId} znode={query.data} />;
}

type NodeTab = 'data' | 'stat' | 'acl' | 'children';
const TABS: readonly NodeTab[] = ['data', 'stat', 'acl', 'children'];
/** The tab that a person works in stays when another node is selected. */
let lastTab: NodeTab = 'data';

function LoadedNode({
  connectionId,
  znode,
}: {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
}): ReactNode {
  const t = useTexts();
  const [tab, setTab] = useState<NodeTab>(lastTab);
  const draft = useDraft(connectionId, znode.path);
  const edit = compareDraft(znode, draft).state.kind;
  const { data: acl } = useQuery({
    ...api.znodes.getAcl.queryOptions({ input: { connectionId, path: znode.path } }),
    // An edit needs it in case the node is deleted meanwhile and must be made again.
    enabled: tab === 'acl' || draft !== undefined,
  });
  return (
    <Tabs
      className={classes.pane}
      value={tab}
      keepMounted={false}
      onChange={(value) => {
        lastTab = TABS.find((known) => known === value) ?? 'data';
        setTab(lastTab);
      }}
    >
      <NodeHeader connectionId={connectionId} znode={znode} edit={edit} />
      <Tabs.List aria-label={t('browse:tab.label')}>
        <Tabs.Tab
          value="data"
          rightSection={
            edit === 'conflict' ? (
              <span className={classes.tabConflict}>{t('browse:tab.conflict')}</span>
            ) : edit === 'edited' ? (
              <span className={classes.tabDot} role="img" aria-label={t('browse:tree.draft')} />
            ) : null
          }
        >
          {t('browse:tab.data')}
        </Tabs.Tab>
        <Tabs.Tab value="stat">{t('browse:tab.stat')}</Tabs.Tab>
        <Tabs.Tab
          value="acl"
          rightSection={acl && <span className={classes.tabCount}>{acl.acl.length}</span>}
        >
          ACL
        </Tabs.Tab>
        <Tabs.Tab
          value="children"
          rightSection={<span className={classes.tabCount}>{formatCount(znode.stat.numChildren)}</span>}
        >
          {t('browse:tab.children')}
        </Tabs.Tab>
      </Tabs.List>
      {tab !== 'stat' && edit !== 'conflict' && <KeyFacts stat={znode.stat} />}
      <Tabs.Panel value="data" className={classes.panel}>
        <DataTab connectionId={connectionId} znode={znode} />
      </Tabs.Panel>
      <Tabs.Panel value="stat" className={classes.panel}>
        <StatTab stat={znode.stat} />
      </Tabs.Panel>
      <Tabs.Panel value="acl" className={classes.panel}>
        <AclTab connectionId={connectionId} path={znode.path} />
      </Tabs.Panel>
      <Tabs.Panel value="children" className={classes.panel}>
        <ChildrenTab connectionId={connectionId} znode={znode} />
      </Tabs.Panel>
    </Tabs>
  );
}

/** The root of a connection is there, unless it is a chroot that is not. */
function NoChroot(): ReactNode {
  const t = useTexts();
  const chroot = useConnectionProfile()?.chroot ?? '';
  return (
    <div className={classes.pane}>
      <header className={classes.header}>
        <PathTitle path="/" />
      </header>
      <EmptyState
        icon={FileX2}
        title={t('browse:gone.noChroot', { chroot })}
        action={
          <Button
            onClick={() => {
              openView('connections');
            }}
          >
            {t('browse:gone.toConnections')}
          </Button>
        }
      >
        {t('browse:gone.noChrootText', { chroot })}
      </EmptyState>
    </div>
  );
}

function GoneNode({ path, wasThere }: { readonly path: string; readonly wasThere: boolean }): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  return (
    <div className={classes.pane}>
      <header className={classes.header}>
        <PathTitle path={path} />
      </header>
      <EmptyState
        icon={FileX2}
        title={t(wasThere ? 'browse:gone.deleted' : 'browse:gone.missing', { path })}
        action={
          <>
            <Button
              onClick={() => {
                selectPath(parentPath(path));
              }}
            >
              {t('browse:gone.toParent')}
            </Button>
            <Button
              disabled={!guard.isWritable}
              onClick={() => {
                openCreateDialog(parentPath(path), path.slice(path.lastIndexOf('/') + 1));
              }}
            >
              {t('browse:gone.create')}
            </Button>
          </>
        }
      >
        {t(wasThere ? 'browse:gone.deletedText' : 'browse:gone.missingText')}
      </EmptyState>
    </div>
  );
}

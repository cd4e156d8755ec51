/**
 * Deletes znodes, after a look at what would vanish. One node without children is one versioned delete that can be
 * undone; anything with children is a job with progress and cancel. In production one types the name first.
 */
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ZnodeSummary } from '../../../../shared/api/znodes.ts';
import { baseName, isWithin, parentPath } from '../../../../shared/path.ts';
import { api, client } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { useConnectionProfile } from '../../../app/connection-status.ts';
import { formatCount } from '../../../app/format.ts';
import { selectPath } from '../../../app/workspace.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { Dialog, TakeFocus } from '../../../components/dialog.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { offerUndo } from '../browse-dialogs.ts';
import { draftOf } from '../data/draft-store.ts';
import { treeOf } from '../tree/use-tree.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import { NotifiedOf } from '../../radius/notified.tsx';
import { ephemeralsBelow } from './ephemerals-below.ts';
import { DeleteJobs } from './delete-jobs.tsx';
import classes from './dialogs.module.css';

interface DeleteDialogProps {
  readonly connectionId: string;
  readonly paths: readonly string[];
  readonly onClose: () => void;
}

/** Paths that lie below another one go with it. */
function topmost(paths: readonly string[]): readonly string[] {
  const sorted = [...new Set(paths)].sort((a, b) => a.length - b.length);
  const kept: string[] = [];
  for (const path of sorted) {
    if (!kept.some((ancestor) => isWithin({ path, ancestor }))) kept.push(path);
  }
  return kept;
}

/** How many of the chosen paths are counted and listed; a person reads no more. */
const LISTED_MAX = 8;

export function DeleteDialog({ connectionId, paths, onClose }: DeleteDialogProps): ReactNode {
  const t = useTexts();
  const [targets] = useState(() => topmost(paths));
  const [isRunning, setRunning] = useState(false);
  const first = targets[0] ?? '/';
  const title =
    targets.length === 1
      ? t('browse:remove.title', { name: baseName(first) })
      : t('browse:remove.titleMany', { count: targets.length, formatted: formatCount(targets.length) });
  const finish = (): void => {
    onClose();
    selectPath(parentPath(first));
  };
  return (
    <Dialog onClose={onClose} size={520} title={title} closeOnClickOutside={!isRunning}>
      {isRunning ? (
        <DeleteJobs connectionId={connectionId} paths={targets} onDone={finish} />
      ) : (
        <DeletePreview
          connectionId={connectionId}
          targets={targets}
          onCancel={onClose}
          onDeleted={finish}
          onStart={() => {
            setRunning(true);
          }}
        />
      )}
    </Dialog>
  );
}

interface DeletePreviewProps {
  readonly connectionId: string;
  readonly targets: readonly string[];
  readonly onCancel: () => void;
  /** A single node is gone. */
  readonly onDeleted: () => void;
  /** Anything larger becomes jobs. */
  readonly onStart: () => void;
}

function DeletePreview({
  connectionId,
  targets,
  onCancel,
  onDeleted,
  onStart,
}: DeletePreviewProps): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const profile = useConnectionProfile(connectionId);
  const [typed, setTyped] = useState('');
  const first = targets[0] ?? '/';
  const summaries = useQuery({
    ...api.znodes.summaries.queryOptions({ input: { connectionId, paths: targets.slice(0, 500) } }),
    staleTime: 0,
    gcTime: 0,
  });
  const nodes = summaries.data?.filter((summary) => summary.kind === 'node') ?? [];
  const single = targets.length === 1 && nodes[0]?.numChildren === 0 ? nodes[0] : undefined;
  const needsName = profile?.environment === 'production' && single === undefined;
  const expected = baseName(first);
  const remove = useMutation({
    mutationFn: async (version: number) => client.znodes.remove({ connectionId, path: first, version }),
    onSuccess: ({ data, acl, stat }) => {
      // An ephemeral node would come back with another owner, which is not an undo.
      offerUndo(stat.ephemeralOwner === '0x0' ? { connectionId, path: first, data, acl } : null);
      onDeleted();
    },
  });
  if (summaries.data === undefined && summaries.error === null) {
    return <SkeletonRows count={3} what={t('browse:remove.preview')} />;
  }
  return (
    <div className={classes.form}>
      {summaries.error !== null && <FailureNotice failure={failureOf(summaries.error)} />}
      <ul className={classes.targets}>
        {targets.slice(0, LISTED_MAX).map((path) => (
          <Target
            key={path}
            connectionId={connectionId}
            path={path}
            summary={summaries.data?.find((summary) => summary.path === path)}
          />
        ))}
        {targets.length > LISTED_MAX && (
          <li className={classes.more}>{t('browse:remove.more', { count: targets.length - LISTED_MAX })}</li>
        )}
      </ul>
      <p className={classes.consequence}>
        {single === undefined
          ? t('browse:remove.noUndo')
          : t('browse:remove.undoable', { version: single.version })}
      </p>
      <NotifiedOf connectionId={connectionId} change="delete" paths={targets} />
      {needsName && (
        <TextInput
          data-autofocus
          label={t('browse:remove.typeName', { name: expected })}
          classNames={{ input: classes.mono }}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      {remove.error !== null && (
        <FailureNotice failure={failureOf(remove.error)} attempt={t('browse:remove.failed')}>
          <Button
            onClick={() => {
              remove.reset();
              void summaries.refetch();
            }}
          >
            {t('browse:remove.lookAgain')}
          </Button>
        </FailureNotice>
      )}
      <div className={classes.actions}>
        <WriteGuardNote />
        <span className={classes.gap} />
        <Button data-autofocus={!needsName || undefined} onClick={onCancel}>
          {t('action.cancel')}
        </Button>
        <Button
          variant="filled"
          color="red"
          loading={remove.isPending}
          disabled={!guard.isWritable || nodes.length === 0 || (needsName && typed !== expected)}
          onClick={() => {
            if (single === undefined) onStart();
            else remove.mutate(single.version);
          }}
        >
          {single === undefined
            ? t('browse:remove.start')
            : t('browse:remove.one', { version: single.version })}
        </Button>
      </div>
      <TakeFocus />
    </div>
  );
}

/** How many ephemerals go along: what the servers tell of them, else those that the tree has seen. */
function useEphemeralFacts(
  connectionId: string,
  { path, isAsked }: { path: string; isAsked: boolean },
): readonly string[] {
  const t = useTexts();
  const chroot = useConnectionProfile(connectionId)?.chroot ?? '';
  const { data, isPending } = useQuery({
    ...api.sessions.list.queryOptions({ input: { connectionId } }),
    enabled: isAsked,
    retry: false,
  });
  if (isPending) return [];
  const told = ephemeralsBelow(data, { path, chroot });
  if (told !== null) return told === 0 ? [] : [t('browse:remove.ephemerals', { count: told })];
  const seen = treeOf(connectionId).countEphemerals(path);
  return [
    seen === 0 ? t('browse:remove.ephemeralsUnknown') : t('browse:remove.ephemeralsAtLeast', { count: seen }),
  ];
}

/** What goes with one of the chosen nodes. */
function Target({
  connectionId,
  path,
  summary,
}: {
  readonly connectionId: string;
  readonly path: string;
  readonly summary: ZnodeSummary | undefined;
}): ReactNode {
  const t = useTexts();
  const hasChildren = summary?.kind === 'node' && summary.numChildren > 0;
  const count = useQuery({
    ...api.znodes.countSubtree.queryOptions({ input: { connectionId, path } }),
    enabled: hasChildren,
    staleTime: 0,
    gcTime: 0,
  });
  const ephemeralFacts = useEphemeralFacts(connectionId, { path, isAsked: hasChildren });
  const facts: string[] = [];
  if (summary?.kind === 'gone') facts.push(t('browse:remove.gone'));
  if (summary?.kind === 'denied') facts.push(t('browse:remove.denied'));
  if (summary?.kind === 'node') {
    if (!hasChildren) facts.push(t('browse:remove.single', { version: summary.version }));
    else if (count.data !== undefined) {
      facts.push(
        t('browse:remove.nodes', { count: count.data.nodes, formatted: formatCount(count.data.nodes) }),
      );
    } else if (count.error !== null) {
      facts.push(t('browse:remove.atLeast', { formatted: formatCount(summary.numChildren + 1) }));
    } else facts.push(t('browse:remove.counting'));
    if (hasChildren) facts.push(...ephemeralFacts);
    if (summary.ephemeralOwner !== '0x0')
      facts.push(t('browse:remove.ephemeral', { owner: summary.ephemeralOwner }));
  }
  if (draftOf(connectionId, path) !== undefined) facts.push(t('browse:remove.hasDraft'));
  return (
    <li className={classes.target}>
      <code title={path}>{path}</code>
      <span>{facts.join(' · ')}</span>
    </li>
  );
}

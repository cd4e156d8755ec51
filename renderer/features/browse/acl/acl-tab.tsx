/**
 * The ACL tab: edits a znode's access control list as a table, says what is dangerous about it and who could do what
 * after a save, and saves it with the aversion that was read. A change of an ACL fires no watch, so nobody is told.
 */
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Info, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { AclDto } from '../../../../shared/api/common.ts';
import { api, client, queryClient } from '../../../api/client.ts';
import { failureOf } from '../../../api/failure.ts';
import { useConnectionStatus } from '../../../app/connection-status.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { invalidateZnode } from '../tree/use-tree.ts';
import { WriteGuardNote, useTakesEdits, useWriteGuard } from '../write-guard.tsx';
import {
  type Identity,
  authHasNobody,
  duplicateIndexes,
  findIdProblem,
  isSameAclList,
  locksOut,
  makeWorldReadOnly,
  worldHarm,
} from './acl-model.ts';
import { AclTable } from './acl-table.tsx';
import { EffectiveCard } from './effective-card.tsx';
import { OpenWorldNotice } from './open-world-notice.tsx';
import classes from './acl.module.css';

interface AclTabProps {
  readonly connectionId: string;
  readonly path: string;
}

interface LoadedAcl {
  readonly acl: readonly AclDto[];
  readonly aversion: number;
}

export function AclTab({ connectionId, path }: AclTabProps): ReactNode {
  const t = useTexts();
  const query = useQuery({
    ...api.znodes.getAcl.queryOptions({ input: { connectionId, path } }),
    // No watch tells of a change, so it is read whenever the tab is opened.
    refetchOnMount: 'always',
  });
  if (query.data === undefined) {
    if (query.error === null) return <SkeletonRows rowHeight={26} what="ACL" />;
    return (
      <div className={classes.body}>
        <FailureNotice failure={failureOf(query.error)}>
          <Button onClick={() => void query.refetch()}>{t('action.retry')}</Button>
        </FailureNotice>
      </div>
    );
  }
  const server = { acl: query.data.acl, aversion: query.data.stat.aversion };
  return <AclEditor connectionId={connectionId} path={path} server={server} />;
}

interface AclEdit {
  readonly entries: readonly AclDto[];
  /** What the edit started from. */
  readonly base: LoadedAcl;
}

function AclEditor({ connectionId, path, server }: AclTabProps & { readonly server: LoadedAcl }): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const canEdit = useTakesEdits();
  const identities = useConnectionStatus(connectionId)?.identities ?? [];
  const [edit, setEdit] = useState<AclEdit | null>(null);
  const [savedAversion, setSavedAversion] = useState<number | null>(null);
  const entries = edit?.entries ?? server.acl;
  const base = edit?.base ?? server;
  const isConflict = edit !== null && edit.base.aversion !== server.aversion;

  const change = (next: readonly AclDto[]): void => {
    setSavedAversion(null);
    setEdit(isSameAclList(next, base.acl) ? null : { entries: next, base });
  };
  const saving = useMutation({
    mutationFn: async (save: { acl: readonly AclDto[]; aversion: number }) =>
      client.znodes.setAcl({ connectionId, path, acl: [...save.acl], aversion: save.aversion }),
    onSuccess: async (stat) => {
      setEdit(null);
      setSavedAversion(stat.aversion);
      // `auth` entries came back as the session's own identities: only the server knows the list now.
      await readAgain(connectionId, path);
    },
    onError: async () => readAgain(connectionId, path),
  });
  const problems = problemsOf(entries, identities);
  const failure = saving.error === null ? null : failureOf(saving.error);
  const harm = worldHarm(entries);

  return (
    <section className={classes.root} aria-label="ACL">
      <div className={classes.body}>
        {isConflict && (
          <AclConflict
            base={edit.base}
            server={server}
            isWritable={guard.isWritable}
            onReload={() => {
              setEdit(null);
              saving.reset();
            }}
            onOverwrite={() => {
              saving.mutate({ acl: entries, aversion: server.aversion });
            }}
          />
        )}
        {failure !== null && !(isConflict && failure.code === 'BADVERSION') && (
          <FailureNotice failure={failure} attempt={t('browse:acl.failed')} />
        )}
        {harm !== 0 && (
          <OpenWorldNotice
            harm={harm}
            isFixable={canEdit}
            onFix={() => {
              change(makeWorldReadOnly(entries));
            }}
          />
        )}
        <AclTable
          entries={entries}
          aversion={base.aversion}
          isReadOnly={!canEdit}
          duplicates={duplicateIndexes(entries)}
          onChange={change}
        />
        {edit !== null && locksOut(entries, identities) && (
          <p className={classes.warning} role="alert">
            <TriangleAlert size={14} strokeWidth={1.75} aria-hidden /> {t('browse:acl.lockOut')}
          </p>
        )}
        {problems.authNobody && (
          <p className={classes.warning} role="alert">
            <TriangleAlert size={14} strokeWidth={1.75} aria-hidden /> {t('browse:acl.authNobody')}
          </p>
        )}
        <EffectiveCard entries={entries} identities={identities} isEdited={edit !== null} />
      </div>
      <footer className={classes.bar}>
        <Button
          variant="filled"
          disabled={edit === null || problems.isBlocking || isConflict || !guard.isWritable}
          loading={saving.isPending}
          onClick={() => {
            saving.mutate({ acl: entries, aversion: base.aversion });
          }}
        >
          {t('browse:acl.save', { from: base.aversion, to: base.aversion + 1 })}
        </Button>
        <Button
          variant="subtle"
          disabled={edit === null}
          onClick={() => {
            setEdit(null);
            saving.reset();
          }}
        >
          {t('browse:save.revert')}
        </Button>
        {savedAversion !== null && (
          <span className={classes.barNote} role="status">
            {t('browse:acl.saved', { version: savedAversion })}
          </span>
        )}
        <WriteGuardNote />
        <span className={classes.gap} />
        <span className={classes.barHint}>
          <Info size={14} strokeWidth={1.75} aria-hidden /> {t('browse:acl.noWatch')}
        </span>
      </footer>
    </section>
  );
}

async function readAgain(connectionId: string, path: string): Promise<void> {
  const queryKey = api.znodes.getAcl.queryKey({ input: { connectionId, path } });
  await Promise.all([queryClient.invalidateQueries({ queryKey }), invalidateZnode(connectionId, path)]);
}

function problemsOf(
  entries: readonly AclDto[],
  identities: readonly Identity[],
): { isBlocking: boolean; authNobody: boolean } {
  const authNobody = authHasNobody(entries, identities);
  const isBlocking =
    authNobody || entries.length === 0 || entries.some((entry) => findIdProblem(entry) !== undefined);
  return { isBlocking, authNobody };
}

/** Somebody saved another list meanwhile: the edit is kept, and one decides. */
function AclConflict({
  base,
  server,
  isWritable,
  onReload,
  onOverwrite,
}: {
  readonly base: LoadedAcl;
  readonly server: LoadedAcl;
  readonly isWritable: boolean;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
}): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.conflict} role="alert">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className={classes.conflictIcon} />
      <div className={classes.noticeText}>
        <p className={classes.noticeTitle}>
          {t('browse:acl.conflict', { now: server.aversion, edited: base.aversion })}
        </p>
        <p>{t('browse:acl.conflictTheirs')}</p>
        <ul className="mono">
          {server.acl.map((entry, at) => (
            <li key={at}>
              {entry.scheme}:{entry.id}
            </li>
          ))}
        </ul>
        <div className={classes.conflictActions}>
          <Button onClick={onReload}>{t('browse:acl.reload', { version: server.aversion })}</Button>
          <Button color="red" disabled={!isWritable} onClick={onOverwrite}>
            {t('browse:acl.overwrite', { from: server.aversion, to: server.aversion + 1 })}
          </Button>
        </div>
      </div>
    </div>
  );
}

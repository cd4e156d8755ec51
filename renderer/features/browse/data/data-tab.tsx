/**
 * The Data tab: shows a znode's bytes as text, JSON or hex, and saves an edit with the version that it started from.
 * What an edit is compared with, and whether it is in conflict, is edit-state.ts's to say.
 */
import { Button } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useState } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import { ConflictView } from './conflict-view.tsx';
import { DataContent } from './data-content.tsx';
import { DataToolbar } from './data-toolbar.tsx';
import { draftOf, dropDraft, putDraft, useDraft } from './draft-store.ts';
import { compareDraft, isOverDefaultLimit } from './edit-state.ts';
import { SaveBar } from './save-bar.tsx';
import { useDataView } from './use-data-view.ts';
import { useEdits } from './use-edits.ts';
import { type SaveData, useSaveData } from './use-save-data.ts';
import classes from './data.module.css';

interface DataTabProps {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
}

export function DataTab({ connectionId, znode }: DataTabProps): ReactNode {
  const { path } = znode;
  const stored = useDraft(connectionId, path);
  const { state, remedy } = useMemo(() => compareDraft(znode, stored), [znode, stored]);
  const saving = useSaveData({ connectionId, path });
  const [discarded, setDiscarded] = useState<Draft | null>(null);

  useEffect(() => {
    if (remedy.kind === 'drop') dropDraft(connectionId, path);
    if (remedy.kind === 'rebase') putDraft(remedy.draft);
  }, [remedy, connectionId, path]);

  const discard = (): void => {
    setDiscarded(draftOf(connectionId, path) ?? null);
    dropDraft(connectionId, path);
    saving.dismiss();
  };

  if (state.kind === 'conflict') {
    return <ConflictView znode={znode} draft={state.draft} saving={saving} onDiscard={discard} />;
  }
  return (
    <DataEditor
      connectionId={connectionId}
      znode={znode}
      draft={state.kind === 'edited' ? state.draft : undefined}
      saving={saving}
      discarded={discarded}
      onDiscard={discard}
      onRestore={() => {
        if (discarded !== null) putDraft(discarded);
        setDiscarded(null);
      }}
    />
  );
}

interface DataEditorProps extends DataTabProps {
  readonly draft: Draft | undefined;
  readonly saving: SaveData;
  readonly discarded: Draft | null;
  readonly onDiscard: () => void;
  readonly onRestore: () => void;
}

function DataEditor(props: DataEditorProps): ReactNode {
  const { connectionId, znode, draft, saving } = props;
  const t = useTexts();
  const guard = useWriteGuard();
  const [isDiff, setDiff] = useState(false);
  const view = useDataView(znode, draft);
  const edits = useEdits({ connectionId, znode, draft, view });
  const isNull = znode.data === null && draft === undefined;

  const save = (): void => {
    edits.flush();
    const latest = draftOf(connectionId, znode.path);
    if (latest === undefined || !guard.isWritable || saving.isSaving) return;
    saving.save({ data: latest.data, version: latest.baseVersion, previous: latest.baseData });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
    event.preventDefault();
    save();
  };
  return (
    <section className={classes.tab} aria-label={t('browse:tab.data')} onKeyDown={onKeyDown}>
      {!isNull && <DataToolbar view={view} edits={edits} />}
      <DataContent
        path={znode.path}
        view={view}
        edits={edits}
        isNull={isNull}
        isDiff={isDiff}
        onSave={save}
      />
      <SaveTrouble saving={saving} draft={draft} />
      <SaveBar
        connectionId={connectionId}
        znode={znode}
        draft={draft}
        saving={saving}
        textPair={
          view.baseText === null || !view.isTextMode ? null : { before: view.baseText, after: view.text.text }
        }
        isDiff={isDiff}
        isDiscarded={props.discarded !== null}
        onDiff={setDiff}
        onSave={save}
        onRevert={props.onDiscard}
        onRestore={props.onRestore}
      >
        <WriteGuardNote />
      </SaveBar>
    </section>
  );
}

/** Why the last save failed, or why the next one may. */
function SaveTrouble({ saving, draft }: Pick<DataEditorProps, 'saving' | 'draft'>): ReactNode {
  const t = useTexts();
  return (
    <>
      {saving.failure !== null && (
        <FailureNotice failure={saving.failure} attempt={t('browse:save.failed')}>
          <Button onClick={saving.dismiss}>{t('action.close')}</Button>
        </FailureNotice>
      )}
      {draft !== undefined && isOverDefaultLimit(draft.data) && (
        <p className={classes.warning}>{t('browse:save.tooLarge')}</p>
      )}
    </>
  );
}

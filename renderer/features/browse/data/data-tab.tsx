/**
 * The Data tab: shows a znode's bytes as text, JSON or hex, and saves an edit with the version that it started from.
 * The draft store has the edit, the editors have the cursor; between them this tab holds `shown`: which bytes the
 * editor stands for, so that it is started over only when other bytes must be shown.
 */
import { Button } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import { ConflictView } from './conflict-view.tsx';
import {
  type DataKind,
  type DataMode,
  detectData,
  encodeText,
  isSameBytes,
  viewText,
  withLineEnding,
} from './data-format.ts';
import { DataToolbar } from './data-toolbar.tsx';
import { dropDraft, draftOf, putDraft, useDraft } from './draft-store.ts';
import { compareDraft, isOverDefaultLimit, startedFrom } from './edit-state.ts';
import { HexEditor } from './hex-editor.tsx';
import { EditorBoundary, LazyTextDiff, LazyTextEditor } from './lazy-editor.tsx';
import { SaveBar } from './save-bar.tsx';
import type { EditorLanguage, EditorSeed } from './text-editor.tsx';
import { useSaveData } from './use-save-data.ts';
import classes from './data.module.css';

const EMPTY = new Uint8Array(0);
/** Larger texts are encoded a moment after typing, not at every key. */
const LARGE_CHARS = 200_000;
const LARGE_DELAY_MS = 300;

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

/** What the editor was started with, and which bytes it stands for since. */
interface Shown {
  readonly viewKey: string;
  readonly bytes: Uint8Array;
  readonly seed: EditorSeed;
  readonly jsonProblemAt: number | undefined;
}

interface DataEditorProps extends DataTabProps {
  readonly draft: Draft | undefined;
  readonly saving: ReturnType<typeof useSaveData>;
  readonly discarded: Draft | null;
  readonly onDiscard: () => void;
  readonly onRestore: () => void;
}

function DataEditor(props: DataEditorProps): ReactNode {
  const { connectionId, znode, draft, saving, onDiscard } = props;
  const t = useTexts();
  const guard = useWriteGuard();
  const [chosenMode, setChosenMode] = useState<DataMode | undefined>();
  const [isFormatted, setFormatted] = useState(true);
  const [isDiff, setDiff] = useState(false);

  const base = draft === undefined ? znode.data : draft.baseData;
  const current = draft?.data ?? znode.data ?? EMPTY;
  const kind = useMemo(() => kindOf(base, current), [base, current]);
  const mode = chosenMode ?? kind.mode;
  const view = useMemo(
    () => viewText(current, kind, isFormatted && mode === 'json'),
    [current, kind, isFormatted, mode],
  );

  const isEdited = draft !== undefined;
  const baseText = useMemo(
    () => (isEdited ? viewText(base ?? EMPTY, kind, isFormatted && mode === 'json').text : null),
    [isEdited, base, kind, isFormatted, mode],
  );

  const viewKey = `${mode}|${String(isFormatted)}|${kind.jsonStyle ?? ''}`;
  const [shown, setShown] = useState<Shown>(() => shownOf(viewKey, current, view));
  // Other bytes than the editor stands for (another session wrote, a revert), or another way to show them.
  if (shown.viewKey !== viewKey || !isSameBytes(shown.bytes, current))
    setShown(shownOf(viewKey, current, view));

  const isTextMode = mode !== 'hex';
  const isReadOnly = isTextMode && !kind.isTextEditable;
  const isNull = znode.data === null && draft === undefined;
  const pending = useRef<{ flush: () => void; timer: ReturnType<typeof setTimeout> } | null>(null);

  const edit = (bytes: Uint8Array, jsonProblemAt?: number): void => {
    setShown((before) => ({ ...before, bytes, jsonProblemAt }));
    if (isSameBytes(bytes, base)) dropDraft(connectionId, znode.path);
    else {
      const editedAtMs = Date.now();
      const fresh = draft ?? startedFrom(znode, { connectionId, path: znode.path, data: bytes, editedAtMs });
      putDraft({ ...fresh, data: bytes, editedAtMs });
    }
  };
  const editText = (text: string): void => {
    const flush = (): void => {
      if (pending.current !== null) clearTimeout(pending.current.timer);
      pending.current = null;
      const encoded = encodeText(text, view);
      edit(encoded.bytes, encoded.jsonProblemAt);
    };
    if (text.length < LARGE_CHARS) {
      flush();
      return;
    }
    if (pending.current !== null) clearTimeout(pending.current.timer);
    pending.current = { flush, timer: setTimeout(flush, LARGE_DELAY_MS) };
  };

  const save = (): void => {
    pending.current?.flush();
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
      <DataToolbar
        kind={kind}
        mode={mode}
        bytes={current}
        isFormatted={isFormatted}
        isNull={isNull}
        jsonProblemAt={shown.jsonProblemAt}
        onMode={setChosenMode}
        onFormatted={setFormatted}
        onConvert={(ending) => {
          edit(encodeText(withLineEnding(view.text, ending), view).bytes);
        }}
      />
      {isNull ? (
        <NullData
          onWrite={() => {
            edit(EMPTY);
          }}
        />
      ) : isDiff && isTextMode && draft !== undefined ? (
        <EditorBoundary>
          <LazyTextDiff
            label={t('browse:data.diffLabel', { path: znode.path })}
            before={baseText ?? ''}
            after={view.text}
            language={languageOf(mode, view.text)}
          />
        </EditorBoundary>
      ) : isTextMode ? (
        <EditorBoundary>
          <LazyTextEditor
            label={t('browse:data.editorLabel', { path: znode.path })}
            seed={shown.seed}
            language={languageOf(mode, shown.seed.text)}
            isReadOnly={isReadOnly || !guard.isWritable}
            base={baseText}
            onChange={editText}
            onSave={save}
          />
        </EditorBoundary>
      ) : (
        <HexEditor
          key={shown.seed.id}
          label={t('browse:data.editorLabel', { path: znode.path })}
          bytes={current}
          isReadOnly={!guard.isWritable}
          onChange={edit}
        />
      )}
      {saving.failure !== null && (
        <div className={classes.notice}>
          <FailureNotice failure={saving.failure} attempt={t('browse:save.failed')}>
            <Button
              onClick={() => {
                saving.dismiss();
              }}
            >
              {t('action.close')}
            </Button>
          </FailureNotice>
        </div>
      )}
      {draft !== undefined && isOverDefaultLimit(draft.data) && (
        <p className={classes.warning}>{t('browse:save.tooLarge')}</p>
      )}
      <SaveBar
        znode={znode}
        draft={draft}
        saving={saving}
        textPair={baseText === null || !isTextMode ? null : { before: baseText, after: view.text }}
        isDiff={isDiff}
        isDiscarded={props.discarded !== null}
        onDiff={setDiff}
        onSave={save}
        onRevert={onDiscard}
        onRestore={props.onRestore}
      >
        <WriteGuardNote />
      </SaveBar>
    </section>
  );
}

function kindOf(base: Uint8Array | null, current: Uint8Array): DataKind {
  const kind = detectData(base === null || base.length === 0 ? current : base);
  // An edit in hex may have made the text into something that no text editor can hold.
  if (!kind.isTextEditable || base === null || isSameBytes(base, current)) return kind;
  const edited = detectData(current);
  return {
    ...kind,
    isUtf8: edited.isUtf8,
    isTextEditable: edited.isTextEditable,
    mode: edited.isUtf8 ? kind.mode : 'hex',
  };
}

let seedCount = 0;

function shownOf(
  viewKey: string,
  bytes: Uint8Array,
  view: { text: string; lineEnding: 'lf' | 'crlf' },
): Shown {
  seedCount += 1;
  return {
    viewKey,
    bytes,
    seed: { id: String(seedCount), text: view.text, lineEnding: view.lineEnding },
    jsonProblemAt: undefined,
  };
}

function languageOf(mode: DataMode, text: string): EditorLanguage {
  if (mode === 'json') return 'json';
  if (/^\s*<(?:\?xml|[A-Za-z!])/.test(text)) return 'xml';
  return /^\s*(?:---|[\w.-]+:(?: |$))/m.test(text.slice(0, 200)) ? 'yaml' : 'plaintext';
}

function NullData({ onWrite }: { readonly onWrite: () => void }): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  return (
    <div className={classes.fill}>
      <EmptyState
        title={t('browse:data.nullTitle')}
        action={
          <Button variant="filled" disabled={!guard.isWritable} onClick={onWrite}>
            {t('browse:data.write')}
          </Button>
        }
      >
        {t('browse:data.nullText')}
      </EmptyState>
    </div>
  );
}

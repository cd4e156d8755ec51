/** The data itself: an editor of text, a difference, an editor of bytes, or that there is none. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { useTakesEdits } from '../write-guard.tsx';
import type { DataMode } from './data-format.ts';
import { HexEditor } from './hex-editor.tsx';
import { EditorBoundary, LazyTextDiff, LazyTextEditor } from './lazy-editor.tsx';
import type { EditorLanguage } from './text-editor.tsx';
import { type DataView, EMPTY } from './use-data-view.ts';
import type { Edits } from './use-edits.ts';
import classes from './data.module.css';

interface DataContentProps {
  readonly path: string;
  readonly view: DataView;
  readonly edits: Edits;
  readonly isNull: boolean;
  readonly isDiff: boolean;
  readonly onSave: () => void;
}

export function DataContent({ path, view, edits, isNull, isDiff, onSave }: DataContentProps): ReactNode {
  const t = useTexts();
  const takesEdits = useTakesEdits();
  if (isNull) return <NullData edits={edits} />;
  if (!view.isTextMode) {
    return (
      <HexEditor
        key={edits.seed.id}
        label={t('browse:data.editorLabel', { path })}
        bytes={view.current}
        isReadOnly={!takesEdits}
        onChange={edits.edit}
      />
    );
  }
  if (isDiff && view.baseText !== null) {
    return (
      <EditorBoundary>
        <LazyTextDiff
          label={t('browse:data.diffLabel', { path })}
          before={view.baseText}
          after={view.text.text}
          language={languageOf(view.mode, view.text.text)}
        />
      </EditorBoundary>
    );
  }
  return (
    <EditorBoundary>
      <LazyTextEditor
        label={t('browse:data.editorLabel', { path })}
        seed={edits.seed}
        language={languageOf(view.mode, edits.seed.text)}
        isReadOnly={!view.kind.isTextEditable || !takesEdits}
        base={view.baseText}
        onChange={edits.editText}
        onSave={onSave}
      />
    </EditorBoundary>
  );
}

/** Enough of a text to guess what it is. */
const HEAD_CHARS = 400;

function languageOf(mode: DataMode, text: string): EditorLanguage {
  if (mode === 'json') return 'json';
  const head = text.slice(0, HEAD_CHARS);
  if (/^\s*<[?!A-Za-z]/.test(head)) return 'xml';
  return /^(?:---|[\w.-]+:(?:\s|$))/m.test(head) ? 'yaml' : 'plaintext';
}

function NullData({ edits }: { readonly edits: Edits }): ReactNode {
  const t = useTexts();
  const takesEdits = useTakesEdits();
  return (
    <div className={classes.fill}>
      <EmptyState
        title={t('browse:data.nullTitle')}
        action={
          <Button
            variant="filled"
            disabled={!takesEdits}
            onClick={() => {
              edits.edit(EMPTY);
            }}
          >
            {t('browse:data.write')}
          </Button>
        }
      >
        {t('browse:data.nullText')}
      </EmptyState>
    </div>
  );
}

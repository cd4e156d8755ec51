/**
 * The text editor and the difference of two texts, around Monaco. The editor is seeded, not controlled: `seed` is what
 * it starts with, a new `seed.id` starts over, and in between the person's text is its own. Loaded lazily.
 */
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { useThemeName } from '../../../theme/theme-provider.tsx';
import { EDITOR_OPTIONS, MODEL_OPTIONS, applyEditorTheme, editor } from './monaco.ts';
import { changedRanges } from './line-diff.ts';
import classes from './data.module.css';

export type EditorLanguage = 'json' | 'xml' | 'yaml' | 'plaintext';

export interface EditorSeed {
  readonly id: string;
  readonly text: string;
  readonly lineEnding: 'lf' | 'crlf';
}

interface TextEditorProps {
  readonly label: string;
  readonly seed: EditorSeed;
  readonly language: EditorLanguage;
  readonly isReadOnly: boolean;
  /** What the lines are compared with, to mark those that differ; null marks none. */
  readonly base: string | null;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
}

function useEditorTheme(): void {
  const theme = useThemeName();
  useEffect(() => {
    applyEditorTheme(theme);
  }, [theme]);
}

export function TextEditor(props: TextEditorProps): ReactNode {
  const { label, seed, language, isReadOnly, base, onChange, onSave } = props;
  const hostRef = useRef<HTMLDivElement>(null);
  const editorRef = useRef<editor.IStandaloneCodeEditor | null>(null);
  const changed = useEffectEvent(onChange);
  const saved = useEffectEvent(onSave);
  useEditorTheme();

  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const created = editor.create(host, { ...EDITOR_OPTIONS, model: null });
    editorRef.current = created;
    // Ctrl+S belongs to the node, wherever the focus is; the editor would swallow it.
    const keys = created.onKeyDown((event) => {
      if (!(event.ctrlKey || event.metaKey) || event.browserEvent.key.toLowerCase() !== 's') return;
      event.preventDefault();
      event.stopPropagation();
      saved();
    });
    return () => {
      keys.dispose();
      created.getModel()?.dispose();
      created.dispose();
      editorRef.current = null;
    };
  }, []);

  useEffect(() => {
    const present = editorRef.current;
    if (present === null) return;
    const before = present.getModel();
    const view = present.saveViewState();
    const model = editor.createModel(seed.text, 'plaintext');
    model.updateOptions(MODEL_OPTIONS);
    model.setEOL(seed.lineEnding === 'crlf' ? editor.EndOfLineSequence.CRLF : editor.EndOfLineSequence.LF);
    present.setModel(model);
    // A node that changed while one looks at it stays where it was scrolled to.
    if (before !== null && view !== null) present.restoreViewState(view);
    before?.dispose();
    const changes = model.onDidChangeContent(() => {
      changed(model.getValue());
    });
    return () => {
      changes.dispose();
    };
  }, [seed.id, seed.text, seed.lineEnding]);

  useEffect(() => {
    const present = editorRef.current;
    const model = present?.getModel();
    if (!present || !model || base === null) return;
    const marks = present.createDecorationsCollection();
    const mark = (): void => {
      marks.set(changedRanges(base, model.getValue()).map(markOf));
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changes = model.onDidChangeContent(() => {
      clearTimeout(timer);
      timer = setTimeout(mark, MARK_MS);
    });
    mark();
    return () => {
      clearTimeout(timer);
      changes.dispose();
      marks.clear();
    };
  }, [base, seed.id]);

  useEffect(() => {
    const model = editorRef.current?.getModel();
    if (model) editor.setModelLanguage(model, language);
  }, [language, seed.id, seed.text]);

  useEffect(() => {
    editorRef.current?.updateOptions({ readOnly: isReadOnly, ariaLabel: label });
  }, [isReadOnly, label]);

  return <div ref={hostRef} className={classes.editor} />;
}

/** Lines are compared a moment after typing. */
const MARK_MS = 150;

function markOf({ start, end }: { start: number; end: number }): editor.IModelDeltaDecoration {
  const isRemoval = start === end;
  return {
    range: { startLineNumber: start, startColumn: 1, endLineNumber: Math.max(start, end - 1), endColumn: 1 },
    options: {
      linesDecorationsClassName: isRemoval ? (classes.removedMark ?? '') : (classes.changedMark ?? ''),
    },
  };
}

interface TextDiffProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly language: EditorLanguage;
}

export function TextDiff({ label, before, after, language }: TextDiffProps): ReactNode {
  const hostRef = useRef<HTMLDivElement>(null);
  useEditorTheme();
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return;
    const created = editor.createDiffEditor(host, {
      ...EDITOR_OPTIONS,
      readOnly: true,
      originalAriaLabel: label,
      modifiedAriaLabel: label,
      renderOverviewRuler: false,
      ignoreTrimWhitespace: false,
      useInlineViewWhenSpaceIsLimited: true,
    });
    const original = editor.createModel(before, language);
    const modified = editor.createModel(after, language);
    for (const model of [original, modified]) model.updateOptions(MODEL_OPTIONS);
    created.setModel({ original, modified });
    // The two options above name the regions; the text fields inside go by their editors' own.
    for (const side of [created.getOriginalEditor(), created.getModifiedEditor()])
      side.updateOptions({ ariaLabel: label });
    return () => {
      created.dispose();
      original.dispose();
      modified.dispose();
    };
  }, [before, after, language, label]);
  return <div ref={hostRef} className={classes.editor} />;
}

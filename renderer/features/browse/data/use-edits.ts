/**
 * Between the editors, which have the cursor, and the draft store, which has the edit: `shown` says which bytes the
 * editor stands for, so that it is started over only when other bytes must be shown.
 */
import { useRef, useState } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { encodeText, isSameBytes, withLineEnding } from './data-format.ts';
import { dropDraft, putDraft } from './draft-store.ts';
import { startedFrom } from './edit-state.ts';
import type { EditorSeed } from './text-editor.tsx';
import type { DataView } from './use-data-view.ts';

/** Larger texts are encoded a moment after typing, not at every key. */
const LARGE_CHARS = 200_000;
const LARGE_DELAY_MS = 300;

/** What the editor was started with, and which bytes it stands for since. */
interface Shown {
  readonly viewKey: string;
  readonly bytes: Uint8Array;
  readonly seed: EditorSeed;
  readonly jsonProblemAt: number | undefined;
}

export interface Edits {
  readonly seed: EditorSeed;
  /** Where the text stops being JSON although it should be. */
  readonly jsonProblemAt: number | undefined;
  readonly edit: (bytes: Uint8Array) => void;
  readonly editText: (text: string) => void;
  /** Gives all lines one ending: an edit like any other. */
  readonly convertLines: (lineEnding: 'lf' | 'crlf') => void;
  /** Takes what was typed last, before something is done with the draft. */
  readonly flush: () => void;
}

interface EditsOptions {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
  readonly draft: Draft | undefined;
  readonly view: DataView;
}

let seedCount = 0;

function shownOf(viewKey: string, { current, text }: DataView): Shown {
  seedCount += 1;
  const seed = { id: String(seedCount), text: text.text, lineEnding: text.lineEnding };
  return { viewKey, bytes: current, seed, jsonProblemAt: undefined };
}

export function useEdits({ connectionId, znode, draft, view }: EditsOptions): Edits {
  const viewKey = `${view.mode}|${String(view.isFormatted)}|${view.kind.jsonStyle ?? ''}`;
  const [shown, setShown] = useState<Shown>(() => shownOf(viewKey, view));
  const pending = useRef<{ run: () => void; timer: ReturnType<typeof setTimeout> } | null>(null);
  // Other bytes than the editor stands for (another session wrote, a revert), or another way to show them.
  if (shown.viewKey !== viewKey || !isSameBytes(shown.bytes, view.current)) setShown(shownOf(viewKey, view));

  const edit = (bytes: Uint8Array, jsonProblemAt?: number): void => {
    setShown((before) => ({ ...before, bytes, jsonProblemAt }));
    if (isSameBytes(bytes, view.base)) {
      dropDraft(connectionId, znode.path);
      return;
    }
    const editedAtMs = Date.now();
    const started = draft ?? startedFrom(znode, { connectionId, path: znode.path, data: bytes, editedAtMs });
    putDraft({ ...started, data: bytes, editedAtMs });
  };
  const flush = (): void => {
    const waiting = pending.current;
    if (waiting === null) return;
    clearTimeout(waiting.timer);
    pending.current = null;
    waiting.run();
  };
  const editText = (text: string): void => {
    const run = (): void => {
      pending.current = null;
      const encoded = encodeText(text, view.text);
      edit(encoded.bytes, encoded.jsonProblemAt);
    };
    if (pending.current !== null) clearTimeout(pending.current.timer);
    if (text.length < LARGE_CHARS) run();
    else pending.current = { run, timer: setTimeout(run, LARGE_DELAY_MS) };
  };
  return {
    seed: shown.seed,
    jsonProblemAt: shown.jsonProblemAt,
    edit,
    editText,
    convertLines: (lineEnding) => {
      edit(encodeText(withLineEnding(view.text.text, lineEnding), view.text).bytes);
    },
    flush,
  };
}

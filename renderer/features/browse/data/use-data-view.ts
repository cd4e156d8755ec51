/** How a znode's bytes are shown: what they are, the mode that was chosen, and the text of them. */
import { useMemo, useState } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import {
  type DataKind,
  type DataMode,
  type TextView,
  detectData,
  isSameBytes,
  viewText,
} from './data-format.ts';

export const EMPTY = new Uint8Array(0);

export interface DataView {
  /** The bytes on screen: the draft's, else the server's. */
  readonly current: Uint8Array;
  /** What an edit is compared with. */
  readonly base: Uint8Array | null;
  readonly kind: DataKind;
  readonly mode: DataMode;
  readonly isTextMode: boolean;
  readonly isFormatted: boolean;
  readonly text: TextView;
  /** The base as text, while there is an edit of it. */
  readonly baseText: string | null;
  readonly chooseMode: (mode: DataMode) => void;
  readonly chooseFormatted: (isFormatted: boolean) => void;
}

export function useDataView(znode: ZnodeDto, draft: Draft | undefined): DataView {
  const [chosenMode, chooseMode] = useState<DataMode | undefined>();
  const [isFormatted, chooseFormatted] = useState(true);
  const isEdited = draft !== undefined;
  const base = isEdited ? draft.baseData : znode.data;
  const current = draft?.data ?? znode.data ?? EMPTY;
  const kind = useMemo(() => kindOf(base, current), [base, current]);
  const mode = chosenMode ?? kind.mode;
  const isIndented = isFormatted && mode === 'json';
  const text = useMemo(() => viewText(current, kind, isIndented), [current, kind, isIndented]);
  const baseText = useMemo(
    () => (isEdited ? viewText(base ?? EMPTY, kind, isIndented).text : null),
    [isEdited, base, kind, isIndented],
  );
  const isTextMode = mode !== 'hex';
  return { current, base, kind, mode, isTextMode, isFormatted, text, baseText, chooseMode, chooseFormatted };
}

/** What the base is, so that the view does not change its mind while one types. */
function kindOf(base: Uint8Array | null, current: Uint8Array): DataKind {
  const hasBase = base !== null && base.length > 0;
  const edited = detectData(current);
  if (!hasBase) return edited.mode === 'json' ? { ...edited, mode: 'text', jsonStyle: undefined } : edited;
  const kind = detectData(base);
  // An edit in hex may have made the text into something that no text editor can hold.
  if (!kind.isTextEditable || isSameBytes(base, current)) return kind;
  const { isUtf8, isTextEditable } = edited;
  return { ...kind, isUtf8, isTextEditable, mode: isUtf8 ? kind.mode : 'hex' };
}

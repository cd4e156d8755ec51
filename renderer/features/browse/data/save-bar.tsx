/** Below the data: save with the versions named, what would change, revert, and how the last save can be undone. */
import { Button } from '@mantine/core';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { formatBytes, formatCount } from '../../../app/format.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { useWriteGuard } from '../write-guard.tsx';
import { NotifiedNote } from '../../radius/notified.tsx';
import { countChangedLines } from './line-diff.ts';
import type { SaveData } from './use-save-data.ts';
import classes from './data.module.css';

interface SaveBarProps {
  readonly connectionId: string;
  readonly znode: ZnodeDto;
  readonly draft: Draft | undefined;
  readonly saving: SaveData;
  /** As shown, before and after; null for bytes. */
  readonly textPair: { readonly before: string; readonly after: string } | null;
  readonly isDiff: boolean;
  readonly isDiscarded: boolean;
  readonly onDiff: (isDiff: boolean) => void;
  readonly onSave: () => void;
  readonly onRevert: () => void;
  readonly onRestore: () => void;
  readonly children: ReactNode;
}

export function SaveBar(props: SaveBarProps): ReactNode {
  const { connectionId, znode, draft, saving, isDiff, onDiff, onSave, onRevert } = props;
  const t = useTexts();
  const guard = useWriteGuard();
  const from = draft?.baseVersion ?? znode.stat.version;
  return (
    <footer className={classes.bar}>
      <Button
        variant="filled"
        disabled={draft === undefined || !guard.isWritable}
        loading={saving.isSaving}
        onClick={onSave}
      >
        {t('browse:save.save', { from, to: from + 1 })}
      </Button>
      <Button
        aria-pressed={isDiff}
        disabled={draft === undefined || props.textPair === null}
        onClick={() => {
          onDiff(!isDiff);
        }}
      >
        {isDiff ? t('browse:save.edit') : t('browse:save.diff')}
      </Button>
      <Button variant="subtle" disabled={draft === undefined} onClick={onRevert}>
        {t('browse:save.revert')}
      </Button>
      <span className={classes.barNote} role="status">
        {draft === undefined ? (
          <Aftermath {...props} />
        ) : (
          <ChangeNote draft={draft} textPair={props.textPair} />
        )}
      </span>
      <span className={classes.gap} />
      {draft !== undefined && <NotifiedNote connectionId={connectionId} change="data" paths={[znode.path]} />}
      {props.children}
    </footer>
  );
}

function ChangeNote({
  draft,
  textPair,
}: {
  readonly draft: Draft;
  readonly textPair: SaveBarProps['textPair'];
}): ReactNode {
  const t = useTexts();
  const pair = useDeferredValue(textPair);
  const lines = useMemo(() => (pair === null ? null : countChangedLines(pair.before, pair.after)), [pair]);
  const sizes = `${formatCount(draft.baseData?.length ?? 0)} → ${formatBytes(draft.data.length)}`;
  if (lines === null || lines === 0) return t('browse:save.bytesChanged', { sizes });
  return t('browse:save.linesChanged', { count: lines, formatted: formatCount(lines), sizes });
}

/** After a save or a revert: what happened, and the way back. */
function Aftermath({ znode, saving, isDiscarded, onRestore }: SaveBarProps): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const { saved } = saving;
  if (saved?.version === znode.stat.version) {
    return (
      <>
        {t(saved.isUndo ? 'browse:save.undone' : 'browse:save.saved', { version: saved.version })}
        {!saved.isUndo && guard.isWritable && (
          <button
            type="button"
            className={classes.linkButton}
            onClick={() => {
              saving.save({
                data: saved.previous,
                version: saved.version,
                previous: znode.data,
                isUndo: true,
              });
            }}
          >
            {t('browse:save.undo', { from: saved.version, to: saved.version + 1 })}
          </button>
        )}
      </>
    );
  }
  if (!isDiscarded) return null;
  return (
    <>
      {t('browse:save.discarded')}
      <button type="button" className={classes.linkButton} onClick={onRestore}>
        {t('browse:save.bringBack')}
      </button>
    </>
  );
}

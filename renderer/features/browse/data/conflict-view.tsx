/**
 * Somebody else changed the znode while one edited it. Nothing was saved and nothing is lost: base, theirs and yours
 * side by side, the merge that needs no question done, and a choice for each line that does. Every way out is written
 * with the version that is shown here, so a third change in between stops it again.
 */
import { Button } from '@mantine/core';
import { ChevronDown, ChevronUp, Copy, TriangleAlert } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { Draft } from '../../../../shared/api/app.ts';
import type { ZnodeDto } from '../../../../shared/api/znodes.ts';
import { formatBytes, formatFullTime, formatTimeOfDay, formatZxidHex } from '../../../app/format.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { IconButton } from '../../../components/icon-button.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { WriteGuardNote, useWriteGuard } from '../write-guard.tsx';
import { ConflictResult } from './conflict-result.tsx';
import { type TextView, detectData, encodeText, viewText } from './data-format.ts';
import { putDraft } from './draft-store.ts';
import { startedFrom } from './edit-state.ts';
import { toHexText } from './hex-model.ts';
import { type Choice, type Merge, linesOf, merge3, mergedText } from './merge3.ts';
import { MergeLines, type Side, linesOfSide } from './merge-lines.tsx';
import type { SaveData } from './use-save-data.ts';
import classes from './conflict.module.css';

const EMPTY = new Uint8Array(0);

interface ConflictViewProps {
  readonly znode: ZnodeDto;
  readonly draft: Draft;
  readonly saving: SaveData;
  readonly onDiscard: () => void;
}

/** The three texts as they are shown, and the merge of them; null when one of them is no text. */
interface TextConflict {
  readonly merge: Merge;
  readonly view: TextView;
  readonly isJson: boolean;
}

function textConflictOf(znode: ZnodeDto, draft: Draft): TextConflict | null {
  const sides = [draft.baseData ?? EMPTY, znode.data ?? EMPTY, draft.data] as const;
  const kinds = sides.map(detectData);
  if (kinds.some((kind) => !kind.isTextEditable)) return null;
  const isFormatted = kinds.every((kind) => kind.jsonStyle !== undefined);
  const [base, theirs, yours] = sides.map((bytes, at) =>
    viewText(bytes, kinds[at] ?? detectData(bytes), isFormatted),
  );
  if (base === undefined || theirs === undefined || yours === undefined) return null;
  const merge = merge3({ base: base.text, theirs: theirs.text, yours: yours.text });
  return { merge, view: theirs, isJson: kinds.every((kind) => kind.isJson) };
}

export function ConflictView({ znode, draft, saving, onDiscard }: ConflictViewProps): ReactNode {
  const t = useTexts();
  const conflict = useMemo(() => textConflictOf(znode, draft), [znode, draft]);
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(new Map());
  const [at, setAt] = useState(0);
  const merged = conflict === null ? undefined : mergedText(conflict.merge, choices);

  const choose = (number: number, choice: Choice): void => {
    setChoices((before) => new Map(before).set(number, choice));
  };
  const editByHand = (): void => {
    if (conflict === null) return;
    const text = conflict.merge.regions.flatMap((region) => linesOf(region, 'yours') ?? []).join('');
    const { bytes } = encodeText(merged ?? text, conflict.view);
    putDraft(startedFrom(znode, { ...draft, data: bytes, editedAtMs: Date.now() }));
  };
  return (
    <section className={classes.root} aria-label={t('browse:tab.data')}>
      <ConflictNotice znode={znode} draft={draft} merge={conflict?.merge ?? null} at={at} onMove={setAt} />
      {conflict === null ? (
        <BinarySizes znode={znode} draft={draft} />
      ) : (
        <>
          <div className={classes.sides}>
            {(['base', 'theirs', 'yours'] as const).map((side) => (
              <SidePane key={side} side={side} znode={znode} draft={draft} conflict={conflict} at={at} />
            ))}
          </div>
          <ConflictResult
            merge={conflict.merge}
            isJson={conflict.isJson}
            becomes={znode.stat.version + 1}
            choices={choices}
            at={at}
            onChoose={choose}
            onEditByHand={editByHand}
          />
        </>
      )}
      {saving.failure !== null && saving.failure.code !== 'BADVERSION' && (
        <div className={classes.failure}>
          <FailureNotice failure={saving.failure} attempt={t('browse:save.failed')} />
        </div>
      )}
      <ConflictBar
        znode={znode}
        draft={draft}
        saving={saving}
        open={conflict === null ? null : conflict.merge.conflictCount - choices.size}
        onSaveMerged={
          conflict === null || merged === undefined
            ? null
            : () => {
                const { bytes } = encodeText(merged, conflict.view);
                saving.save({ data: bytes, version: znode.stat.version, previous: znode.data });
              }
        }
        onDiscard={onDiscard}
      />
    </section>
  );
}

function ConflictNotice({
  znode,
  draft,
  merge,
  at,
  onMove,
}: {
  readonly znode: ZnodeDto;
  readonly draft: Draft;
  readonly merge: Merge | null;
  readonly at: number;
  readonly onMove: (at: number) => void;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  useNow(10_000);
  const { stat } = znode;
  const count = merge?.conflictCount ?? 0;
  return (
    <div role="alert" className={classes.notice}>
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className={classes.noticeIcon} />
      <div className={classes.noticeText}>
        <p className={classes.noticeTitle}>
          {t('browse:conflict.title', { now: stat.version, edited: draft.baseVersion })}
        </p>
        <p>
          <span title={formatFullTime(stat.mtimeMs)}>
            {t('browse:conflict.when', {
              version: stat.version,
              time: formatTimeOfDay(stat.mtimeMs).slice(0, 8),
              ago: format.relative(stat.mtimeMs),
            })}
          </span>{' '}
          <code>{formatZxidHex(stat.mzxid)}</code>
          {merge !== null && ' · '}
          {merge !== null &&
            merge.mergedCount > 0 &&
            t('browse:conflict.merges', { count: merge.mergedCount })}
          {merge !== null && t('browse:conflict.needs', { count })}
        </p>
      </div>
      {count > 0 && (
        <div className={classes.moves}>
          {t('browse:conflict.position', { at: at + 1, count })}
          <IconButton
            icon={ChevronUp}
            label={t('browse:conflict.previous')}
            disabled={at === 0}
            onClick={() => {
              onMove(at - 1);
            }}
          />
          <IconButton
            icon={ChevronDown}
            label={t('browse:conflict.next')}
            disabled={at >= count - 1}
            onClick={() => {
              onMove(at + 1);
            }}
          />
        </div>
      )}
    </div>
  );
}

function SidePane({
  side,
  znode,
  draft,
  conflict,
  at,
}: {
  readonly side: Side;
  readonly znode: ZnodeDto;
  readonly draft: Draft;
  readonly conflict: TextConflict;
  readonly at: number;
}): ReactNode {
  const t = useTexts();
  const lines = useMemo(() => linesOfSide(conflict.merge.regions, side), [conflict, side]);
  const title = {
    base: t('browse:conflict.base', { version: draft.baseVersion }),
    theirs: t('browse:conflict.theirs', { version: znode.stat.version }),
    yours: t('browse:conflict.yours'),
  }[side];
  const fact = {
    base: formatZxidHex(draft.baseMzxid),
    theirs: formatZxidHex(znode.stat.mzxid),
    yours: t('browse:conflict.editedAt', { time: formatTimeOfDay(draft.editedAtMs).slice(0, 8) }),
  }[side];
  return (
    <div className={classes.side}>
      <div className={classes.sideHead}>
        <span className={classes.sideTitle}>{title}</span>
        <span className={side === 'yours' ? classes.sideFact : classes.sideZxid}>{fact}</span>
        <span className={classes.sideWhat}>{t(`browse:conflict.${side}What`)}</span>
      </div>
      <MergeLines label={title} lines={lines} isJson={conflict.isJson} conflict={at} />
    </div>
  );
}

function BinarySizes({ znode, draft }: { readonly znode: ZnodeDto; readonly draft: Draft }): ReactNode {
  const t = useTexts();
  return (
    <p className={classes.binary}>
      {t('browse:conflict.binary', {
        base: formatBytes(draft.baseData?.length ?? 0),
        theirs: formatBytes(znode.data?.length ?? 0),
        yours: formatBytes(draft.data.length),
      })}
    </p>
  );
}

function ConflictBar({
  znode,
  draft,
  saving,
  open,
  onSaveMerged,
  onDiscard,
}: {
  readonly znode: ZnodeDto;
  readonly draft: Draft;
  readonly saving: SaveData;
  /** Conflicts without a choice; null where nothing can be merged. */
  readonly open: number | null;
  readonly onSaveMerged: (() => void) | null;
  readonly onDiscard: () => void;
}): ReactNode {
  const t = useTexts();
  const guard = useWriteGuard();
  const [isAsking, setAsking] = useState(false);
  const { version } = znode.stat;
  if (isAsking) {
    return (
      <footer className={classes.bar}>
        <span className={classes.question}>{t('browse:conflict.overwriteQuestion', { version })}</span>
        <Button
          variant="filled"
          color="red"
          loading={saving.isSaving}
          disabled={!guard.isWritable}
          onClick={() => {
            saving.save({ data: draft.data, version, previous: znode.data });
          }}
        >
          {t('browse:conflict.overwriteNow', { from: version, to: version + 1 })}
        </Button>
        <Button
          onClick={() => {
            setAsking(false);
          }}
        >
          {t('action.cancel')}
        </Button>
      </footer>
    );
  }
  return (
    <footer className={classes.bar}>
      {open !== null && (
        <>
          <Button
            variant="filled"
            loading={saving.isSaving}
            disabled={onSaveMerged === null || !guard.isWritable}
            onClick={() => onSaveMerged?.()}
          >
            {t('browse:conflict.saveMerged', { to: version + 1 })}
          </Button>
          {open > 0 && (
            <span className={classes.barNote}>{t('browse:conflict.chooseMore', { count: open })}</span>
          )}
          <span className={classes.barRule} />
        </>
      )}
      <Button
        color="red"
        disabled={!guard.isWritable}
        onClick={() => {
          setAsking(true);
        }}
      >
        {t('browse:conflict.overwrite', { version })}
      </Button>
      <Button variant="subtle" onClick={onDiscard}>
        {t('browse:conflict.discard', { version })}
      </Button>
      <WriteGuardNote />
      <span className={classes.gap} />
      <Button
        variant="subtle"
        leftSection={<Copy size={14} strokeWidth={1.75} />}
        onClick={() => void navigator.clipboard.writeText(draftText(draft))}
      >
        {t('browse:conflict.copyDraft')}
      </Button>
    </footer>
  );
}

function draftText(draft: Draft): string {
  const kind = detectData(draft.data);
  return kind.isUtf8 ? viewText(draft.data, kind, false).text : toHexText(draft.data);
}

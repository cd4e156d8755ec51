/** Above the data: what it is shown as, what it is, and what will be written when it is saved. */
import { Button, SegmentedControl, Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatBytes } from '../../../app/format.ts';
import { Toolbar } from '../../../components/toolbar.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import { type DataMode, canShowAs } from './data-format.ts';
import { magicOf } from './magic.ts';
import type { DataView } from './use-data-view.ts';
import type { Edits } from './use-edits.ts';
import classes from './data.module.css';

interface DataToolbarProps {
  readonly view: DataView;
  readonly edits: Edits;
}

const MODES: readonly DataMode[] = ['text', 'json', 'hex'];

export function DataToolbar({ view, edits }: DataToolbarProps): ReactNode {
  const { kind, mode, isFormatted } = view;
  const t = useTexts();
  const needsConversion = mode !== 'hex' && kind.isUtf8 && kind.lineEnding === 'mixed';
  return (
    <Toolbar label={t('browse:data.tools')}>
      <Select
        size="compact-xs"
        aria-label={t('browse:data.mode')}
        className={classes.mode}
        data={MODES.map((value) => ({
          value,
          label: t(`browse:mode.${value}`),
          disabled: !canShowAs(value, kind),
        }))}
        value={mode}
        allowDeselect={false}
        onChange={(value) => {
          const chosen = MODES.find((known) => known === value);
          if (chosen !== undefined) view.chooseMode(chosen);
        }}
      />
      <span className={classes.note}>{notesOf(view, t).join(' · ')}</span>
      {needsConversion && (
        <>
          <Button size="compact-xs" onClick={() => edits.convertLines('lf')}>
            {t('browse:data.convertLf')}
          </Button>
          <Button size="compact-xs" onClick={() => edits.convertLines('crlf')}>
            {t('browse:data.convertCrLf')}
          </Button>
        </>
      )}
      <Toolbar.Gap />
      {edits.jsonProblemAt !== undefined && (
        <span className={classes.noteWarn}>{t('browse:data.notJson')}</span>
      )}
      {mode === 'json' && kind.jsonStyle !== undefined && (
        <SegmentedControl
          aria-label={t('browse:data.layout')}
          data={[
            { value: 'formatted', label: t('browse:data.formatted') },
            { value: 'bytes', label: t('browse:data.asStored') },
          ]}
          value={isFormatted ? 'formatted' : 'bytes'}
          onChange={(value) => {
            view.chooseFormatted(value === 'formatted');
          }}
        />
      )}
    </Toolbar>
  );
}

function notesOf({ kind, mode, current: bytes, isFormatted }: DataView, t: Texts): string[] {
  const notes: string[] = [];
  if (mode === 'hex') {
    const magic = magicOf(bytes);
    if (magic !== undefined) notes.push(t(`browse:magic.${magic}`));
    notes.push(kind.isUtf8 ? t('browse:data.utf8') : t('browse:data.binary'), formatBytes(bytes.length));
    return notes;
  }
  notes.push(t('browse:data.utf8'));
  if (bytes.length === 0) notes.push(t('browse:data.empty'));
  if (kind.hasBom) notes.push(t('browse:data.bom'));
  if (kind.lineEnding === 'crlf') notes.push('CRLF');
  if (kind.lineEnding === 'mixed') notes.push(t('browse:data.mixed'));
  if (mode === 'json' && kind.jsonStyle !== undefined && isFormatted) {
    notes.push(t(`browse:data.saved.${kind.jsonStyle}`));
  }
  return notes;
}

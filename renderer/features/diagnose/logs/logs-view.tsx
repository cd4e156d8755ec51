/** Log files in the window: choosing or dropping them, how far reading is, and what they tell. */
import { Button } from '@mantine/core';
import { FileText } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { LOG_FILES_MAX, type LogsState } from '../../../../shared/api/logs.ts';
import { client } from '../../../api/client.ts';
import { useStream } from '../../../api/use-stream.ts';
import { formatBytes, formatCount } from '../../../app/format.ts';
import { useFormat, useNow } from '../../../app/use-format.ts';
import { classNames } from '../../../components/class-names.ts';
import { FailureNotice } from '../../../components/failure-notice.tsx';
import { PaneHeader } from '../../../components/pane-header.tsx';
import { useTexts } from '../../../i18n/use-texts.ts';
import { LogsResult } from './logs-result.tsx';
import { paceOf } from './logs-upload.ts';
import { type OpenedFiles, cancelLogs, closeLogs, openLogs, useLogs } from './use-logs.ts';
import classes from './logs.module.css';

export function LogsView(): ReactNode {
  const t = useTexts();
  const { opened, state, failure } = useLogs();
  const logsId = opened?.logsId;
  const followFailure = useStream(
    logsId === undefined ? null : (signal) => client.logs.follow({ logsId }, { signal }),
    (next) => {
      useLogs.setState({ state: next });
    },
    [logsId],
  );
  const trouble = failure ?? (state?.phase === 'failed' ? state.failure : null) ?? followFailure;
  return (
    <section className={classes.root} aria-label={t('election:logs.title')}>
      <PaneHeader
        title={t('election:logs.title')}
        detail={state?.phase === 'done' && <Summary state={state} opened={opened} />}
      >
        {state?.phase === 'done' && <ChooseButton label={t('election:logs.others')} />}
        <Button size="compact-sm" onClick={closeLogs}>
          {t('election:logs.close')}
        </Button>
      </PaneHeader>
      {trouble !== null && (
        <FailureNotice failure={trouble} attempt={t('election:logs.failed')} tone="danger" />
      )}
      {trouble !== null || opened === null || state === null ? (
        <DropPlace />
      ) : (
        <Stage state={state} opened={opened} />
      )}
    </section>
  );
}

function Stage({ state, opened }: { readonly state: LogsState; readonly opened: OpenedFiles }): ReactNode {
  const t = useTexts();
  switch (state.phase) {
    case 'receiving':
    case 'reading':
      return <Progress state={state} opened={opened} />;
    case 'done':
      return <LogsResult key={opened.logsId} report={state.report} names={opened.names} />;
    case 'cancelled':
      return (
        <>
          <p className={classes.cancelled} role="status">
            {t('election:logs.cancelled')}
          </p>
          <DropPlace />
        </>
      );
    case 'failed':
      return null;
  }
}

function Summary({
  state: { report },
  opened,
}: {
  readonly state: Extract<LogsState, { phase: 'done' }>;
  readonly opened: OpenedFiles | null;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const count = report.electionCount;
  return t('election:logs.summary', {
    count,
    formatted: formatCount(count),
    lines: formatCount(report.lines),
    files: filesText(opened?.names.length ?? 0, t),
    duration: format.duration(report.tookMs),
  });
}

function filesText(count: number, t: ReturnType<typeof useTexts>): string {
  return t('election:logs.files', { count, formatted: formatCount(count) });
}

function DropPlace(): ReactNode {
  const t = useTexts();
  const [isOver, setOver] = useState(false);
  const [isTooMany, setTooMany] = useState(false);
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    setTooMany(files.length > LOG_FILES_MAX);
    if (files.length <= LOG_FILES_MAX) void openLogs(files);
  };
  const onDrag = (event: DragEvent): void => {
    event.preventDefault();
    setOver(event.type === 'dragover');
  };
  return (
    <div
      className={classNames(classes.drop, isOver && classes.over)}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      onDrop={(event) => {
        onDrag(event);
        take(event.dataTransfer.files);
      }}
    >
      <FileText size={20} strokeWidth={1.75} aria-hidden />
      <h2 className={classes.dropTitle}>{t('election:logs.drop.title')}</h2>
      <p className={classes.dropText}>{t('election:logs.drop.text')}</p>
      <p className={classes.dropText}>
        {t('election:logs.drop.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
      </p>
      <ChooseButton
        label={isOver ? t('election:logs.drop.here') : t('election:logs.drop.choose')}
        isPrimary
      />
      {isTooMany && (
        <p className={classes.tooMany} role="alert">
          {t('election:logs.drop.tooMany', { formatted: formatCount(LOG_FILES_MAX) })}
        </p>
      )}
    </div>
  );
}

function ChooseButton({
  label,
  isPrimary = false,
}: {
  readonly label: string;
  readonly isPrimary?: boolean;
}): ReactNode {
  const t = useTexts();
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size={isPrimary ? 'sm' : 'compact-sm'}
        variant={isPrimary ? 'filled' : 'default'}
        onClick={() => inputRef.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={inputRef}
        type="file"
        multiple
        hidden
        aria-label={t('election:logs.drop.choose')}
        onChange={({ currentTarget }) => {
          void openLogs([...(currentTarget.files ?? [])].slice(0, LOG_FILES_MAX));
          currentTarget.value = '';
        }}
      />
    </>
  );
}

function Progress({
  state,
  opened,
}: {
  readonly state: Extract<LogsState, { phase: 'receiving' | 'reading' }>;
  readonly opened: OpenedFiles;
}): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const nowMs = useNow(500);
  const { phase, bytes, bytesTotal } = state;
  const files = filesText(opened.names.length, t);
  const startedMs = phase === 'reading' ? state.startedMs : opened.startedMs;
  const tookMs = nowMs - startedMs;
  const { perSecond, leftMs } = paceOf(bytes, bytesTotal, tookMs);
  const amount =
    phase === 'reading'
      ? t('election:logs.lines', {
          formatted: formatCount(Math.round(paceOf(state.lines, 0, tookMs).perSecond)),
        })
      : formatBytes(perSecond);
  const title = t(phase === 'reading' ? 'election:logs.reading' : 'election:logs.receiving', { files });
  return (
    <div className={classes.progress}>
      <h2 className={classes.dropTitle}>{title}</h2>
      <progress className={classes.bar} value={bytes} max={Math.max(1, bytesTotal)} aria-label={title} />
      <p className={classes.figures}>
        <span>
          {t('election:logs.bytesOf', { bytes: formatBytes(bytes), total: formatBytes(bytesTotal) })}
        </span>
        {phase === 'reading' && (
          <span>{t('election:logs.lines', { formatted: formatCount(state.lines) })}</span>
        )}
        {tookMs > 0 && bytes > 0 && <span>{t('election:logs.perSecond', { amount })}</span>}
        {leftMs !== null && bytes > 0 && (
          <span>{t('election:logs.left', { duration: format.duration(leftMs) })}</span>
        )}
      </p>
      <Button size="xs" onClick={() => void cancelLogs()}>
        {t('election:logs.cancel')}
      </Button>
    </div>
  );
}

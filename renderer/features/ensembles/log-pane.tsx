/** What the servers say and what was done to them, in one list: by server, by level, by text. Follows the newest at its end. */
import { Select, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Download, Filter } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { EnsembleDto, EnsembleLiveDto, LogLineDto } from '../../../shared/api/ensembles.ts';
import { formatCount } from '../../app/format.ts';
import { useFormat } from '../../app/use-format.ts';
import { classNames } from '../../components/class-names.ts';
import { downloadFile } from '../../components/download-file.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { useTexts } from '../../i18n/use-texts.ts';
import { EVERYTHING, LEVELS, type LogQuestion, type LogState, logText, seenLines } from './log-model.ts';
import { ServerShape, lookOf } from './server-look.tsx';
import classes from './log-pane.module.css';

const ROW_HEIGHT = 22;
/** So near to the end one is at the end. */
const END_PX = 8;

interface LogPaneProps {
  readonly ensemble: EnsembleDto;
  readonly live: EnsembleLiveDto | null;
  readonly log: LogState;
}

export function LogPane({ ensemble, live, log }: LogPaneProps): ReactNode {
  const t = useTexts();
  const [question, setQuestion] = useState(EVERYTHING);
  const lines = useMemo(() => seenLines(log.lines, question), [log, question]);
  return (
    <section className={classes.root} aria-label={t('ensembles:log.title')}>
      <LogBar ensemble={ensemble} live={live} question={question} lines={lines} onChange={setQuestion} />
      {lines.length === 0 ? (
        <EmptyState title={t(log.lines.length === 0 ? 'ensembles:log.empty' : 'ensembles:log.noMatch')}>
          {t(log.lines.length === 0 ? 'ensembles:log.emptyText' : 'ensembles:log.noMatchText', {
            count: log.lines.length,
            formatted: formatCount(log.lines.length),
          })}
        </EmptyState>
      ) : (
        <Lines ensemble={ensemble} live={live} lines={lines} />
      )}
    </section>
  );
}

interface LogBarProps extends Pick<LogPaneProps, 'ensemble' | 'live'> {
  readonly question: LogQuestion;
  readonly lines: readonly LogLineDto[];
  readonly onChange: (question: LogQuestion) => void;
}

function LogBar({ ensemble, live, question, lines, onChange }: LogBarProps): ReactNode {
  const t = useTexts();
  return (
    <div className={classes.bar}>
      <h2 className={classes.title}>{t('ensembles:log.title')}</h2>
      <div role="group" aria-label={t('ensembles:log.servers')} className={classes.servers}>
        <button
          type="button"
          className={classes.server}
          aria-pressed={question.sid === null}
          onClick={() => {
            onChange({ ...question, sid: null });
          }}
        >
          {t('ensembles:log.all')}
        </button>
        {ensemble.servers.map((server) => (
          <button
            key={server.sid}
            type="button"
            className={classes.server}
            aria-pressed={question.sid === server.sid}
            aria-label={t('ensembles:server.name', { sid: server.sid })}
            onClick={() => {
              onChange({ ...question, sid: server.sid });
            }}
          >
            <ServerShape
              look={lookOf(
                server,
                live?.servers.find(({ sid }) => sid === server.sid),
              )}
            />
            {server.sid}
          </button>
        ))}
      </div>
      <Select
        aria-label={t('ensembles:log.level')}
        className={classes.level}
        allowDeselect={false}
        value={question.levelMin}
        data={LEVELS.map((level) => ({ value: level, label: t(`ensembles:level.${level}`) }))}
        onChange={(level) => {
          onChange({ ...question, levelMin: LEVELS.find((one) => one === level) ?? 'info' });
        }}
      />
      <span className={classes.gap} />
      <TextInput
        className={classes.filter}
        aria-label={t('ensembles:log.filter')}
        placeholder={t('ensembles:log.filter')}
        leftSection={<Filter size={14} strokeWidth={1.75} aria-hidden />}
        spellCheck={false}
        value={question.text}
        onChange={(event) => {
          onChange({ ...question, text: event.currentTarget.value });
        }}
      />
      <IconButton
        icon={Download}
        label={t('ensembles:log.export', { count: lines.length, formatted: formatCount(lines.length) })}
        disabled={lines.length === 0}
        onClick={() => {
          const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
          downloadFile({
            name: `${ensemble.name}-${stamp}.log`,
            mimeType: 'text/plain',
            text: logText(lines),
          });
        }}
      />
    </div>
  );
}

function Lines({
  ensemble,
  live,
  lines,
}: Pick<LogPaneProps, 'ensemble' | 'live'> & { readonly lines: readonly LogLineDto[] }): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const scrollRef = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler runs here; the instance is used in place
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  useLayoutEffect(() => {
    const list = scrollRef.current;
    if (list !== null && isAtEnd.current) list.scrollTop = list.scrollHeight;
  }, [lines]);
  const looks = new Map(
    ensemble.servers.map((server) => [
      server.sid,
      lookOf(
        server,
        live?.servers.find(({ sid }) => sid === server.sid),
      ),
    ]),
  );
  return (
    <div
      ref={scrollRef}
      role="log"
      aria-live="off"
      aria-label={t('ensembles:log.title')}
      tabIndex={0}
      className={classes.scroll}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < END_PX;
      }}
    >
      <div className={classes.lines} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          const { seq, atMs, sid, level, message } = line;
          return (
            <div
              key={seq}
              className={classNames(classes.line, isLoud(level) && classes.loud)}
              data-level={level}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={classes.time}>{format.time(atMs)}</span>
              <span className={classes.who}>
                {sid === null ? (
                  t('ensembles:log.lab')
                ) : (
                  <>
                    <ServerShape look={looks.get(sid) ?? 'down'} />
                    {t('ensembles:server.name', { sid })}
                  </>
                )}
              </span>
              <code className={classes.levelName}>{level.toUpperCase()}</code>
              <code className={classes.message} title={message}>
                {message}
              </code>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function isLoud(level: LogLineDto['level']): boolean {
  return level === 'warn' || level === 'error';
}

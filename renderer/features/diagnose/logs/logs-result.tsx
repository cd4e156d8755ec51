/** What logs tell: their elections on one timeline, and of which servers they are, with clocks and what could not be read. */
import { Button, NumberInput } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Election } from '../../../../shared/api/elections.ts';
import type { LoggedServerDto, LogsReport, ReadLogFile } from '../../../../shared/api/logs.ts';
import { formatCount, formatFullTime, formatMs } from '../../../app/format.ts';
import { useFormat } from '../../../app/use-format.ts';
import { classNames } from '../../../components/class-names.ts';
import { movedIndex } from '../../../components/data-table-model.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { EpochRibbon } from '../../../components/epoch-ribbon.tsx';
import type { Texts } from '../../../i18n/i18n.ts';
import { useTexts } from '../../../i18n/use-texts.ts';
import { ElectionPicture } from '../election/election-picture.tsx';
import type { ElectionFinding } from '../election/leader-loss.ts';
import { assignFile, readAgain, useLogs } from './use-logs.ts';
import classes from './logs.module.css';

interface LogsResultProps {
  readonly report: LogsReport;
  /** Of all files, in the order in which they were sent. */
  readonly names: readonly string[];
}

export function LogsResult({ report }: LogsResultProps): ReactNode {
  const t = useTexts();
  const { record } = report;
  const { elections } = record;
  const [chosen, setChosen] = useState(elections.length - 1);
  const election = elections[Math.min(chosen, elections.length - 1)];
  return (
    <div className={classes.result}>
      <aside className={classes.side}>
        {elections.length > 0 && <ElectionList report={report} chosen={election} onChoose={setChosen} />}
        <Servers report={report} />
      </aside>
      <div className={classes.picture}>
        {election === undefined ? (
          <EmptyState title={t('election:logs.none.title')}>{t('election:logs.none.text')}</EmptyState>
        ) : (
          <>
            <EpochRibbon
              record={record}
              nowMs={endOf(report)}
              isLive={false}
              chosen={election}
              causeOf={(each) => findingAt(report, elections.indexOf(each))?.cause ?? null}
              onOpen={(each) => {
                setChosen(elections.indexOf(each));
              }}
            />
            <ElectionPicture
              key={election.startMs}
              election={election}
              finding={findingAt(report, elections.indexOf(election))}
            />
          </>
        )}
      </div>
    </div>
  );
}

/** Each election of a report has its finding in the same place. */
function findingAt({ findings }: LogsReport, index: number): ElectionFinding | null {
  const finding = findings[index];
  return finding?.kind === 'election' ? finding : null;
}

/** Of what the logs know: the last line of any. */
function endOf({ servers, record }: LogsReport): number {
  const lastMs = servers.flatMap(({ files, clock }) =>
    files.flatMap((file) => (file.lastMs === null ? [] : [file.lastMs - clock.offsetMs])),
  );
  return Math.max(...lastMs, ...record.elections.map(({ endMs, startMs }) => endMs ?? startMs));
}

interface ElectionListProps {
  readonly report: LogsReport;
  readonly chosen: Election | undefined;
  readonly onChoose: (index: number) => void;
}

function ElectionList({ report, chosen, onChoose }: ElectionListProps): ReactNode {
  const t = useTexts();
  const format = useFormat();
  const { elections } = report.record;
  const at = chosen === undefined ? -1 : elections.indexOf(chosen);
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>): void => {
    const index = movedIndex(event.key, at, elections.length, 10);
    if (index === null) return;
    event.preventDefault();
    onChoose(index);
    event.currentTarget.children[index]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <>
      {report.electionCount > elections.length && (
        <p className={classes.newest}>
          {t('election:logs.newest', {
            formatted: formatCount(elections.length),
            total: formatCount(report.electionCount),
          })}
        </p>
      )}
      <ul
        className={classes.elections}
        role="listbox"
        tabIndex={0}
        aria-label={t('election:logs.elections')}
        aria-activedescendant={at < 0 ? undefined : `logged-election-${at}`}
        onKeyDown={onKeyDown}
      >
        {elections.map((election, index) => (
          <li
            key={`${election.startMs} ${election.winner ?? ''}`}
            id={`logged-election-${index}`}
            role="option"
            aria-selected={index === at}
            className={classNames(classes.election, index === at && classes.chosen)}
            onClick={() => {
              onChoose(index);
            }}
          >
            <span className={classes.electionTitle}>
              {election.winner === null
                ? t('election:logs.noLeader')
                : t('election:logs.newLeader', { sid: election.winner })}
            </span>
            <span className={classes.electionTime} title={formatFullTime(election.startMs)}>
              {format.time(election.endMs ?? election.startMs).replace(/\.\d+$/, '')}
            </span>
            <span className={classes.electionText}>{lengthText(election, t, format.duration)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function lengthText(
  { startMs, endMs, previous }: Election,
  t: Texts,
  duration: (ms: number) => string,
): string {
  if (endMs === null) return '…';
  const values = { duration: duration(endMs - startMs) };
  return previous === null ? t('election:logs.took', values) : t('election:logs.withoutLeader', values);
}

function Servers({ report }: { readonly report: LogsReport }): ReactNode {
  const t = useTexts();
  const [first] = report.servers;
  return (
    <section className={classes.servers} aria-labelledby="logged-servers" tabIndex={0}>
      <h2 id="logged-servers" className={classes.sideTitle}>
        {t('election:logs.servers')}
      </h2>
      <ul className={classes.serverList}>
        {report.servers.map((server) => (
          <ServerItem key={server.sid} server={server} isReference={server === first} />
        ))}
      </ul>
      {report.unassigned.length > 0 && <Unassigned files={report.unassigned} />}
    </section>
  );
}

function ServerItem({
  server,
  isReference,
}: {
  readonly server: LoggedServerDto;
  readonly isReference: boolean;
}): ReactNode {
  const t = useTexts();
  const { sid, version, files, clock, droppedCount } = server;
  return (
    <li className={classes.server}>
      <p className={classes.serverName}>
        {t('election:server', { sid })}
        {version !== null && (
          <span className={classes.version}>{t('election:logs.version', { version })}</span>
        )}
      </p>
      <p className={clock.isSteady ? classes.clock : classes.warning}>
        {isReference ? t('election:logs.clockReference') : clockText(clock, t)}
      </p>
      {files.map((file) => (
        <FileFacts key={file.name} file={file} />
      ))}
      {droppedCount > 0 && (
        <p className={classes.warning}>
          {t('election:logs.dropped', { formatted: formatCount(droppedCount) })}
        </p>
      )}
    </li>
  );
}

function clockText({ offsetMs, uncertaintyMs, isSteady }: LoggedServerDto['clock'], t: Texts): string {
  if (!isSteady) return t('election:logs.clockMoved');
  if (uncertaintyMs === null) return t('election:logs.clockHidden');
  const values = { offset: formatMs(Math.abs(offsetMs)), uncertainty: formatMs(uncertaintyMs) };
  // What lies within the uncertainty may be nothing.
  if (Math.abs(offsetMs) <= uncertaintyMs) return t('election:logs.clockSame', values);
  return t(offsetMs > 0 ? 'election:logs.clockAhead' : 'election:logs.clockBehind', values);
}

function FileFacts({ file }: { readonly file: ReadLogFile }): ReactNode {
  const t = useTexts();
  const { name, lines, unknownLines, longLines, isCutOff, timing } = file;
  const troubles = [
    ...(unknownLines > 0 ? [t('election:logs.unknownLines', { formatted: formatCount(unknownLines) })] : []),
    ...(longLines > 0 ? [t('election:logs.longLines', { formatted: formatCount(longLines) })] : []),
    ...(isCutOff ? [t('election:logs.cutOff')] : []),
    ...(timing === 'undated' ? [t('election:logs.undated')] : []),
    ...(timing === 'none' ? [t('election:logs.noTimes')] : []),
  ];
  return (
    <p className={classes.file} title={name}>
      {t('election:logs.fileLines', {
        name,
        lines: t('election:logs.lines', { formatted: formatCount(lines) }),
      })}
      {troubles.length > 0 && <span className={classes.warning}>{`; ${troubles.join('; ')}`}</span>}
    </p>
  );
}

function Unassigned({ files }: { readonly files: readonly ReadLogFile[] }): ReactNode {
  const t = useTexts();
  const { opened, sids } = useLogs();
  const sidOf = (name: string): number | null => sids[opened?.names.indexOf(name) ?? -1] ?? null;
  return (
    <>
      <h2 className={classes.sideTitle}>{t('election:logs.unassigned')}</h2>
      <p className={classes.clock}>{t('election:logs.unassignedHint')}</p>
      {files.map((file) => (
        <div key={file.name} className={classes.unassigned}>
          <FileFacts file={file} />
          <NumberInput
            size="xs"
            w={72}
            min={0}
            max={255}
            allowDecimal={false}
            aria-label={t('election:logs.sidOf', { name: file.name })}
            value={sidOf(file.name) ?? ''}
            onChange={(value) => {
              assignFile(file.name, typeof value === 'number' ? value : null);
            }}
          />
        </div>
      ))}
      <Button
        size="compact-sm"
        disabled={files.every(({ name }) => sidOf(name) === null)}
        onClick={() => void readAgain()}
      >
        {t('election:logs.readAgain')}
      </Button>
    </>
  );
}

/**
 * What log files by themselves tell: the elections in them as findings, with what could be read and how far the servers'
 * clocks are apart. Nothing else is observed. Files that grow are read again.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Election, ElectionRecord } from '../../shared/api/elections.ts';
import type { Finding } from '../../shared/api/findings.ts';
import { say } from '../../shared/api/sentences.ts';
import { type Draft, pathSource, toFinding } from './draft.ts';
import { draftElections } from './election-findings.ts';
import { recordElections } from './elections.ts';
import { type LogFile, type LogReading, type ReadLogsOptions, readLogs } from './logs/read-logs.ts';

export interface LogDiagnosis {
  readonly reading: LogReading;
  readonly record: ElectionRecord;
  readonly findings: readonly Finding[];
}

/**
 * Each of `paths` is a file, or `SID=FILE` for one that does not say itself which server wrote it. Rejects when a file cannot be
 * read, and with the signal's reason.
 */
export async function diagnoseLogs(
  paths: readonly string[],
  options: ReadLogsOptions = {},
): Promise<LogDiagnosis> {
  return diagnoseReading(await readLogs(await Promise.all(paths.map(logFile)), options));
}

/** The findings of logs that have been read, of those elections that are wanted, and the record that they are made from. */
export function diagnoseReading(
  reading: LogReading,
  wanted: (elections: readonly Election[]) => readonly Election[] = (all) => all,
): LogDiagnosis {
  const { events, servers } = reading;
  const record = recordElections(events);
  const fileOf = new Map(servers.map(({ sid, files }) => [sid, files[0]?.name]));
  const drafts = draftElections({ ...record, elections: wanted(record.elections) }, events, (sid) => {
    const file = fileOf.get(sid);
    return file === undefined ? say('source.log-of', { server: String(sid) }) : pathSource(file);
  });
  return { reading, record, findings: drafts.map((draft) => toFinding(withHidden(draft, reading))) };
}

/** Between two looks at whether a file has changed. */
const LOOK_MS = 500;

export interface FollowLogsOptions extends ReadLogsOptions {
  readonly signal: AbortSignal;
  /** When all has been read, for the first time and whenever there is more. */
  readonly onRead: (diagnosis: LogDiagnosis) => void;
}

/** Resolves when the signal has aborted. Rejects when a file cannot be read. */
export async function followLogs(paths: readonly string[], options: FollowLogsOptions): Promise<void> {
  const { signal, onRead } = options;
  const isStopped = (): boolean => signal.aborted;
  let known = '';
  while (!isStopped()) {
    const present = await changesOf(paths);
    if (present === known) {
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    known = present;
    try {
      onRead(await diagnoseLogs(paths, options));
    } catch (error) {
      if (!isStopped()) throw error;
    }
  }
}

/** Another text whenever a file has become another. */
async function changesOf(paths: readonly string[]): Promise<string> {
  const files = await Promise.all(paths.map((text) => stat(pathOf(text).name)));
  return files.map(({ size, mtimeMs }) => `${size} ${mtimeMs}`).join(', ');
}

async function logFile(text: string): Promise<LogFile> {
  const { name, sid } = pathOf(text);
  const { size, mtimeMs } = await stat(name);
  return { name, sid, bytes: size, modifiedMs: mtimeMs, open: () => createReadStream(name) };
}

function pathOf(text: string): Pick<LogFile, 'name' | 'sid'> {
  const [, sid, name] = /^(\d{1,10})=(.+)$/.exec(text) ?? [];
  return name === undefined ? { name: text } : { name, sid: Number(sid) };
}

/** What limits all that the logs tell. */
function withHidden(draft: Draft, { servers, unassigned }: LogReading): Draft {
  const hidden = [...draft.hidden];
  for (const { name } of unassigned) hidden.push(say('hidden.log-unassigned', { file: name }));
  for (const { sid, clock, files } of servers) {
    const about = { server: String(sid) };
    if (files.some(({ timing }) => timing === 'none')) hidden.push(say('hidden.log-without-times', about));
    if (!clock.isSteady) hidden.push(say('hidden.clock-unsteady', about));
    else if (clock.uncertaintyMs === null) hidden.push(say('hidden.clock-unbounded', about));
  }
  return { ...draft, hidden };
}

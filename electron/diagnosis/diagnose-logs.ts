/**
 * What log files by themselves tell: the elections in them as findings, with what could be read and how far the servers'
 * clocks are apart. Nothing else is observed. Files that grow are read again.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Finding } from '../../shared/api/findings.ts';
import { electionFindings } from './election-findings.ts';
import { recordElections } from './elections.ts';
import { type LogFile, type LogReading, type ReadLogsOptions, readLogs } from './logs/read-logs.ts';
import { passagesOf } from './passages.ts';

export interface LogDiagnosis {
  readonly reading: LogReading;
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
  const reading = await readLogs(await Promise.all(paths.map(logFile)), options);
  const { events, servers } = reading;
  const fileOf = new Map(servers.map(({ sid, files }) => [sid, files[0]?.name]));
  const findings = electionFindings(
    recordElections(events),
    { events, passages: passagesOf(events) },
    (sid) => fileOf.get(sid) ?? `log of server ${sid}`,
  );
  return { reading, findings: findings.map((finding) => withHidden(finding, reading)) };
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
function withHidden(finding: Finding, { servers, unassigned }: LogReading): Finding {
  const hidden = [...finding.hidden];
  for (const { name } of unassigned) hidden.push(`${name}: which server wrote it, which it does not say`);
  for (const { sid, clock, files } of servers) {
    if (files.some(({ timing }) => timing === 'none')) hidden.push(`the log of server ${sid} has no times`);
    if (!clock.isSteady) hidden.push(`the clock of server ${sid} was moved, or runs at another speed`);
    else if (clock.uncertaintyMs === null) {
      hidden.push(`how far the clock of server ${sid} is off: no messages tell it`);
    }
  }
  return { ...finding, hidden };
}

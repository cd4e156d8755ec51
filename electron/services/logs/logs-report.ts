/** What is told of logs that have been read: bounded, the newest first to be kept. Pure. */
import type { Election } from '../../../shared/api/elections.ts';
import type { LoggedServerDto, LogsReport, ReadLogFile } from '../../../shared/api/logs.ts';
import type { LogDiagnosis } from '../../diagnosis/diagnose-logs.ts';
import type { LoggedServer, ReadFile } from '../../diagnosis/logs/read-logs.ts';

/** An election of hundreds of notifications is some 100 KB on the wire. */
const ELECTIONS_MAX = 300;
/** Votes of the elections that are told, all together. */
const VOTES_MAX = 60_000;
/** A ribbon has hardly more pixels. */
const REIGNS_MAX = 1_000;

/** The findings are of {@link newestElections}, one for each, in the same order. */
export function logsReport({ reading, record, findings }: LogDiagnosis, tookMs: number): LogsReport {
  const files = [...reading.servers.flatMap((server) => server.files), ...reading.unassigned];
  const { elections, ribbon } = record;
  return {
    servers: reading.servers.map(serverDto),
    unassigned: reading.unassigned.map(fileDto),
    record: { elections: newestElections(elections), ribbon: ribbon.slice(-REIGNS_MAX) },
    electionCount: elections.length,
    reignCount: ribbon.length,
    findings: [...findings],
    lines: files.reduce((sum, { lines }) => sum + lines, 0),
    tookMs,
  };
}

/** Those that are told: the newest that fit. */
export function newestElections(elections: readonly Election[]): readonly Election[] {
  return elections.slice(firstTold(elections.map(({ heard, joinVotes }) => heard.length + joinVotes.length)));
}

/** The first of the newest elections that fit, by how many votes each has; the newest always does. */
function firstTold(votes: readonly number[]): number {
  let sum = votes.at(-1) ?? 0;
  let first = Math.max(0, votes.length - 1);
  while (first > 0 && votes.length - first < ELECTIONS_MAX) {
    sum += votes[first - 1] ?? 0;
    if (sum > VOTES_MAX) break;
    first--;
  }
  return first;
}

function serverDto({ sid, version, files, clock, droppedCount }: LoggedServer): LoggedServerDto {
  const { offsetMs, uncertaintyMs, isSteady } = clock;
  return {
    sid,
    version,
    files: files.map(fileDto),
    clock: { offsetMs, uncertaintyMs, isSteady },
    droppedCount,
  };
}

function fileDto(file: ReadFile): ReadLogFile {
  const { name, lines, unknownLines, longLines, isCutOff, firstMs, lastMs, timing } = file;
  return { name, lines, unknownLines, longLines, isCutOff, firstMs, lastMs, timing };
}

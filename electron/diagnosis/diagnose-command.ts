/**
 * The command `diagnose`: observes an ensemble until it is stopped by SIGINT or SIGTERM, and prints a line of JSON for each
 * finding, again when it changes. What it cannot do is said on standard error, with exit code 1.
 */
import { existsSync } from 'node:fs';

import { Command } from 'commander';

import type { Finding } from '../../shared/api/findings.ts';
import { ConnectionError } from '../../shared/errors.ts';
import { type HostPort, parseConnectString } from '../client/connect-string.ts';
import { type LogDiagnosis, followLogs } from './diagnose-logs.ts';
import { FindingBook } from './finding-book.ts';
import { observeEnsemble } from './observe.ts';

interface Flags {
  readonly connect?: string;
  readonly admin: readonly string[];
  readonly dataDir: readonly string[];
  readonly log: readonly string[];
  readonly timeZone?: string;
  readonly json?: true;
}

/** What stands behind `diagnose` in the app's command line, past its switches; undefined when that is not asked for. */
export function diagnoseArguments(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex((word) => !word.startsWith('--'));
  return words[at] === 'diagnose' ? words.slice(at + 1) : undefined;
}

/** Resolves with the exit code. `argv` begins behind the command's own name. */
export async function runDiagnose(argv: readonly string[]): Promise<number> {
  const command = new Command('diagnose')
    .description(
      'Observes a ZooKeeper ensemble and says why sessions end, why leaders change and what servers suffer from.',
    )
    .option('--connect <servers>', 'client ports of all servers: host:port,host:port,…')
    .option('--admin <urls>', 'AdminServers: http://host:port,…', collectList, [])
    .option(
      '--data-dir <folders>',
      'dataDir of servers on this machine (or dataLogDir, where it is apart)',
      collectList,
      [],
    )
    .option(
      '--log <files>',
      "servers' log files; by themselves, also rotated and gzip ones, they are read from their begin on",
      collectList,
      [],
    )
    .option('--time-zone <zone>', 'of times in logs that are written without one: Europe/Berlin, +02:00')
    .option('--json', 'print findings as lines of JSON')
    .parse([...argv], { from: 'user' });
  try {
    await observe(command.opts<Flags>());
    return 0;
  } catch (error) {
    const isExpected =
      error instanceof ConnectionError ||
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function collectList(text: string, former: readonly string[]): string[] {
  return [...former, ...text.split(',').filter((part) => part !== '')];
}

async function observe({ connect, admin, dataDir, log, timeZone, json }: Flags): Promise<void> {
  const servers: readonly HostPort[] = connect === undefined ? [] : parseConnectString(connect).hosts;
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, end);
  // Whoever reads has gone.
  process.stdout.once('error', end);
  const onFinding = (finding: Finding): void => {
    const { at, kind, cause, answer } = finding;
    process.stdout.write(json ? `${JSON.stringify(finding)}\n` : `${at} ${kind} ${cause}: ${answer}\n`);
  };
  if (log.length > 0 && servers.length + admin.length + dataDir.length === 0) {
    await readLogsAlone(log, { timeZone, signal: stop.signal, onFinding });
    return;
  }
  for (const folder of dataDir.filter((name) => !existsSync(name))) {
    process.stderr.write(`${folder} is not there; it is read when it is\n`);
  }
  await observeEnsemble({
    servers,
    adminUrls: admin.map((url) => url.replace(/\/+$/, '')),
    dataFolders: dataDir,
    logFiles: log,
    signal: stop.signal,
    onWatching() {
      process.stderr.write('watching\n');
    },
    onFinding,
  });
}

interface LogsAlone {
  readonly timeZone: string | undefined;
  readonly signal: AbortSignal;
  readonly onFinding: (finding: Finding) => void;
}

async function readLogsAlone(
  paths: readonly string[],
  { timeZone, signal, onFinding }: LogsAlone,
): Promise<void> {
  const book = new FindingBook();
  let toldPercent = 0;
  await followLogs(paths, {
    timeZone,
    signal,
    onProgress({ bytesRead, bytesTotal }) {
      const percent = Math.floor((bytesRead / bytesTotal) * 10) * 10;
      if (percent <= toldPercent) return;
      process.stderr.write(`read ${percent} %\n`);
      toldPercent = percent;
    },
    onRead(diagnosis) {
      for (const line of aboutLogs(diagnosis)) process.stderr.write(`${line}\n`);
      for (const finding of book.changed(diagnosis.findings)) onFinding(finding);
    },
  });
}

/** What was read, and what its times are worth. */
function aboutLogs({ reading: { servers, unassigned } }: LogDiagnosis): string[] {
  const [first] = servers;
  return [
    ...servers.map(({ sid, files, clock }) => {
      const lines = files.reduce((sum, file) => sum + file.lines, 0);
      const unknown = files.reduce((sum, file) => sum + file.unknownLines, 0);
      const within = clock.uncertaintyMs === null ? 'not bounded' : `± ${clock.uncertaintyMs.toFixed(1)} ms`;
      const ahead = `its clock is ${clock.offsetMs.toFixed(1)} ms (${within}) ahead of that of server ${first?.sid ?? sid}`;
      return `server ${sid}: ${lines} lines, ${unknown} not understood${sid === first?.sid ? '' : `; ${ahead}`}`;
    }),
    ...unassigned.map(({ name }) => `${name} does not say which server wrote it: name it as SID=${name}`),
  ];
}

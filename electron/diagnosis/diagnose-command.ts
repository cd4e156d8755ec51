/**
 * The command `diagnose`: observes an ensemble until it is stopped by SIGINT or SIGTERM, and prints a line of JSON for each
 * finding, again when it changes. What it cannot do is said on standard error, with exit code 1.
 */
import { Command } from 'commander';

import { ConnectionError } from '../../shared/errors.ts';
import { type HostPort, parseConnectString } from '../client/connect-string.ts';
import { observeEnsemble } from './observe.ts';

interface Flags {
  readonly connect?: string;
  readonly admin: readonly string[];
  readonly dataDir: readonly string[];
  readonly log: readonly string[];
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
    .option('--log <files>', "servers' log files", collectList, [])
    .option('--json', 'print findings as lines of JSON')
    .parse([...argv], { from: 'user' });
  try {
    await observe(command.opts<Flags>());
    return 0;
  } catch (error) {
    const isExpected = error instanceof ConnectionError || (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function collectList(text: string, former: readonly string[]): string[] {
  return [...former, ...text.split(',').filter((part) => part !== '')];
}

async function observe({ connect, admin, dataDir, log, json }: Flags): Promise<void> {
  const servers: readonly HostPort[] = connect === undefined ? [] : parseConnectString(connect).hosts;
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, end);
  // Whoever reads has gone.
  process.stdout.once('error', end);
  await observeEnsemble({
    servers,
    adminUrls: admin.map((url) => url.replace(/\/+$/, '')),
    dataFolders: dataDir,
    logFiles: log,
    signal: stop.signal,
    onWatching() {
      process.stderr.write('watching\n');
    },
    onFinding(finding) {
      const { at, kind, cause, answer } = finding;
      process.stdout.write(json ? `${JSON.stringify(finding)}\n` : `${at} ${kind} ${cause}: ${answer}\n`);
    },
  });
}
